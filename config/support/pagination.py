"""Cursor pages, as the API takes and shows them."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from config.support.cursors import BadQuery, Cursor, Page, fetch_page, take_page

__all__ = ["BadQuery", "Page", "PageQuery", "fetch_page", "page_body", "page_shape", "take_page"]

MAX_LIMIT: Final = 500
DEFAULT_LIMIT: Final = 100
T = TypeVar("T")


class PageQuery(serializers.Serializer[Any]):
    """What every list takes."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="Rows a page, at most 500."
    )
    cursor = serializers.CharField(
        required=False, max_length=64, help_text="Taken from `next` or `previous` of an earlier page."
    )


def page_body(request: Request, page: Page[T], show: Callable[[T], Any]) -> dict[str, Any]:
    """Return the page as the contract wants it: results, next and previous as whole addresses or null."""
    return {
        "results": [show(row) for row in page.rows],
        "next": _address(request, page.next),
        "previous": _address(request, page.previous),
    }


def _address(request: Request, cursor: Cursor | None) -> str | None:
    return replace_query_param(request.build_absolute_uri(), "cursor", str(cursor)) if cursor else None


@cache
def page_shape(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the serializer of a page of these rows, for the schema."""
    fields = {
        "__doc__": f"A page of {row.__name__.removesuffix('Shape')} rows.",
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The following page, null on the last."),
        "previous": serializers.URLField(allow_null=True, help_text="The page before, null on the first."),
    }
    return type(f"{row.__name__.removesuffix('Shape')}Page", (serializers.Serializer,), fields)
