"""Who took part in a live session, as its facilitator recorded it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from config.accounts.actor import Actor
from config.events.actions import record
from config.support.errors import Fault, NotAllowed
from learners.cohorts.errors import UnknownCohort
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import is_facilitator
from learners.progress.actions.completing import event_of_completion, with_completions
from learners.progress.actions.locking import lock_standings, note_activity
from learners.progress.actions.settling import settle
from learners.progress.errors import FutureCompletion, NotTheirSession
from learners.progress.models import Completion, How
from learners.progress.queries.places import places_of
from learners.progress.queries.standing import Standing


@dataclass(frozen=True, slots=True)
class Attendance:
    """What became of one person: recorded, already (nothing changes), or refused with the reason."""

    enrollment_id: int
    outcome: Literal["recorded", "already", "refused"]
    detail: str = ""


@transaction.atomic
def record_attendance(
    *,
    actor: Actor,
    cohort_id: int,
    step_key: str,
    enrollment_ids: Collection[int],
    attended_at: datetime | None = None,
    now: datetime,
) -> list[Attendance]:
    """
    Record that people took part in a live session, many at once; each gets a completion, reported by the actor.

    The session counts for people whose schedule had not opened it yet: they were there. Idempotent. Queries do not grow
    with the people but in batches of 200. attended_at: never in the future; None = now.
    Raises NotAllowed for anybody but a facilitator of the cohort or an administrator, UnknownCohort, NotTheirSession,
    FutureCompletion. People outside the cohort are refused one by one.
    """
    at = attended_at or now
    if at > now:
        raise FutureCompletion(faults=[Fault("/attended_at", "Give a moment that is not in the future.")])
    cohort = _their_cohort(actor, cohort_id)
    inside = Enrollment.objects.filter(cohort=cohort, pk__in=enrollment_ids)
    locked = lock_standings(list(inside.values_list("pk", flat=True)))
    answers = {enrollment.pk: _answer(enrollment, standing, step_key) for enrollment, standing in locked}
    there = [(enrollment, standing) for enrollment, standing in locked if answers[enrollment.pk].outcome == "recorded"]
    if there:
        _complete(there, step_key, actor_id=actor.user_id, at=at, now=now)
        record(
            organization_id=cohort.organization_id,
            actor_id=actor.user_id,
            verb="attendance.recorded",
            object_type="cohort",
            object_uuid=cohort.uuid,
            cohort_uuid=cohort.uuid,
            occurred_at=at,
            now=now,
            data={"step": step_key, "people": len(there)},
        )
    stranger = "This person is not in the cohort."
    return [answers.get(pk, Attendance(pk, "refused", stranger)) for pk in dict.fromkeys(enrollment_ids)]


def _their_cohort(actor: Actor, cohort_id: int) -> Cohort:
    cohort = Cohort.objects.visible_to(actor).select_related("organization").filter(pk=cohort_id).first()
    if cohort is None:
        raise UnknownCohort
    if actor.user_id is None or not (
        actor.is_administrator or is_facilitator(user_id=actor.user_id, cohort_id=cohort_id)
    ):
        raise NotAllowed("Only the facilitators of a cohort record who took part.")
    return cohort


def _answer(enrollment: Enrollment, standing: Standing, step_key: str) -> Attendance:
    step = standing.outline.steps_by_key.get(step_key)
    if step is None or step.kind != "live_session":
        raise NotTheirSession
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        return Attendance(enrollment.pk, "refused", "This person has withdrawn.")
    if step_key in standing.facts.completed:
        return Attendance(enrollment.pk, "already", "It is recorded that this person took part.")
    return Attendance(enrollment.pk, "recorded")


def _complete(
    there: list[tuple[Enrollment, Standing]], step_key: str, *, actor_id: int | None, at: datetime, now: datetime
) -> None:
    completions = [
        Completion(
            enrollment=enrollment,
            step_key=step_key,
            step_id=places_of(enrollment.version).steps[step_key][0],
            completed_at=at,
            how=How.REPORTED,
            recorded_by_id=actor_id,
            recorded_at=now,
        )
        for enrollment, _ in there
    ]
    Completion.objects.bulk_create(completions)
    changed = []
    events = []
    for (enrollment, standing), made in zip(there, completions, strict=True):
        note_activity(enrollment, at)
        changed.append((enrollment, with_completions(enrollment, standing, [made])))
        events.append(event_of_completion(enrollment, standing, made, now=now))
    settle(changed, events=events, actor_id=actor_id, now=now)
