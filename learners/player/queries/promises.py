"""A learner's commitments with what they said about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from config.accounts.actor import Actor
from config.accounts.reads import ReadAs
from learners.reflections.models import Commitment

_own: Final = ReadAs(
    lambda actor: (
        Commitment.objects.filter(
            enrollment__user_id=actor.user_id or 0, enrollment__cohort__organization_id=actor.organization_id
        )
        .order_by("-made_at", "-id", "-check_ins__answered_at", "-check_ins__id")
        # One outer join instead of a prefetch: a handful of rows each, and one query less on Today.
        .values_list(
            "uuid",
            "enrollment_id",
            "enrollment__uuid",
            "step_key",
            "cue",
            "response",
            "made_at",
            "changed_at",
            "check_in_at",
            "check_ins__answer",
            "check_ins__note",
            "check_ins__answered_at",
        )
    )
)


@dataclass
class Promise:
    """
    One if-then plan. is_to_come: its check-in lies ahead. is_asked: it has come. Both end with an answer.

    answers: what was answered and noted, newest first. What was said about an older wording is in it, and settles
    nothing about this one.
    """

    uuid: UUID
    enrollment_id: int
    enrollment_uuid: UUID
    step_key: str
    cue: str
    response: str
    made_at: datetime
    changed_at: datetime
    check_in_at: datetime | None
    is_asked: bool = False
    is_to_come: bool = False
    answers: list[tuple[str, str, datetime]] = field(default_factory=list)

    @property
    def last_answer(self) -> str:
        """The newest answer to the plan as it stands now, or ""."""
        return next((answer for answer, _note, at in self.answers if at >= self.changed_at), "")

    @property
    def can_be_answered(self) -> bool:
        """Whether it is time to ask: not before the day of the check-in, and after a final answer no more."""
        return self.is_asked or self.last_answer == "not_yet"

    @property
    def answered_at(self) -> Sequence[datetime]:
        return [at for _answer, _note, at in self.answers]


def load_promises(actor: Actor, *, now: datetime) -> list[Promise]:
    """Return the person's own commitments in the active organization with their check-ins, newest first; one query."""
    found: dict[UUID, Promise] = {}
    for *plan, answer, note, answered_at in _own(actor):
        made = Promise(*cast(Any, plan))
        promise = found.setdefault(made.uuid, made)
        if answered_at is not None:
            promise.answers.append((answer, note, answered_at))
    for promise in found.values():
        if promise.check_in_at is not None and not promise.last_answer:
            promise.is_to_come = promise.check_in_at > now
            promise.is_asked = not promise.is_to_come
    return list(found.values())
