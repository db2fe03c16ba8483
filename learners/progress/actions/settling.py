"""What follows from a change: modules open, roll-ups are written, and it is told; all in the caller's transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from config.events.actions import prepare
from config.events.models import ActivityEvent
from config.support.bell import ring
from config.support.prepared import PreparedUpdate
from learners.cohorts.actions.rolling import BELL, MARKED, ROLLED, mark_changed, put_roll_up
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.rules.roll_up import COMPLETED, roll_up
from learners.progress.models import ModuleOpening
from learners.progress.queries.places import places_of
from learners.progress.queries.standing import Standing

WRITTEN: Final = (*ROLLED, *MARKED, "joined_at", "last_activity_at", "withdrawn_at")
AT_ONCE: Final = 200

_write_one: Final = PreparedUpdate(Enrollment, WRITTEN)


def settle(
    changed: Sequence[tuple[Enrollment, Standing]],
    *,
    events: Sequence[ActivityEvent] = (),
    actor_id: int | None,
    now: datetime,
    is_undone: bool = False,
) -> None:
    """
    Write what follows for locked enrollments whose standings hold the change already.

    Records modules that have opened, writes roll-ups, marks the rows for the nudge engine, inserts the given events and
    those that follow, and rings. At most 3 queries for one enrollment; they grow by one for each 200 enrollments.
    is_undone: the change takes something back, so modules that are completed again are not told a second time.
    """
    told = list(events)
    openings: list[ModuleOpening] = []
    for enrollment, standing in changed:
        opened = list(newly_open(enrollment, standing, now))
        openings += opened
        told += _events_of_openings(enrollment, opened, now=now)
        followed = _roll(enrollment, standing, actor_id=actor_id, now=now)
        told += [event for event in followed if not (is_undone and event.verb == "module.completed")]
        mark_changed(enrollment, now=now)
    if openings:
        ModuleOpening.objects.bulk_create(openings, ignore_conflicts=True)
    write_rows([enrollment for enrollment, _ in changed])
    if told:
        ActivityEvent.objects.bulk_create(told)
    ring(BELL)


def write_rows(enrollments: Sequence[Enrollment]) -> None:
    """Save the fields that this room writes, of enrollments whose rows are locked."""
    if len(enrollments) == 1:
        _write_one(enrollments[0])
    elif enrollments:
        Enrollment.objects.bulk_update(enrollments, WRITTEN, batch_size=AT_ONCE)


def newly_open(enrollment: Enrollment, standing: Standing, now: datetime) -> Iterator[ModuleOpening]:
    """
    Yield, unsaved, openings that are due by now and not recorded yet; none for somebody gone.

    For somebody paused only those of modules in which they did something: what they worked in must not close again.
    """
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        return
    steps = standing.outline.steps_by_key
    worked_in = {steps[key].module_key for key in standing.facts.completed if key in steps}
    for key, placed in standing.timeline.modules.items():
        if enrollment.status == EnrollmentStatus.PAUSED and key not in worked_in:
            continue
        if key not in standing.facts.opened and placed.opens_at is not None and placed.opens_at <= now:
            # The instant of the schedule, not of whoever noticed: other moments hang on it.
            yield ModuleOpening(enrollment=enrollment, module_key=key, opened_at=placed.opens_at)


def _events_of_openings(
    enrollment: Enrollment, openings: Sequence[ModuleOpening], *, now: datetime
) -> Iterator[ActivityEvent]:
    for opening in openings:
        yield event_of(
            enrollment,
            verb="module.opened",
            object_type="module",
            object_uuid=places_of(enrollment.version).modules[opening.module_key],
            occurred_at=opening.opened_at,
            now=now,
            actor_id=None,
            data={"module": opening.module_key},
        )


def _roll(
    enrollment: Enrollment, standing: Standing, *, actor_id: int | None, now: datetime
) -> Iterator[ActivityEvent]:
    before = dict(enrollment.module_states)
    rolled = roll_up(standing.outline, standing.facts, standing.timeline, now=now)
    finishes = put_roll_up(enrollment, rolled)
    for key, state in rolled.module_states.items():
        if state == COMPLETED and before.get(key) != COMPLETED:
            yield event_of(
                enrollment,
                verb="module.completed",
                object_type="module",
                object_uuid=places_of(enrollment.version).modules[key],
                occurred_at=standing.timeline.module_completed_at(key) or now,
                now=now,
                actor_id=actor_id,
                data={"module": key},
            )
    if finishes:
        yield event_of(
            enrollment,
            verb="enrollment.completed",
            object_type="enrollment",
            object_uuid=enrollment.uuid,
            occurred_at=enrollment.completed_at or now,
            now=now,
            actor_id=actor_id,
            data={},
        )


def event_of(
    enrollment: Enrollment,
    *,
    verb: str,
    object_type: str,
    object_uuid: UUID,
    occurred_at: datetime,
    now: datetime,
    actor_id: int | None,
    data: dict[str, object],
) -> ActivityEvent:
    """Return an unsaved event about something inside an enrollment; the enrollment with its terms loaded."""
    return prepare(
        organization_id=enrollment.cohort.organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type=object_type,
        object_uuid=object_uuid,
        enrollment_uuid=enrollment.uuid,
        cohort_uuid=enrollment.cohort.uuid,
        occurred_at=occurred_at,
        now=now,
        data={"journey": enrollment.version.journey.key, **data},
    )
