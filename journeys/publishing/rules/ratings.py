"""Whether the self-ratings of a version can be compared: each behavior at the beginning, at the end, and later."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.authoring.rules.references import ratings_in, rules_of
from journeys.publishing.rules.findings import Finding, error, warning

# Habits take about two months, so what has lasted shows after them.
FOLLOW_UP_DAYS: Final = 60
NAMES: Final = {
    "baseline": "at the beginning",
    "then": "looking back",
    "post": "at the end",
    "follow_up": "weeks later",
}
_NEGATED: Final = (
    "Turned around, this is true of everybody until they rate themselves, so it keeps nobody out. "
    "Ask for the other side instead: “or higher” in the place of “or lower”, or the other way round."
)


def check_ratings(content: VersionContent) -> Iterator[Finding]:
    """
    Find self-ratings that nothing can be compared with; silent for a version without any.

    A behavior is rated at the beginning and at the end; a look back and a follow-up need the beginning too.
    """
    asked = [step for step in content.steps if step.kind == "self_rating"]
    if not asked:
        return
    titles = {indicator.key: indicator.text for indicator in content.indicators}
    rated: dict[str, list[tuple[str, StepContent]]] = {}
    for step in asked:
        for key in step.spec.get("indicators", ()):
            rated.setdefault(key, []).append((step.spec.get("occasion", ""), step))
    for key, ratings in rated.items():
        if key in titles:
            yield from _of_behavior(f"“{titles[key]}”", ratings)
    for step in asked:
        if step.spec.get("occasion") == "follow_up" and step.required:
            yield warning(
                "follow_up_required",
                f"steps/{step.key}/required",
                f"Nobody finishes this journey before “{step.title}” opens, because it is required. "
                "Make it optional: it still opens for those who have finished.",
            )


def _of_behavior(name: str, ratings: list[tuple[str, StepContent]]) -> Iterator[Finding]:
    occasions = [occasion for occasion, _step in ratings]
    first_occasion, first = ratings[0]
    if "baseline" not in occasions:
        detail = (
            f"“{first.title}” asks to rate {name}, and nothing asks for it at the beginning. "
            "Add a self-rating with the occasion baseline to the first module, or leave this behavior out."
        )
        yield warning("rating_without_baseline", f"steps/{first.key}", detail)
    elif first_occasion != "baseline":
        detail = (
            f"“{first.title}” asks to rate {name} before its rating at the beginning. "
            "Move the rating with the occasion baseline to the front."
        )
        yield warning("rating_before_baseline", f"steps/{first.key}", detail)
    elif "post" not in occasions:
        detail = (
            f"{name} is rated at the beginning and never at the end. "
            "Add a self-rating with the occasion post to the last module, so that a change can be seen."
        )
        yield warning("rating_without_post", f"steps/{first.key}", detail)
    for index, (occasion, step) in enumerate(ratings):
        if occasion in occasions[:index] and occasion != "follow_up":
            detail = (
                f"“{step.title}” asks for {name} {NAMES.get(occasion, occasion)} a second time. Ask it once: "
                "the report has one place for it."
            )
            yield warning("rated_twice", f"steps/{step.key}", detail)


def check_rated(content: VersionContent) -> Iterator[Finding]:
    """Find rules that ask for a rating which nobody gives there (kind, behavior, level), or ask under a `not`."""
    steps = {step.reference: step for step in content.steps}
    levels = {indicator.key: len(indicator.levels) for indicator in content.indicators}
    for where, data in rules_of(content):
        for pointer, asked in ratings_in(data):
            step = steps.get(str(asked["rated"]))
            if "/not" in pointer:
                yield error("rated_negated", f"{where}{pointer}", _NEGATED)
            elif step is not None:
                yield from _check_asked(f"{where}{pointer}", asked, step, levels)


def _check_asked(where: str, asked: Mapping[str, Any], step: StepContent, levels: dict[str, int]) -> Iterator[Finding]:
    if step.kind != "self_rating":
        yield error("never_rated", f"{where}/rated", f"Nobody rates themselves in “{step.title}”. Name a self-rating.")
        return
    given, behavior = tuple(step.spec.get("indicators", ())), asked.get("behavior")
    if behavior and behavior not in given:
        detail = (
            f"“{step.title}” does not ask about the behavior “{behavior}”. "
            f"Name one of {', '.join(given)}, or none, so that the lowest level counts."
        )
        yield error("behavior_not_rated", f"{where}/behavior", detail)
        return
    least = min((levels[key] for key in ((behavior,) if behavior else given) if key in levels), default=0)
    bound = "at_least" if "at_least" in asked else "at_most"
    if least and asked[bound] > least:
        about = f"The behavior “{behavior}”" if behavior else f"A behavior of “{step.title}”"
        yield error(
            "no_such_level", f"{where}/{bound}", f"{about} has {least} levels. Write a number from 1 to {least}."
        )


def check_follow_ups(
    content: VersionContent, opens: dict[str, datetime | None], started_at: datetime
) -> Iterator[Finding]:
    """
    Find follow-up ratings that come too soon to show what has lasted.

    opens: when each step opens for an imagined learner on time, by its key.
    """
    for step in content.steps:
        if step.kind != "self_rating" or step.spec.get("occasion") != "follow_up":
            continue
        at = opens.get(step.key)
        if at is not None and (at - started_at).days < FOLLOW_UP_DAYS:
            yield warning(
                "follow_up_too_soon",
                f"steps/{step.key}/opens",
                f"“{step.title}” can open on day {(at - started_at).days} of the journey. To show what has lasted, let "
                f'it open on day {FOLLOW_UP_DAYS} or later, such as “opens: {{from: start, days: 75, at: "09:00"}}”.',
            )
