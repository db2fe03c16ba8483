"""What every address of the API shares: who asks, what was asked, tags of unchanged answers, repeats of writes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.accounts.actor import Actor
from config.accounts.idempotency import answer_once, idempotency_key
from config.support.errors import Fault, InvalidInput
from config.support.etags import etag_of, is_known
from config.support.pagination import BadQuery, Page, page_body
from config.support.problems import CONTENT_TYPE as PROBLEM
from config.support.problems import faults_of
from config.support.shapes import unknown_values

T = TypeVar("T")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ApiView(APIView):
    """
    An address of the API.

    scopes: method to scope (or ANYONE, SIGNED_IN); a method that is missing here is closed, and a test fails for it.
    queries: method to the serializer of its parameters; a parameter that is not in it is refused by its name, and
    `params` holds the checked ones.
    A write with an Idempotency-Key runs in one transaction with the memory of its answer.
    """

    scopes: ClassVar[Mapping[str, str]] = {}
    queries: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    params: dict[str, Any]

    @property
    def actor(self) -> Actor:
        """Who asks; only for methods that declare a scope or SIGNED_IN."""
        return cast(Actor, self.request.auth)

    @property
    def now(self) -> datetime:
        """The clock reading of this request."""
        return cast(datetime, self.request._request.now)  # type: ignore[attr-defined]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let DRF decide who may ask, then check the parameters of the address."""
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method or ""
        self.params = checked_params(request, self.queries.get(method, serializers.Serializer))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do as DRF does, but put a repeated write behind the memory of its first answer."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            response = self._run(self.request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the handler raises again what is no refusal
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Write a problem as JSON, also where the answer itself would have been YAML."""
        if getattr(response, "content_type", None) == PROBLEM:
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), "application/json"
        return super().finalize_response(request, response, *args, **kwargs)

    def _run(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        method = request.method or ""
        handler = getattr(self, method.lower(), self.http_method_not_allowed)
        key = idempotency_key(request) if method in WRITES and isinstance(request.auth, Actor) else None
        if key is None:
            return cast(Response, handler(request, *args, **kwargs))

        def answer() -> Response:
            try:
                return cast(Response, handler(request, *args, **kwargs))
            except Exception as error:  # noqa: BLE001 - the handler raises again what is no refusal
                return self.handle_exception(error)

        return answer_once(request, caller=self.actor.caller, key=key, now=self.now, answer=answer)

    def tagged(self, stamp: Iterable[Any], show: Callable[[], Any], *, status: int = 200) -> Response:
        """
        Return what `show()` gives under the entity tag of `stamp`, or 304 when the caller holds it already.

        stamp: revisions and passed deadlines of the rows behind the answer; the caller's own view (organization,
        scopes, cohorts, roles) and the address are added here, so that nobody is told "unchanged" of another view.
        """
        etag = self._etag(stamp)
        if is_known(self.request._request, etag):
            return cast(Response, _unchanged(etag))
        return Response(show(), status=status, headers=_headers(etag))

    def tagged_page(self, page: Page[T], show: Callable[[T], Any], stamp: Callable[[T], Any], *also: Any) -> Response:
        """Return one page of a list under the entity tag of its rows (and of `also`), or 304."""
        rows = (also, tuple(stamp(row) for row in page.rows), page.next, page.previous)
        return self.tagged(rows, lambda: page_body(self.request, page, show))

    def tagged_stream(
        self, stamp: Iterable[Any], lines: Callable[[], Iterable[str]], *, content_type: str, filename: str
    ) -> HttpResponseBase:
        """Return lines as they are made, in memory that does not grow with their number, or 304."""
        etag = self._etag(stamp)
        if is_known(self.request._request, etag):
            return _unchanged(etag)
        disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return StreamingHttpResponse(lines(), content_type=content_type, headers=_headers(etag) | disposition)

    def checked(self, shape: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """
        Return the checked body of this request. Raises InvalidInput with a fault for each value.

        A name that the shape does not have is a fault too: a misspelled one must not look like a success.
        """
        body = self.request.data
        checked = shape(data=body, partial=partial)
        faults = [] if checked.is_valid() else list(faults_of(checked.errors))
        faults += unknown_values(checked, body)
        if faults:
            raise InvalidInput("Look at errors: each names a value and what to do about it.", faults=faults)
        return dict(checked.validated_data)

    def _etag(self, stamp: Iterable[Any]) -> str:
        actor = self.request.auth
        view: tuple[Any, ...] = ()
        if isinstance(actor, Actor):
            limits = tuple(sorted(actor.cohort_ids)) if actor.cohort_ids is not None else None
            view = (actor.organization_id, actor.user_id, tuple(sorted(actor.roles | actor.scopes)), limits)
        return etag_of(view, self.request.get_full_path(), tuple(stamp))


def checked_params(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the parameters behind the question mark as checked values. Raises BadQuery with a fault for each."""
    given = request.query_params
    checked = shape(data=given.dict())
    errors: dict[str, Any] = {} if checked.is_valid() else dict(checked.errors)
    for name in given:
        if name not in checked.fields:
            errors[name] = [ErrorDetail(f"There is no parameter {name} here. Leave it out.", code="unknown_parameter")]
    if errors:
        faults = [Fault(f"?{name}", str(one), str(one.code)) for name, found in errors.items() for one in found]
        raise BadQuery("Look at errors: each names a parameter and what to do about it.", faults=faults)
    return dict(checked.validated_data)


def _unchanged(etag: str) -> HttpResponseBase:
    """Return a 304 that no renderer writes into: YAML would write "null" where no byte may stand."""
    response = HttpResponse(status=304, headers=_headers(etag))
    del response["Content-Type"]
    return response


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
