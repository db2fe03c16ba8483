"""RFC 9457 problem details: the one shape of every refusal of the API."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from config.support.errors import DomainError, Fault

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "The request could not be read",
    401: "Sign in or send a key",
    403: "This is not yours to do",
    404: "Not found",
    405: "This address does not take that method",
    406: "Only JSON is available",
    409: "This cannot be done now",
    413: "That is too much at once",
    415: "Send JSON",
    422: "Some values need another look",
    429: "Too many requests",
    500: "Something went wrong on our side",
}


def is_api(request: HttpRequest) -> bool:
    """Return whether the request is for the API, known address or not."""
    return request.path.startswith("/api/")


def problem(
    *, instance: str, status: int, code: str, title: str = "", detail: str = "", faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    """Return the problem as plain data; `errors` is there only when single values are at fault."""
    body: dict[str, Any] = {
        "type": f"urn:waymark:problem:{code}",
        "title": title or TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail or title or TITLES.get(status, "Refused"),
        "instance": instance,
    }
    if faults:
        body["errors"] = [{"pointer": f.pointer, "code": f.code, "detail": f.detail} for f in faults]
    return body


def problem_response(
    request: HttpRequest, *, status: int, code: str, title: str = "", detail: str = "", faults: Sequence[Fault] = ()
) -> HttpResponse:
    """Return the problem as a plain Django response, for refusals outside a DRF view."""
    body = problem(instance=request.path, status=status, code=code, title=title, detail=detail, faults=faults)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def pointer_part(name: object) -> str:
    """Return a name as a part of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def faults_of(detail: Any, pointer: str = "") -> Iterator[Fault]:
    """Turn the nested errors of a serializer into faults, each with its JSON pointer (RFC 6901)."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from faults_of(value, pointer if key == "non_field_errors" else f"{pointer}/{pointer_part(key)}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from faults_of(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield Fault(pointer, str(detail), getattr(detail, "code", "invalid"))


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of an API view into a problem; None lets a programming error become a 500."""
    request: Request = context["request"]
    told = _tell(error)
    if told is None:
        return None
    headers: dict[str, str] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    body = problem(instance=request.path, **told)
    return Response(body, status=told["status"], headers=headers, content_type=CONTENT_TYPE)


def _tell(error: Exception) -> dict[str, Any] | None:
    """Return status, code, title, detail and faults of a refusal; None for anything else."""
    told: dict[str, Any]
    if isinstance(error, DomainError):
        told = {"status": error.status, "code": error.code, "title": error.title, "detail": error.detail}
        told["faults"] = error.faults
    elif isinstance(error, Http404):
        told = {"status": 404, "code": "not_found", "detail": "There is nothing here that you can see."}
    elif isinstance(error, PermissionDenied):
        told = {"status": 403, "code": "not_allowed", "detail": str(error)}
    elif isinstance(error, exceptions.ValidationError):
        told = {
            "status": 422,
            "code": "invalid",
            "detail": "Look at errors: each names a value and what to do about it.",
        }
        told["faults"] = tuple(faults_of(error.detail))
    elif isinstance(error, DjangoValidationError):
        told = {"status": 422, "code": "invalid", "detail": "; ".join(error.messages)}
    elif isinstance(error, exceptions.APIException):
        code = str(getattr(error.detail, "code", error.default_code))
        told = {"status": error.status_code, "code": code, "detail": str(error.detail)}
    else:
        return None
    return told


STRAY = {
    400: ("bad_request", "The request could not be read. Send it as the schema at /api/v1/schema/ says."),
    403: ("not_allowed", "This was refused before it was read. Send a key, or the CSRF token of your page."),
    404: ("not_found", "There is no such address here. /api/v1/schema/ lists all of them."),
    405: ("method_not_allowed", "This address does not take that method. /api/v1/schema/ lists what it takes."),
    500: ("server_error", "Something went wrong on our side and was noted. Try again in a moment."),
}


class ApiNotFound:
    """
    Answers what never reached an API view (unknown addresses, unreadable requests, our own faults) with a problem.

    An address without its last slash is redirected for reads only: a redirected write would lose its body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_api(request):
            return response
        status = response.status_code
        if status == 301 and request.method not in {"GET", "HEAD"}:
            status = 404
        foreign = not response.get("Content-Type", "").startswith(("application/json", CONTENT_TYPE))
        if status not in STRAY or not foreign:
            return response
        code, detail = STRAY[status]
        return problem_response(request, status=status, code=code, detail=detail)
