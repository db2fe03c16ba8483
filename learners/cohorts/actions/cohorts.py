"""Creating cohorts, their staff and their live sessions."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from config.accounts.models import Membership
from config.accounts.models.user import validate_zone
from config.events.actions import record
from config.support.errors import Fault, InvalidInput, NotFound
from journeys.authoring.models import JourneyVersion, OrganizationCalendar, Step
from journeys.schedule.calendar import UnknownCountry, calendar_for
from learners.cohorts.errors import ForeignVersion, UnknownKey, VersionNotPublished
from learners.cohorts.models import Cohort, CohortStaff, LiveSession
from learners.cohorts.models.cohort import Clock, StaffRole, ZoneRule
from learners.cohorts.rules.days import HINT, is_plausible


@transaction.atomic
def create_cohort(
    *,
    organization_id: int,
    version_id: int,
    name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    clock: str = Clock.SHARED,
    time_zone: str = "",
    zone_rule: str = ZoneRule.LEARNER,
    country: str = "",
    days_off: Sequence[date] = (),
    calendar_id: int | None = None,
    actor_id: int | None = None,
    now: datetime,
) -> Cohort:
    """
    Create a cohort that runs a published version of one of the organization's journeys.

    time_zone "" = the organization's. country "" = the holidays of each learner's zone's country. calendar_id: one of
    the organization's work calendars in place of a country.
    Raises ForeignVersion, VersionNotPublished, and InvalidInput with every fault of the dates at once.
    """
    version = JourneyVersion.objects.select_related("journey__organization").filter(pk=version_id).first()
    if version is None or version.journey.organization_id != organization_id:
        raise ForeignVersion
    if version.is_draft:
        raise VersionNotPublished
    cohort = Cohort(
        organization_id=organization_id,
        version=version,
        name=" ".join(name.split()),
        clock=clock,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone or version.journey.organization.time_zone,
        zone_rule=zone_rule,
        country=country.strip().upper(),
        days_off=[day.isoformat() for day in sorted(set(days_off))],
        calendar_id=calendar_id,
        created_at=now,
        updated_at=now,
    )
    check_cohort(cohort)
    cohort.save(force_insert=True)
    tell_of_cohort(cohort, verb="cohort.created", actor_id=actor_id, now=now)
    return cohort


def check_cohort(cohort: Cohort) -> None:
    """Refuse a cohort whose own values do not fit together. Raises InvalidInput with every fault."""
    faults = list(_faults(cohort))
    if faults:
        raise InvalidInput(faults=faults)


def _faults(cohort: Cohort) -> Iterator[Fault]:
    if not 1 <= len(cohort.name) <= 200:
        yield Fault("/name", "Give the cohort a name of at most 200 characters.")
    if cohort.clock not in Clock.values:
        yield Fault("/clock", f"Choose one of {', '.join(Clock.values)}.")
    if cohort.zone_rule not in ZoneRule.values:
        yield Fault("/zone_rule", f"Choose one of {', '.join(ZoneRule.values)}.")
    if cohort.clock == Clock.SHARED and cohort.starts_on is None:
        yield Fault("/starts_on", "A cohort with shared dates needs the day on which it starts.")
    yield from _date_faults(cohort)
    if cohort.calendar_id is not None:
        yield from _calendar_faults(cohort)
    try:
        validate_zone(cohort.time_zone)
        calendar_for(cohort.country or None, cohort.time_zone)
    except ValidationError:
        yield Fault("/time_zone", f"“{cohort.time_zone}” is not a time zone. Use a name such as Europe/Paris.")
    except UnknownCountry as error:
        yield Fault("/country", str(error))


def _date_faults(cohort: Cohort) -> Iterator[Fault]:
    for name in ("starts_on", "ends_on"):
        day = getattr(cohort, name)
        if day and not is_plausible(day):
            yield Fault(f"/{name}", HINT)
    if cohort.starts_on and cohort.ends_on and cohort.ends_on < cohort.starts_on:
        yield Fault("/ends_on", "The end lies before the start. Choose a later end.")


def _calendar_faults(cohort: Cohort) -> Iterator[Fault]:
    if cohort.country:
        yield Fault("/country", "The work calendar says which holidays count. Leave this empty, or choose no calendar.")
    own = OrganizationCalendar.objects.filter(pk=cohort.calendar_id or 0, organization_id=cohort.organization_id)
    if cohort.organization_id is not None and not own.exists():
        yield Fault("/calendar", "There is no such work calendar. Choose one of your organization’s.")


@transaction.atomic
def set_staff(*, cohort_id: int, user_id: int, role: str, actor_id: int | None, now: datetime) -> CohortStaff:
    """
    Make a member of the organization facilitator or manager of a cohort; a repeat changes nothing.

    Raises InvalidInput for an unknown role, NotFound for somebody who is not a member.
    """
    if role not in StaffRole.values:
        raise InvalidInput(faults=[Fault("/role", f"Choose one of {', '.join(StaffRole.values)}.")])
    cohort = Cohort.objects.get(pk=cohort_id)
    members = Membership.objects.filter(organization_id=cohort.organization_id, user_id=user_id, is_active=True)
    if not members.exists():
        raise NotFound("This person is not a member of your organization. Invite them first.")
    staff, created = CohortStaff.objects.get_or_create(cohort=cohort, user_id=user_id, role=role)
    if created:
        _touch(cohort, actor_id=actor_id, now=now)
    return staff


@transaction.atomic
def remove_staff(*, cohort_id: int, user_id: int, role: str, actor_id: int | None, now: datetime) -> bool:
    """Take a role for a cohort from a person and tell whether they had it."""
    removed, _ = CohortStaff.objects.filter(cohort_id=cohort_id, user_id=user_id, role=role).delete()
    if removed:
        _touch(Cohort.objects.get(pk=cohort_id), actor_id=actor_id, now=now)
    return bool(removed)


@transaction.atomic
def close_cohort(*, cohort_id: int, actor_id: int | None, now: datetime) -> Cohort:
    """Close a cohort: nobody joins any more, those in it go on. A repeat keeps the first date."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)
    if cohort.closed_at is None:
        cohort.closed_at = cohort.updated_at = now
        cohort.save(update_fields=["closed_at", "updated_at"])
        tell_of_cohort(cohort, verb="cohort.closed", actor_id=actor_id, now=now)
    return cohort


@transaction.atomic
def schedule_live_session(
    *,
    cohort_id: int,
    step_key: str,
    starts_at: datetime,
    minutes: int | None = None,
    place: str = "",
    facilitator_id: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> LiveSession:
    """
    Say when and where a live session takes place for a cohort, or change it.

    minutes None = those of the activity. sequence grows with every change, so that calendars replace the old entry.
    Raises UnknownKey when the cohort's version has no live session of this key, InvalidInput for the length.
    """
    cohort = Cohort.objects.select_for_update(no_key=True, of=("self",)).get(pk=cohort_id)
    steps = Step.objects.select_related("revision").filter(version_id=cohort.version_id, key=step_key)
    step = steps.filter(activity__kind="live_session").first()
    if step is None:
        raise UnknownKey(f"This cohort's journey has no live session “{step_key}”.")
    length = minutes if minutes is not None else (step.revision.minutes if step.revision else 50)
    values = {
        "starts_at": starts_at,
        "minutes": length,
        "place": " ".join(place.split()),
        "facilitator_id": facilitator_id,
    }
    _check_session(length, values["place"])
    session = LiveSession.objects.filter(cohort=cohort, step_key=step_key).first()
    if session is not None and all(getattr(session, name) == value for name, value in values.items()):
        return session
    sequence = session.sequence + 1 if session is not None else 0
    session, _ = LiveSession.objects.update_or_create(
        cohort=cohort, step_key=step_key, defaults={**values, "sequence": sequence, "updated_at": now}
    )
    record(
        organization_id=cohort.organization_id,
        actor_id=actor_id,
        verb="session.scheduled",
        object_type="live_session",
        object_uuid=session.uuid,
        cohort_uuid=cohort.uuid,
        occurred_at=now,
        now=now,
        data={"step": step_key, "starts_at": starts_at.isoformat(), "minutes": length},
    )
    return session


def _check_session(minutes: int, place: object) -> None:
    faults = []
    if not 1 <= minutes <= 600:
        faults.append(Fault("/minutes", "A session takes from 1 to 600 minutes."))
    if len(str(place)) > 300:
        faults.append(Fault("/place", "Write the place or link in at most 300 characters."))
    if faults:
        raise InvalidInput(faults=faults)


def tell_of_cohort(cohort: Cohort, *, verb: str, actor_id: int | None, now: datetime) -> None:
    """Record an event about a cohort as a whole."""
    record(
        organization_id=cohort.organization_id,
        actor_id=actor_id,
        verb=verb,
        object_type="cohort",
        object_uuid=cohort.uuid,
        cohort_uuid=cohort.uuid,
        occurred_at=now,
        now=now,
    )


def _touch(cohort: Cohort, *, actor_id: int | None, now: datetime) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(updated_at=now)
    tell_of_cohort(cohort, verb="cohort.updated", actor_id=actor_id, now=now)
