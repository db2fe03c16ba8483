"""Which form a body and an answer take: each address has one, or says by ?format= which it has."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class OneForm(DefaultContentNegotiation):
    """
    Answers in the address's own form whatever Accept says; RFC 9110 allows it, and nobody is refused for a header.

    Only an address that has several forms (the schema) looks at ?format= and Accept, and falls back to its first.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        forms = list(renderers)
        wanted: Any = request.query_params.get("format", "")
        for renderer in forms:
            if len(forms) > 1 and renderer.format == wanted:
                return renderer, renderer.media_type
        accepted = [part.split(";")[0].strip() for part in request.headers.get("Accept", "").split(",")]
        for renderer in forms:
            if len(forms) > 1 and renderer.media_type in accepted:
                return renderer, renderer.media_type
        return forms[0], forms[0].media_type


class Json(JSONParser):
    """JSON that is refused like any other that cannot be read when it is nested deeper than Python reads."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - It is nested too deeply. Send an object of plain values.") from error
