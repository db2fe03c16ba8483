"""Changes that move the dates of everybody in a cohort, or of one person everywhere."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final, TypedDict, Unpack

from django.db import transaction

from config.accounts.models import User
from config.support.errors import Fault, InvalidInput
from config.support.holding import hold
from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import JourneyVersion, OrganizationCalendar
from journeys.authoring.rules.calendars import DayException
from learners.cohorts.actions.cohorts import check_cohort, tell_of_cohort
from learners.cohorts.errors import ForeignVersion, UnknownCohort, VersionNotPublished
from learners.cohorts.models import Cohort, Enrollment
from learners.people.actions.invitations import clean_zone
from learners.progress.actions.locking import lock_standings
from learners.progress.actions.settling import AT_ONCE, settle

MOVING: Final = frozenset(
    {"clock", "starts_on", "ends_on", "time_zone", "zone_rule", "country", "days_off", "calendar_id"}
)


class CohortChanges(TypedDict, total=False):
    """What may be changed about a cohort; what is left out stays."""

    name: str
    version_id: int
    clock: str
    starts_on: date | None
    ends_on: date | None
    time_zone: str
    zone_rule: str
    country: str
    days_off: Sequence[date]
    calendar_id: int | None
    closed_at: datetime | None


class CalendarValues(TypedDict):
    """What a work calendar says; see save_calendar."""

    name: str
    base: str
    country: str
    weekend: Sequence[int] | None
    exceptions: Sequence[DayException]


@transaction.atomic
def update_cohort(*, cohort_id: int, actor_id: int | None, now: datetime, **changes: Unpack[CohortChanges]) -> Cohort:
    """
    Change a cohort. New dates, zone or calendar move what is still to come for everybody in it, all at once.

    version_id: the version that new people run, of the same journey and published; those in the cohort keep theirs.
    Nothing is written when nothing changes. Raises InvalidInput with every fault, ForeignVersion, VersionNotPublished,
    UnknownCohort.
    """
    held = hold(Cohort.objects.select_related("organization", "calendar", "version__journey").filter(pk=cohort_id))
    if not held:
        raise UnknownCohort
    cohort = held[0]
    changed = _change(cohort, changes)
    if not changed:
        return cohort
    check_cohort(cohort)
    cohort.updated_at = now
    cohort.save()
    tell_of_cohort(cohort, verb="cohort.updated", actor_id=actor_id, now=now)
    if changed & MOVING:
        ids = Enrollment.objects.filter(cohort=cohort).order_by("pk").values_list("pk", flat=True)
        settle_all(list(ids), now=now)
    return cohort


def _change(cohort: Cohort, changes: CohortChanges) -> set[str]:
    values = dict(changes)
    if "version_id" in changes:
        _check_version(cohort, changes["version_id"])
    if "name" in changes:
        values["name"] = " ".join(changes["name"].split())
    if "country" in changes:
        values["country"] = changes["country"].strip().upper()
    if "days_off" in changes:
        values["days_off"] = [day.isoformat() for day in sorted(set(changes["days_off"]))]
    changed = {name for name, value in values.items() if getattr(cohort, name) != value}
    for name in changed:
        setattr(cohort, name, values[name])
    return changed


def _check_version(cohort: Cohort, version_id: int) -> None:
    version = JourneyVersion.objects.filter(pk=version_id).first()
    if version is None or version.journey_id != cohort.version.journey_id:
        raise ForeignVersion("Choose a version of the journey that this cohort runs.")
    if version.is_draft:
        raise VersionNotPublished


@transaction.atomic
def change_calendar(*, calendar_id: int, now: datetime, **values: Unpack[CalendarValues]) -> OrganizationCalendar:
    """
    Change a work calendar; what is still to come moves for everybody in the cohorts that have chosen it.

    Raises InvalidInput with every fault.
    """
    organization_id = OrganizationCalendar.objects.values_list("organization_id", flat=True).get(pk=calendar_id)
    calendar = save_calendar(organization_id=organization_id, calendar_id=calendar_id, now=now, **values)
    # Entity tags of what follows from a calendar know it by its cohorts.
    Cohort.objects.filter(calendar=calendar).update(updated_at=now)
    ids = Enrollment.objects.filter(cohort__calendar=calendar).order_by("pk").values_list("pk", flat=True)
    settle_all(list(ids), now=now)
    return calendar


@transaction.atomic
def change_time_zone(*, user_id: int, time_zone: str, now: datetime) -> User:
    """
    Move a person to another time zone; what is still to come follows them in every journey they run.

    Nothing is written when it is theirs already. Raises BadZone.
    """
    zone = clean_zone(time_zone)
    if not zone:
        raise InvalidInput(faults=[Fault("/time_zone", "Choose a time zone such as Europe/Paris.")])
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.time_zone != zone:
        user.time_zone = zone
        user.save(update_fields=["time_zone"])
        ids = Enrollment.objects.filter(user=user).order_by("pk").values_list("pk", flat=True)
        settle_all(list(ids), now=now)
    return user


def settle_all(enrollment_ids: Collection[int], *, now: datetime) -> None:
    """Write what follows for many people whose terms have changed, in the caller's transaction."""
    ids = list(enrollment_ids)
    for start in range(0, len(ids), AT_ONCE):
        settle(lock_standings(ids[start : start + AT_ONCE]), actor_id=None, now=now)
