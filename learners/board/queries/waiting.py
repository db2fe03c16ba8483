"""Who waits for the viewer's own word, and what waits for somebody's hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from config.accounts.actor import Actor
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import Outline
from journeys.schedule.words import in_words
from learners.board.queries.boards import Board
from learners.board.rules import UNDER_WAY, by_hand
from learners.cohorts.models import Enrollment
from learners.cohorts.rules.roll_up import LOCKED
from learners.progress.models import SignOff, SignOffState
from learners.progress.queries.sign_offs import sign_off_token


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asked the viewer to confirm a practice; token opens the page on which they answer."""

    enrollment_id: int
    module_key: str
    name: str
    step_title: str
    asked_at: datetime
    token: str


def asks_of(actor: Actor, board: Board, *, now: datetime) -> list[Ask]:
    """Return who in this cohort waits for the actor to confirm a practice, the longest first; one query."""
    rows = SignOff.objects.filter(
        signer_id=actor.user_id, state=SignOffState.ASKED, expires_at__gt=now, enrollment__cohort=board.cohort
    ).select_related("enrollment__user", "enrollment__version__journey")
    return [_ask(row) for row in rows.order_by("asked_at", "id")]


def _ask(row: SignOff) -> Ask:
    step = outline_for(row.enrollment.version).steps_by_key.get(row.step_key)
    return Ask(
        enrollment_id=row.enrollment_id,
        module_key=step.module_key if step else "",
        name=str(row.enrollment.user),
        step_title=step.title if step else row.step_key,
        asked_at=row.asked_at,
        token=sign_off_token(row),
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """
    A part of the journey whose rule leaves it to somebody's hand.

    rule: as its learners read it. held_up: how many have come to it and find it closed; names of all of them.
    """

    key: str
    title: str
    rule: str
    held_up: int
    names: tuple[str, ...]


def openings_of(board: Board, people: QuerySet[Enrollment]) -> list[Opening]:
    """Return what may be opened by hand, in the order of the journey; one query, none where the journey has nothing."""
    outline = board.outline
    keys = by_hand(outline)
    modules = [key for key in keys if key in outline.modules_by_key]
    held_up = _held_up(people, modules) if modules else {}
    return [
        Opening(
            key=key,
            title=title_of(outline, key),
            rule=_rule_of(outline, key),
            held_up=len(held_up.get(key, ())),
            names=tuple(held_up.get(key, ())),
        )
        for key in keys
    ]


def title_of(outline: Outline, key: str) -> str:
    """Name a part of a journey, KEY or MODULE/STEP, such as “Module 2: Ask first”; a key it does not have stays."""
    module = outline.modules_by_key.get(key)
    if module is not None:
        return f"{outline.titles[key]}: {module.title}"
    return outline.titles.get(key, key)


def _rule_of(outline: Outline, key: str) -> str:
    module = outline.modules_by_key.get(key)
    step = outline.steps_by_key.get(key.rpartition("/")[2])
    rule = module.opens if module is not None else step.opens if step is not None else None
    return in_words(rule, outline.titles) if rule is not None else ""


def _held_up(people: QuerySet[Enrollment], keys: list[str]) -> Mapping[str, list[str]]:
    """By module, the people whose first unfinished module it is and for whom it has not opened."""
    found: dict[str, list[str]] = {}
    here = people.filter(status__in=UNDER_WAY, current_module__in=keys).order_by("id")
    for key, states, name, email in here.values_list("current_module", "module_states", "user__name", "user__email"):
        if states.get(key) == LOCKED:
            found.setdefault(key, []).append(name or email)
    return found
