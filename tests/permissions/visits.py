"""One request by one caller, taken back again, and what became of it in a word."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any
from unittest import mock

from django.db import transaction
from django.template.backends.django import Template
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.utils.safestring import SafeString

YES, NO, NONE, SIGN_IN, ELSEWHERE = "gets in", "is refused", "finds nothing", "is asked to sign in", "is led elsewhere"
NO_METHOD = "finds no such method"
ANSWERS = {401: SIGN_IN, 403: NO, 404: NONE, 405: NO_METHOD}


@cache
def _handler(check_csrf: bool) -> ClientHandler:
    """Load the middleware once: it looks for every static file when it is made."""
    return ClientHandler(enforce_csrf_checks=check_csrf)


class Visitor(RequestFactory):
    """Sends requests through every middleware, without the copies that Django's test client makes of each template."""

    def __init__(self, *, cookies: Any = None, secret: str = "", check_csrf: bool = False) -> None:
        super().__init__()
        self.handler = _handler(check_csrf)
        if cookies is not None:
            self.cookies = cookies
        if secret:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"

    def request(self, **request: Any) -> Any:
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        response.asked_for = request["PATH_INFO"]  # type: ignore[attr-defined]
        return response

    def send(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form to a page and JSON to the API; data of a GET stands in the address."""
        if method in ("GET", "HEAD") or not path.startswith("/api/"):
            return getattr(self, method.lower())(path, data or {})
        return self.generic(method, path, json.dumps(data or {}), content_type="application/json")


@contextmanager
def blank_pages(are_blank: bool = True) -> Iterator[None]:
    """
    Let views decide and write as always, but leave what they show empty.

    Who gets in is decided before a page is filled in, which takes most of the time. What pages show to whom is looked
    at by tests.canaries; mails and forms, which are rendered without a request, keep their words.
    """
    rendered = Template.render

    def render(template: Template, context: Any = None, request: Any = None) -> str:
        return rendered(template, context, request) if request is None else SafeString()

    with mock.patch.object(Template, "render", render) if are_blank else nullcontext():
        yield


def visit(
    visitor: Visitor, method: str, path: str, data: dict[str, Any] | None = None, *, is_blank: bool = False
) -> Any:
    """Send a request and take back everything that it wrote; is_blank: see blank_pages."""
    with transaction.atomic(), blank_pages(is_blank):
        response = visitor.send(method, path, data)
        transaction.set_rollback(True)
    return response


def outcome(response: Any) -> str:
    """
    Say in the words of the table what became of a request.

    Whoever is told that the request itself is faulty was let in.
    """
    assert response.status_code < 500, (response.asked_for, response.status_code)
    if response.status_code in (301, 302):
        address = response["Location"]
        if address.startswith("/accounts/login/?next="):
            return SIGN_IN
        return ELSEWHERE if address == "/admin/" else YES
    return ANSWERS.get(response.status_code, YES)
