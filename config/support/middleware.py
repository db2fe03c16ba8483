"""What every request passes: a clock reading, policies for the browser, a largest size; refusals become pages."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from config.support.clock import now
from config.support.errors import DomainError, NotFound, TooLarge
from config.support.problems import is_api, problem_response

Handler = Callable[[HttpRequest], HttpResponse]
# A list of people may have 5 MB; what may be larger stands in LARGE_UPLOADS.
LARGEST_UPLOAD: Final = 8_000_000
LARGEST_BODY: Final = 5_000_000
UNUSED: Final = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
    *("microphone", "midi", "payment", "serial", "usb"),
)
PERMISSIONS: Final = ", ".join(
    [
        *(f"{name}=()" for name in UNUSED),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class RequestClock:
    """Reads the clock once, as `request.now`, so that one request has one time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = now()  # type: ignore[attr-defined]
        return self.get_response(request)


class Policies:
    """
    Says to the browser what no page of ours does: use a device, be part of somebody else's page.

    Passkeys are the one thing that is asked for, and by our own pages alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RequestSize:
    """
    Refuses a request whose body is larger than anything that is sent here, before a byte of it is read.

    Django limits forms, but neither the files in them nor what an API view reads: both could fill disk or memory.
    The few addresses that take larger files stand in the settings, with their limits.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.largest_files: dict[str, int] = settings.LARGE_UPLOADS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        carries_files = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        most = self.largest_files.get(request.path, LARGEST_UPLOAD) if carries_files else LARGEST_BODY
        if length.isdecimal() and int(length) <= most:
            return self.get_response(request)
        refusal = TooLarge(f"Send at most {most:,} bytes at once.")
        if is_api(request):
            return problem_response(
                request, status=refusal.status, code=refusal.code, title=refusal.title, detail=refusal.detail
            )
        if request.path in self.largest_files:
            # Somebody chose a file here and looks at a page.
            return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
        return HttpResponse(f"{refusal.title}. {refusal}\n", status=refusal.status, content_type="text/plain")


class Refusals:
    """
    Turns a DomainError that a page did not catch into words.

    A form post goes back to its page with the sentence as a message; anything else gets a page with the right status.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            if is_api(request):
                return problem_response(request, status=404, code="not_found", title=error.title, detail=error.detail)
            raise Http404 from error
        if not isinstance(error, DomainError):
            return None
        if is_api(request):
            return problem_response(
                request,
                status=error.status,
                code=error.code,
                title=error.title,
                detail=error.detail,
                faults=error.faults,
            )
        came_from = request.META.get("HTTP_REFERER", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
            messages.error(request, str(error))
            return HttpResponseRedirect(came_from)
        return render(request, "refused.html", {"refusal": error}, status=error.status)
