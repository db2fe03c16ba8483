"""Deciding who moves to a version, moving them in batches, and taking a move back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from config.events.models import ActivityEvent
from config.support.bell import ring
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries import outline_for
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.progress.actions.locking import lock_standings
from learners.progress.actions.settling import event_of, newly_open, settle
from learners.progress.models import Attempt, ModuleOpening
from learners.progress.queries.standing import Standing, standing_of
from learners.rollout.errors import NothingToUndo, NotLive, StillMoving, UnknownPolicy, UnknownRollout
from learners.rollout.models import CohortMove, EnrollmentMove, Policy, Rollout
from learners.rollout.queries import traveler_of
from learners.rollout.rules import MOVES, POLICIES, required_keys, still_untouched, verdict

BELL: Final = "rollout.move"
AT_ONCE: Final = 200

Held = Sequence[tuple[Enrollment, Standing]]


@transaction.atomic
def start_rollout(
    *, version_id: int, policy: str, cohort_ids: Collection[int], note: str = "", actor_id: int | None, now: datetime
) -> Rollout:
    """
    Write down who moves to the live version of a journey, let new people of these cohorts begin with it, and ring.

    The people themselves are moved by `move_next`, batch by batch. cohort_ids: of this journey; others are left out.
    "keep" moves nobody and is written down all the same. Raises UnknownPolicy, NotLive, StillMoving.
    """
    if policy not in POLICIES:
        raise UnknownPolicy
    version = JourneyVersion.objects.select_related("journey").filter(pk=version_id).first()
    if version is None or version.status != VersionStatus.PUBLISHED:
        raise NotLive
    chosen = Cohort.objects.filter(version__journey_id=version.journey_id, pk__in=cohort_ids)
    cohorts = list(chosen.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    rollout = _begin(
        Rollout(
            journey=version.journey,
            version=version,
            policy=policy,
            note=note.strip(),
            started_at=now,
            started_by_id=actor_id,
            expected=_of_cohorts(cohorts).exclude(version_id=version.pk).count(),
        )
    )
    CohortMove.objects.bulk_create(
        CohortMove(rollout=rollout, cohort=cohort, from_version_id=cohort.version_id) for cohort in cohorts
    )
    if policy == Policy.KEEP:
        rollout.stayed, rollout.finished_at = rollout.expected, now
        rollout.save(update_fields=["stayed", "finished_at"])
        return rollout
    _set_default([cohort.pk for cohort in cohorts], version.pk, now)
    ring(BELL)
    return rollout


@transaction.atomic
def undo_rollout(*, rollout_id: int, note: str = "", actor_id: int | None, now: datetime) -> Rollout:
    """
    Take a rollout back, as a row of its own: whoever it moved goes back to the version they came from.

    Nothing that anybody did since is lost, and whoever has finished since stays finished where they are. So do those
    whom a later rollout has moved on. Raises UnknownRollout, StillMoving, NothingToUndo.
    """
    first = Rollout.objects.select_for_update(no_key=True).filter(pk=rollout_id).first()
    if first is None:
        raise UnknownRollout
    if first.finished_at is None:
        raise StillMoving
    if first.undoes_id or first.policy == Policy.KEEP or Rollout.objects.filter(undoes=first).exists():
        raise NothingToUndo
    rollout = _begin(
        Rollout(
            journey_id=first.journey_id,
            version_id=first.version_id,
            policy=first.policy,
            undoes=first,
            note=note.strip(),
            started_at=now,
            started_by_id=actor_id,
            expected=first.moved,
        )
    )
    came_from: dict[int, list[int]] = defaultdict(list)
    moved = first.cohorts.filter(cohort__version_id=first.version_id)
    for cohort_id, from_version_id in moved.values_list("cohort_id", "from_version_id"):
        came_from[from_version_id].append(cohort_id)
    for from_version_id, ids in came_from.items():
        _set_default(ids, from_version_id, now)
    ring(BELL)
    return rollout


def move_next(*, rollout_id: int, now: datetime, limit: int = AT_ONCE) -> bool:
    """
    Move the next people of a rollout, in one transaction, and tell whether there may be more.

    Each is decided about once more under the lock of their own row, since people go on while others are moved. A batch
    costs about twenty queries; a worker that dies in the middle leaves it undone, and the next goes on from there.
    """
    with transaction.atomic():
        rollouts = Rollout.objects.select_for_update(no_key=True, of=("self",))
        rollout = rollouts.select_related("version__journey").get(pk=rollout_id)
        if rollout.finished_at is not None:
            return False
        ids = _next_ids(rollout, limit)
        if ids:
            held = lock_standings(ids)
            moved = _take_back(rollout, held, now) if rollout.undoes_id else _move(rollout, held, now)
            rollout.moved += moved
            rollout.stayed += len(held) - moved
            rollout.after_id = ids[-1]
        if len(ids) < limit:
            rollout.finished_at = now
        rollout.save(update_fields=["moved", "stayed", "after_id", "finished_at"])
        return rollout.finished_at is None


def move_everybody(*, now: datetime) -> int:
    """Go on with every rollout that is not finished until all are, and return how many batches that took."""
    batches = 0
    for rollout_id in Rollout.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True):
        while True:
            batches += 1
            if not move_next(rollout_id=rollout_id, now=now):
                break
    return batches


def _begin(rollout: Rollout) -> Rollout:
    try:
        with transaction.atomic():
            rollout.save(force_insert=True)
    except IntegrityError as error:
        raise StillMoving from error
    return rollout


def _of_cohorts(cohorts: Sequence[Cohort]) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(cohort__in=[cohort.pk for cohort in cohorts])


def _set_default(cohort_ids: Sequence[int], version_id: int, now: datetime) -> None:
    Cohort.objects.filter(pk__in=cohort_ids).update(version_id=version_id, updated_at=now)


def _next_ids(rollout: Rollout, limit: int) -> list[int]:
    if rollout.undoes_id:
        moves = EnrollmentMove.objects.filter(rollout_id=rollout.undoes_id, enrollment_id__gt=rollout.after_id)
        return list(moves.order_by("enrollment_id").values_list("enrollment_id", flat=True)[:limit])
    people = Enrollment.objects.filter(cohort__in=rollout.cohorts.values("cohort_id"), pk__gt=rollout.after_id)
    others = people.exclude(version_id=rollout.version_id)
    return list(others.order_by("pk").values_list("pk", flat=True)[:limit])


def _move(rollout: Rollout, held: Held, now: datetime) -> int:
    required = required_keys(outline_for(rollout.version))
    going = [
        (enrollment, standing)
        for enrollment, standing in held
        if verdict(
            traveler_of(enrollment, standing.facts, rollout.version_id), policy=rollout.policy, required=required
        )
        == MOVES
    ]
    _change_version(rollout, going, {enrollment.pk: rollout.version for enrollment, _ in going}, now)
    return len(going)


def _take_back(rollout: Rollout, held: Held, now: datetime) -> int:
    rows = EnrollmentMove.objects.filter(rollout=rollout.undoes, enrollment__in=[one.pk for one, _ in held])
    moves = {move.enrollment_id: move for move in rows.select_related("from_version__journey")}
    going = [
        (enrollment, standing)
        for enrollment, standing in held
        if enrollment.version_id == rollout.version_id and enrollment.status != EnrollmentStatus.COMPLETED
    ]
    reopened = _close_again(going, moves)
    targets = {enrollment.pk: moves[enrollment.pk].from_version for enrollment, _ in reopened}
    _change_version(rollout, reopened, targets, now)
    return len(reopened)


def _close_again(going: Held, moves: Mapping[int, EnrollmentMove]) -> Held:
    """Forget openings that the move itself brought, where nothing was done in the module since."""
    since = {(move.enrollment_id): move.moved_at for move in moves.values()}
    saved = Attempt.objects.filter(enrollment__in=[one.pk for one, _ in going]).values_list(
        "enrollment_id", "step_key", "saved_at"
    )
    done: dict[int, set[str]] = defaultdict(set)
    for pk, step_key, at in saved:
        if at >= since[pk]:
            done[pk].add(step_key)
    closed: list[tuple[Enrollment, Standing]] = []
    for enrollment, standing in going:
        keys = done[enrollment.pk] | {key for key, at in standing.facts.completed.items() if at >= since[enrollment.pk]}
        steps = standing.outline.steps_by_key
        touched = {steps[key].module_key for key in keys if key in steps}
        shut = still_untouched(moves[enrollment.pk].opened, touched)
        if shut:
            ModuleOpening.objects.filter(enrollment=enrollment, module_key__in=shut).delete()
            opened = {key: at for key, at in standing.facts.opened.items() if key not in shut}
            standing = standing_of(enrollment, replace(standing.facts, opened=opened))
        closed.append((enrollment, standing))
    return closed


def _change_version(rollout: Rollout, going: Held, targets: Mapping[int, JourneyVersion], now: datetime) -> None:
    """Put people on their new versions, with what follows from it: openings, roll-ups, events, timers to arm."""
    changed: list[tuple[Enrollment, Standing]] = []
    moves: list[EnrollmentMove] = []
    events: list[ActivityEvent] = []
    by_version: dict[int, list[int]] = defaultdict(list)
    for enrollment, standing in going:
        before, after = enrollment.version, targets[enrollment.pk]
        enrollment.version = after
        moved = standing_of(enrollment, standing.facts)
        opened = [opening.module_key for opening in newly_open(enrollment, moved, now)]
        moves.append(
            EnrollmentMove(
                rollout=rollout,
                enrollment=enrollment,
                from_version=before,
                to_version=after,
                opened=opened,
                moved_at=now,
            )
        )
        events.append(_event(enrollment, before, after, rollout, now))
        by_version[after.pk].append(enrollment.pk)
        changed.append((enrollment, moved))
    for version_id, ids in by_version.items():
        Enrollment.objects.filter(pk__in=ids).update(version_id=version_id)
    EnrollmentMove.objects.bulk_create(moves)
    if changed:
        settle(changed, events=events, actor_id=rollout.started_by_id, now=now, is_undone=bool(rollout.undoes_id))


def _event(
    enrollment: Enrollment, before: JourneyVersion, after: JourneyVersion, rollout: Rollout, now: datetime
) -> ActivityEvent:
    return event_of(
        enrollment,
        verb="enrollment.moved",
        object_type="enrollment",
        object_uuid=enrollment.uuid,
        occurred_at=now,
        now=now,
        actor_id=rollout.started_by_id,
        data={"from_version": before.number, "to_version": after.number},
    )
