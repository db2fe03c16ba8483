"""How apps above let people into the admin without accounts knowing what they do there."""

from collections.abc import Callable

from django.utils.module_loading import import_string

from config.accounts.actor import Actor

Visitor = Callable[[Actor], bool]

_visitors: list[str] = []


def let_in(path: str) -> None:
    """
    Let people into the admin for whom the function at this dotted path returns True, beside those whom roles let in.

    Called when an app is ready that gives people work in the admin; the path is resolved at the first visitor. What
    they find there is for each page to decide.
    """
    if path not in _visitors:
        _visitors.append(path)


def is_visitor(actor: Actor) -> bool:
    """Tell whether an app has work in the admin for this person."""
    return any(_asked(path, actor) for path in _visitors)


def _asked(path: str, actor: Actor) -> bool:
    visitor: Visitor = import_string(path)
    return visitor(actor)
