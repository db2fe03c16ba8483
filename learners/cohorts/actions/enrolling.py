"""Enrolling people, one or thousands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from config.accounts.models import Membership, User
from config.events.actions import prepare
from config.events.models import ActivityEvent
from config.support.bell import ring
from config.support.errors import InvalidInput
from config.support.holding import hold
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import Outline
from journeys.schedule.timeline import timeline
from learners.cohorts.actions.rolling import BELL, put_roll_up
from learners.cohorts.errors import CohortClosed, RowRefused, UnknownCohort
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.models.cohort import Clock
from learners.cohorts.queries import terms_of
from learners.cohorts.rules.enrolling import Candidate, answer_known, sort_rows
from learners.cohorts.rules.enrollment_list import EnrollmentRow, RowResult
from learners.cohorts.rules.own_facts import Terms, calendar_of, facts_of
from learners.cohorts.rules.roll_up import RollUp, roll_up
from learners.people.actions.invitations import Invitation, clean_email, clean_zone, invite_members

BATCH: Final = 500


def enroll(
    *,
    cohort_id: int,
    email: str,
    name: str = "",
    time_zone: str = "",
    manager_email: str = "",
    starts_on: str = "",
    actor_id: int | None,
    now: datetime,
) -> Enrollment:
    """
    Enroll one person, who becomes a member of the organization where needed, and return the enrollment.

    Idempotent: somebody who is in the cohort stays as they are. starts_on: their own start as 2027-03-03, "" = the
    cohort's. Raises RowRefused with the reason, CohortClosed, UnknownCohort.
    """
    row = EnrollmentRow(1, email, name, time_zone, manager_email, starts_on)
    (result,) = enroll_many(cohort_id=cohort_id, rows=[row], actor_id=actor_id, now=now, dry_run=False)
    if result.outcome == "refused":
        raise RowRefused(result.detail)
    newest = Enrollment.objects.filter(cohort_id=cohort_id, user__email=result.email).order_by("-attempt_no")
    return newest.select_related("cohort__organization", "user", "version__journey")[0]


@transaction.atomic
def enroll_many(
    *, cohort_id: int, rows: Sequence[EnrollmentRow], actor_id: int | None, now: datetime, dry_run: bool
) -> list[RowResult]:
    """
    Enroll the people of a list and answer for each row, in the order of the rows.

    A row that cannot be used is refused and stops no other. dry_run answers the same and writes nothing. The queries
    of a batch of 500 do not grow with its rows. Raises CohortClosed, UnknownCohort.
    """
    cohort = _open_cohort(cohort_id)
    sorting = sort_rows(rows, clean_email=_or_value_error(clean_email), clean_zone=_or_value_error(clean_zone))
    results = list(sorting.refused)
    for batch in _batches(sorting.candidates):
        results += _enroll_batch(cohort, batch, actor_id=actor_id, now=now, dry_run=dry_run)
    if not dry_run and any(result.outcome == "created" for result in results):
        Cohort.objects.filter(pk=cohort.pk).update(updated_at=now)
        ring(BELL)
    return sorted(results, key=lambda result: result.line)


def _open_cohort(cohort_id: int) -> Cohort:
    # The lock lets one list at a time into a cohort. Learners at work never wait for it: their rows only refer to it.
    held = hold(Cohort.objects.select_related("organization", "version__journey").filter(pk=cohort_id))
    if not held:
        raise UnknownCohort
    cohort = held[0]
    if cohort.closed_at is not None:
        raise CohortClosed
    return cohort


def _or_value_error(clean: Callable[[str], str]) -> Callable[[str], str]:
    """Let the pure rules see a refusal as what it is to them: a value that cannot be used."""

    def cleaned(value: str) -> str:
        try:
            return clean(value)
        except InvalidInput as refusal:
            raise ValueError(refusal.detail) from refusal

    return cleaned


def _batches(candidates: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    for start in range(0, len(candidates), BATCH):
        yield candidates[start : start + BATCH]


def _enroll_batch(
    cohort: Cohort, batch: Sequence[Candidate], *, actor_id: int | None, now: datetime, dry_run: bool
) -> list[RowResult]:
    statuses = _statuses(cohort, batch)
    answers = [answer_known(candidate, statuses) for candidate in batch]
    known = [answer for answer in answers if answer is not None]
    new = [candidate for candidate, answer in zip(batch, answers, strict=True) if answer is None]
    if dry_run or not new:
        return known + [RowResult(c.line, c.email, "created") for c in new]
    members = invite_members(
        organization_id=cohort.organization_id,
        invitations=[Invitation(c.email, c.name, c.time_zone, c.manager_email) for c in new],
        actor_id=actor_id,
        now=now,
    )
    created = _insert(cohort, new, members, now)
    _tell(cohort, created.values(), actor_id=actor_id, now=now)
    return known + [RowResult(c.line, c.email, "created", enrollment_uuid=created[c.email].uuid) for c in new]


def _statuses(cohort: Cohort, batch: Sequence[Candidate]) -> dict[str, str]:
    rows = Enrollment.objects.filter(cohort=cohort, user__email__in=[candidate.email for candidate in batch])
    return dict(rows.order_by("attempt_no").values_list("user__email", "status"))


def _insert(
    cohort: Cohort, new: Sequence[Candidate], members: Mapping[str, Membership], now: datetime
) -> dict[str, Enrollment]:
    outline = outline_for(cohort.version)
    rolled: dict[Terms, RollUp] = {}
    enrollments: dict[str, Enrollment] = {}
    for candidate in new:
        enrollment = _enrollment(cohort, candidate, members[candidate.email].user, now)
        terms = terms_of(enrollment)
        if terms not in rolled:
            rolled[terms] = _first_roll_up(outline, terms, now)
        put_roll_up(enrollment, rolled[terms])
        enrollments[candidate.email] = enrollment
    Enrollment.objects.bulk_create(enrollments.values())
    return enrollments


def _enrollment(cohort: Cohort, candidate: Candidate, user: User, now: datetime) -> Enrollment:
    enrollment = Enrollment(
        cohort=cohort,
        user=user,
        version=cohort.version,
        starts_on=candidate.starts_on,
        enrolled_at=now,
        updated_at=now,
    )
    if cohort.clock == Clock.INDIVIDUAL and candidate.starts_on is None:
        # Kept, so that a later move to another zone cannot move the first day.
        enrollment.starts_on = now.astimezone(ZoneInfo(terms_of(enrollment).zone)).date()
    return enrollment


def _first_roll_up(outline: Outline, terms: Terms, now: datetime) -> RollUp:
    facts = facts_of(terms)
    return roll_up(outline, facts, timeline(outline, facts, calendar_of(terms)), now=now)


def _tell(cohort: Cohort, created: Iterable[Enrollment], *, actor_id: int | None, now: datetime) -> None:
    ActivityEvent.objects.bulk_create(
        [
            prepare(
                organization_id=cohort.organization_id,
                actor_id=actor_id,
                verb="enrollment.created",
                object_type="enrollment",
                object_uuid=enrollment.uuid,
                enrollment_uuid=enrollment.uuid,
                cohort_uuid=cohort.uuid,
                occurred_at=now,
                now=now,
                data={"journey": cohort.version.journey.key, "version": cohort.version.number},
            )
            for enrollment in created
        ]
    )
