"""What the arm loop reads of a batch of enrollments."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import DatabaseError
from django.db.models import Exists, OuterRef

from config.support.prepared import Prepared, moment, wholes
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS
from learners.nudges.models import NudgeTimer, Purpose
from learners.nudges.rules.quiet import place_of
from learners.nudges.rules.wanted import (
    Plan,
    Request,
    Told,
    Wanted,
    check_in_timers,
    journey_timers,
    passing_timers,
    sign_off_timers,
    welcome_timer,
)
from learners.progress.models import SignOff, SignOffState
from learners.progress.queries import Standing, timeline_of, timelines_of
from learners.reflections.models import CheckIn, Commitment

logger = logging.getLogger(__name__)

_RUNNING = (EnrollmentStatus.INVITED, EnrollmentStatus.ACTIVE)
_REACHED = (*_RUNNING, EnrollmentStatus.COMPLETED)


_with_terms: Final = Prepared(
    lambda: Enrollment.objects.filter(pk__in=wholes("enrollments")).select_related(*WITH_TERMS).order_by("pk")
)
_asked: Final = Prepared(
    lambda: SignOff.objects.filter(
        enrollment_id__in=wholes("enrollments"), state=SignOffState.ASKED, expires_at__gt=moment("now")
    ).order_by("pk")
)
_unanswered: Final = Prepared(
    lambda: (
        Commitment.objects.filter(
            ~Exists(CheckIn.objects.filter(commitment=OuterRef("pk"), answered_at__gte=OuterRef("changed_at"))),
            enrollment_id__in=wholes("enrollments"),
            check_in_at__isnull=False,
        )
        .order_by("pk")
        .values_list("enrollment_id", "step_key", "check_in_at")
    )
)
_passing: Final = Prepared(
    lambda: (
        NudgeTimer.objects.filter(enrollment_id__in=wholes("enrollments"))
        .exclude(purpose=Purpose.NUDGE)
        .values_list("enrollment_id", "purpose", "subject", "anchor", "fired_at")
    )
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Enrollments to arm, the timers that each should have, and those that could not be computed with the fault."""

    enrollments: list[Enrollment]
    wanted: dict[int, list[Wanted]]
    faults: dict[int, str]


def enrollments_to_arm(*, after_id: int, limit: int) -> list[Enrollment]:
    """Return the next enrollments that ask to be armed, by id; one query on a partial index, two when there are any."""
    asking = Enrollment.objects.filter(needs_arming=True, pk__gt=after_id).order_by("pk")
    ids = list(asking.values_list("pk", flat=True)[:limit])
    return _with_terms(enrollments=ids) if ids else []


def wanted_timers(enrollments: Sequence[Enrollment], *, now: datetime) -> Batch:
    """Return which timers these enrollments should have: 3 queries and those of timelines_of, whatever their number."""
    reached = [enrollment for enrollment in enrollments if enrollment.status in _REACHED]
    requests, plans, told = _requests(reached, now), _plans(reached), _told(reached)
    wanted: dict[int, list[Wanted]] = {enrollment.pk: [] for enrollment in enrollments}
    faults: dict[int, str] = {}
    standings = _standings(reached, faults)
    for enrollment in reached:
        standing = standings.get(enrollment.pk)
        if standing is None:
            continue
        try:
            wanted[enrollment.pk] = _of(
                enrollment, standing, requests[enrollment.pk], plans[enrollment.pk], told[enrollment.pk], now
            )
        except Exception as error:  # noqa: BLE001 - one journey that cannot be computed must not stop the others
            faults[enrollment.pk] = f"{type(error).__name__}: {error}"
    return Batch(list(enrollments), wanted, faults)


def _standings(enrollments: Sequence[Enrollment], faults: dict[int, str]) -> dict[int, Standing]:
    try:
        return timelines_of(enrollments)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The standings of %d enrollments could not be read at once", len(enrollments))
    found: dict[int, Standing] = {}
    for enrollment in enrollments:
        try:
            found[enrollment.pk] = timeline_of(enrollment)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - kept as a fault of this enrollment alone
            faults[enrollment.pk] = f"{type(error).__name__}: {error}"
    return found


def _of(
    enrollment: Enrollment,
    standing: Standing,
    requests: list[Request],
    plans: list[Plan],
    told: Told,
    now: datetime,
) -> list[Wanted]:
    outline, facts, timeline, calendar = standing
    zone = str(place_of(facts.zone, enrollment.cohort.organization.time_zone))
    found = list(journey_timers(outline, facts, timeline, calendar, now=now))
    found += sign_off_timers(requests, zone=zone)
    found += check_in_timers(plans, zone=zone)
    # Also for whoever is through: what opens later asks nothing of them and is there for them all the same.
    found += passing_timers(timeline, opened=facts.opened, told=told)
    if enrollment.joined_at is None and enrollment.status in _RUNNING:
        welcome = welcome_timer(enrolled_at=enrollment.enrolled_at, zone=zone)
        # Whoever was enrolled long before the engine saw them is not welcomed weeks later.
        found += [welcome] if welcome.expires_at is not None and welcome.expires_at > now else []
    return found


def _requests(enrollments: Sequence[Enrollment], now: datetime) -> defaultdict[int, list[Request]]:
    found: defaultdict[int, list[Request]] = defaultdict(list)
    for row in _asked(enrollments=[one.pk for one in enrollments], now=now):
        found[row.enrollment_id].append(Request(row.uuid, row.step_key, row.signer_id, row.asked_at, row.expires_at))
    return found


def _plans(enrollments: Sequence[Enrollment]) -> defaultdict[int, list[Plan]]:
    found: defaultdict[int, list[Plan]] = defaultdict(list)
    for enrollment_id, step_key, check_in_at in _unanswered(enrollments=[one.pk for one in enrollments]):
        if check_in_at is not None:
            found[enrollment_id].append(Plan(step_key, check_in_at))
    return found


def _told(enrollments: Sequence[Enrollment]) -> dict[int, Told]:
    """
    Return up to when each person's openings and deadlines were told: since they were enrolled where nothing was yet.

    Not since now: what a completion has just opened lies before this tick, and would never be told.
    """
    seen: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for pk, purpose, subject, anchor, fired_at in _passing(enrollments=[one.pk for one in enrollments]):
        if fired_at is not None and (purpose == Purpose.DUE or "/" in subject):
            seen[pk or 0, purpose].append(datetime.fromisoformat(anchor))

    def until(one: Enrollment, purpose: str) -> datetime:
        return max(seen[one.pk, purpose], default=one.enrolled_at)

    return {one.pk: Told(until(one, Purpose.OPENS), until(one, Purpose.DUE)) for one in enrollments}
