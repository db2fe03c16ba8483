"""Why something opens when it does, and what has to happen first while nobody can say when."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from journeys.schedule.moments import Moments
from journeys.schedule.outline import Outline
from journeys.schedule.placing import WhenPassed
from journeys.schedule.plan import Node
from journeys.schedule.tree import After, AllOf, AnyOf, AtLeast, Not, OnDate, Passed, Rule
from journeys.schedule.words import as_condition, day_in_words, in_words, moves_in_words
from journeys.schedule.writing import asks_ratings

PAUSED: Final = "This journey is paused for you; it goes on when you resume it"
_OPENS: Final = "Opens "
BY_HAND: Final = "opened by a facilitator"


@dataclass(frozen=True, slots=True)
class Because:
    """A moment with its reason. moved_from: the local date it had before it was moved, or None."""

    at: datetime | None
    why: str
    moved_from: date | None = None


@lru_cache(maxsize=16_384)
def said(outline: Outline, rule: Rule) -> str:
    """Say a rule with the titles of its outline; remembered, because every learner of a version hears the same."""
    return in_words(rule, outline.titles)


def opening_of(moments: Moments, node: Node) -> Because:
    """Explain an opening."""
    at = moments.opens[node.key]
    general = _with_module(moments, node) if node.opens is None else said(moments.outline, node.opens)
    if at is None:
        return Because(None, general)
    ruled = moments.ruled[node.key]
    if node.step is None and node.key in moments.facts.opened and ruled != at:
        return Because(at, general)
    released = None if node.names_release else moments.facts.released.get(node.key)
    if released is not None and (ruled is None or released < ruled):
        return _after_pause(Because(at, BY_HAND), released, moments)
    with_module = node.step is not None and moments.opens.get(node.module.key) == at and ruled != at
    if node.opens is None or with_module or ruled is None:
        return Because(at, _with_module(moments, node))
    return _after_pause(deciding(moments, node.opens, ruled, own=None, deadline=False), ruled, moments, at)


def blocked_by(moments: Moments, node: Node) -> tuple[str, ...]:
    """Say in one sentence what has to happen before something can open; empty once that is known."""
    if moments.opens[node.key] is not None:
        return ()
    if node.key in moments.plan.never:
        return (f"This cannot open: {moments.plan.never[node.key]}. Ask whoever runs this journey to correct it",)
    if node.step is not None and moments.opens.get(node.module.key) is None:
        return (f"Opens {_with_module(moments, node)}",)
    missing = dict.fromkeys([] if node.opens is None else _missing(moments, node, node.opens))
    # Whatever else is missing, this keeps it closed.
    for sentence in missing:
        if not sentence.startswith(_OPENS):
            return (sentence,)
    said = [sentence.removeprefix(_OPENS) for sentence in missing]
    if not said:
        return (PAUSED,)
    # What is an “or” by itself has to stay apart from the others.
    if len(said) == 1 and said[0].startswith("("):
        said = [said[0][1:-1]]
    return (f"{_OPENS}{', and '.join(said)}",)


def deciding(moments: Moments, rule: Rule, at: datetime, *, own: datetime | None, deadline: bool) -> Because:
    """Find the part of a rule that gave it its moment, and say that part with what moved it."""
    when_passed: WhenPassed = "next-day" if deadline else "at-once"
    for leaf in moments.leaves(rule):
        if isinstance(leaf, Not) or moments.leaf_at(leaf, own=own, when_passed=when_passed) != at:
            continue
        why = said(moments.outline, leaf)
        placed = moments.placed(leaf, own=own, when_passed=when_passed) if isinstance(leaf, After | OnDate) else None
        if placed is None:
            return Because(at, why)
        moves = moves_in_words(placed)
        return Because(at, f"{why}; {moves}" if moves else why, placed.planned)
    return Because(at, said(moments.outline, rule))


def _after_pause(because: Because, before: datetime, moments: Moments, at: datetime | None = None) -> Because:
    """Add to a reason that the moment fell into a pause."""
    at = because.at if at is None else at
    if at is None or at <= before:
        return Because(at, because.why, because.moved_from)
    day = moments.where.local_date(before)
    return Because(at, f"{because.why}; moved from {day_in_words(day)}: paused", because.moved_from or day)


def _missing(moments: Moments, node: Node, rule: Rule) -> list[str]:
    if isinstance(rule, AllOf):
        return [sentence for part in rule.parts for sentence in _missing(moments, node, part)]
    if isinstance(rule, Not):
        if moments.leaf_at(rule, own=None, when_passed="at-once") is None:
            return []
        if asks_ratings(rule):
            # A rating is nobody's but the learner's: staff who read this hear the rule, not which level was given.
            return [f"{_OPENS}{in_words(rule, _titles(moments, node))}"]
        return [f"Stays closed, because {as_condition(rule.part, _titles(moments, node))}"]
    if moments.first(rule, own=None, when_passed="at-once") is not None:
        return []
    if isinstance(rule, Passed) and moments.is_used_up(rule):
        return [f"Stays closed, because {as_condition(rule, _titles(moments, node), negated=True)}"]
    if isinstance(rule, After | OnDate) and moments.placed(rule, own=None, when_passed="at-once") is not None:
        return [PAUSED]
    ends = isinstance(rule, After) and rule.anchor.kind == "end"
    said = f"{in_words(rule, _titles(moments, node))}{'; the end is not set yet' if ends else ''}"
    return [f"{_OPENS}({said})" if isinstance(rule, AnyOf | AtLeast) else f"{_OPENS}{said}"]


def _titles(moments: Moments, node: Node) -> dict[str, str]:
    return moments.outline.titles | {node.key: "it"}


def _with_module(moments: Moments, node: Node) -> str:
    return f"with {moments.outline.titles[node.module.key]}"
