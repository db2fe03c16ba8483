"""Every address of the API, read from the URL conf, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, reverse

from config.accounts.api import ApiView
from config.api import urlpatterns
from tests.api.world import World

METHODS = ("get", "post", "put", "patch", "delete")


def views(patterns: list[Any] | None = None) -> Iterator[tuple[str, type[ApiView]]]:
    """Yield the URL name and view class of every address below /api/v1/."""
    for pattern in urlpatterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view: Any = pattern.callback
            yield str(pattern.name), view.view_class


def methods_of(view: type[ApiView]) -> list[str]:
    """Return the methods that a view answers, in upper case."""
    return [method.upper() for method in METHODS if hasattr(view, method)]


def arguments(world: World, name: str) -> dict[str, Any]:
    """Return what an address of this world's own organization takes."""
    return _arguments(name, world.cohort, world.ada)


def foreign_arguments(world: World, name: str) -> dict[str, Any]:
    """Return the same for the other organization's rows."""
    return _arguments(name, world.other_cohort, world.oda)


def _arguments(name: str, cohort: Any, enrollment: Any) -> dict[str, Any]:
    if name.startswith("api-cohort") and name != "api-cohorts":
        return {"cohort": cohort.uuid}
    if name.startswith("api-enrollment") and name != "api-enrollments":
        return {"enrollment": enrollment.uuid}
    if name == "api-completion":
        return {"enrollment": enrollment.uuid, "step_key": "read"}
    if name == "api-journey-schedule":
        return {"journey": cohort.version.journey.uuid, "number": cohort.version.number}
    if name.startswith("api-journey") and name != "api-journeys":
        return {"journey": cohort.version.journey.uuid}
    return {}


def address(name: str, given: dict[str, Any]) -> str:
    """Return the path of a named address."""
    return reverse(name, kwargs=given)
