"""Every address of Waymark, read from the URL conf, so that a new one cannot be forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.sites import site
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.cast import Rows

NAMES = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its name with the namespace, and what stands in it."""

    name: str
    pattern: str
    view: Any

    @property
    def arguments(self) -> set[str]:
        """The names of the values that stand in the address."""
        return {first or second for first, second in NAMES.findall(self.pattern)}

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def is_admin(self) -> bool:
        """Whether Django's administration answers; the studio is our own."""
        return self.name.startswith("admin:")

    def path(self, rows: Rows, object_id: object = "1") -> str:
        """Return the address of these rows; object_id: the row that a page of the administration shows."""
        values = {**rows.address(self.name), "object_id": object_id}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.pattern)


def routes() -> list[Route]:
    """Return every address in the order of the URL conf."""
    return [route for route in _walk(get_resolver().url_patterns) if not _is_nameless(route)]


def _walk(patterns: list[Any], before: str = "", space: str = "") -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{space}{pattern.name}", before + str(pattern.pattern), pattern.callback)


def _is_nameless(route: Route) -> bool:
    """Tell whether the address only leads on to a named one: Django's and allauth's old spellings."""
    view = getattr(route.view, "__qualname__", "")
    old = route.pattern.startswith("accounts/social/") or route.pattern == "admin/(?P<url>.*)$"
    return route.name.endswith("None") and (old or "RedirectView" in f"{view}{getattr(route.view, 'view_class', '')}")


def screens() -> dict[str, admin.ModelAdmin]:
    """Return the pages of the administration by the name that their addresses begin with."""
    return {f"{model._meta.app_label}_{model._meta.model_name}": page for model, page in site._registry.items()}


def row_for(page: "admin.ModelAdmin[Any]", rows: Rows) -> Model | None:
    """Return the row of an organization that a page of the administration shows; None for what no organization has."""
    return rows.by_model.get(page.model)
