"""What of a journey waits for somebody to open it by hand."""

from collections.abc import Iterator

from journeys.schedule.outline import Outline
from journeys.schedule.tree import AllOf, AnyOf, AtLeast, Not, Reference, Released, Rule


def by_hand(outline: Outline) -> tuple[str, ...]:
    """Return what the opening rules of a journey leave to somebody's hand, KEY or MODULE/STEP, in its order."""
    named = {str(reference) for rule in _openings(outline) for reference in _released(rule)}
    places = [(module.key, *(str(step.reference) for step in module.steps)) for module in outline.modules]
    return tuple(key for keys in places for key in keys if key in named)


def _openings(outline: Outline) -> Iterator[Rule]:
    for module in outline.modules:
        for rule in (module.opens, *(step.opens for step in module.steps)):
            if rule is not None:
                yield rule


def _released(rule: Rule) -> Iterator[Reference]:
    if isinstance(rule, Released):
        yield rule.reference
    elif isinstance(rule, AllOf | AnyOf | AtLeast):
        for part in rule.parts:
            yield from _released(part)
    elif isinstance(rule, Not):
        yield from _released(rule.part)
