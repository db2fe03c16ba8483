"""Events outside the journey: recording that they took place, for a whole cohort or for one person."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from config.events.actions import record
from config.support.errors import Fault, InvalidInput
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import events_of
from learners.cohorts.errors import NothingToDo, UnknownCohort, UnknownKey
from learners.cohorts.models import Cohort, Enrollment
from learners.progress.actions.dates import settle_all


@transaction.atomic
def record_events(
    *, cohort_id: int, happened: Mapping[str, datetime | None], actor_id: int | None, now: datetime
) -> Cohort:
    """Record several events of a cohort, or none of them; see record_event."""
    for key, at in happened.items():
        cohort = record_event(cohort_id=cohort_id, key=key, happened_at=at, actor_id=actor_id, now=now)
    return cohort


@transaction.atomic
def record_event(
    *, cohort_id: int, key: str, happened_at: datetime | None, actor_id: int | None, now: datetime
) -> Cohort:
    """
    Record that an event took place for everybody in a cohort, also for those who join later, or when it really did.

    happened_at: aware UTC, never after now; None takes the record back, and what it opened stays open.
    Nothing is written when nothing changes. Raises UnknownKey for what is no event of the versions that the cohort
    runs, NothingToDo for taking back what was not recorded, InvalidInput, UnknownCohort.
    """
    if happened_at is not None and happened_at > now:
        detail = "Give a moment that is not in the future: an event is recorded once it has taken place."
        raise InvalidInput(detail, faults=[Fault("/happened_at", detail)])
    cohort = Cohort.objects.select_for_update(of=("self",), no_key=True).filter(pk=cohort_id).first()
    if cohort is None:
        raise UnknownCohort
    known = events_in(cohort)
    if key not in known:
        raise UnknownKey(unknown_event(key, known))
    happened = dict(cohort.happened)
    if happened_at is None and key not in happened:
        raise NothingToDo(f"“{known[key]}” was not recorded, so there is nothing to take back.")
    if happened_at is None:
        del happened[key]
    else:
        happened[key] = happened_at.isoformat()
    if happened == cohort.happened:
        return cohort
    cohort.happened, cohort.updated_at = happened, now
    cohort.save(update_fields=["happened", "updated_at"])
    record(
        organization_id=cohort.organization_id,
        actor_id=actor_id,
        verb="cohort.event_recorded",
        object_type="cohort",
        object_uuid=cohort.uuid,
        cohort_uuid=cohort.uuid,
        occurred_at=happened_at or now,
        now=now,
        data={"event": key, "happened_at": happened.get(key)},
    )
    ids = Enrollment.objects.filter(cohort=cohort).order_by("pk").values_list("pk", flat=True)
    settle_all(list(ids), now=now)
    return cohort


def events_in(cohort: Cohort) -> dict[str, str]:
    """Return the events, key → title, of the versions that a cohort and its people run; one query."""
    run = JourneyVersion.objects.filter(enrollments__cohort=cohort) | JourneyVersion.objects.filter(
        pk=cohort.version_id
    )
    versions = run.distinct().order_by("number").only("events")
    return {event.key: event.title for version in versions for event in events_of(version)}


def unknown_event(key: str, known: dict[str, str]) -> str:
    """Say that a journey has no such event, and which ones it has."""
    if not known:
        return f"This journey waits for no event, so “{key}” cannot be recorded."
    return f"“{key}” is no event of this journey. Name one of {', '.join(known)}."
