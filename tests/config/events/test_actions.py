"""Recording events and giving them positions."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction

from config.accounts.models import Organization
from config.events.actions import record, sequence_events
from config.events.errors import UnknownVerb
from config.events.models import ActivityEvent
from config.events.queries import events_after, last_position
from config.events.verbs import VERBS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(slug="acme", name="Acme")


def write(organization: Organization, verb: str = "step.completed", **more: object) -> None:
    record(
        organization_id=organization.pk,
        actor_id=None,
        verb=verb,
        object_type="enrollment",
        object_uuid=uuid.uuid4(),
        occurred_at=NOW,
        now=NOW,
        **more,  # type: ignore[arg-type]
    )


def test_record_refuses_an_unlisted_verb(organization):
    with pytest.raises(UnknownVerb):
        write(organization, verb="step.finished")
    assert not ActivityEvent.objects.exists()


def test_record_falls_with_its_transaction(organization):
    with transaction.atomic():
        write(organization)
        transaction.set_rollback(True)
    assert not ActivityEvent.objects.exists()


def test_sequence_events_gives_positions_without_gaps(organization):
    for _ in range(3):
        write(organization)
    assert sequence_events(limit=2) == 2
    write(organization)
    assert sequence_events() == 2
    assert sequence_events() == 0
    assert [event.position for event in ActivityEvent.objects.order_by("id")] == [1, 2, 3, 4]
    assert last_position() == 4


def test_sequence_events_when_idle_asks_once(organization, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sequence_events() == 0


def test_events_after_skips_what_has_no_position_and_other_organizations(organization):
    other = Organization.objects.create(slug="other", name="Other")
    write(organization)
    write(other)
    sequence_events()
    write(organization)
    assert [event.position for event in events_after(0, organization_id=organization.pk, verbs=VERBS, limit=10)] == [1]
    assert events_after(1, organization_id=organization.pk, verbs=VERBS, limit=10) == []


def test_events_after_keeps_to_the_cohorts_asked_for(organization):
    mine, theirs = uuid.uuid4(), uuid.uuid4()
    write(organization, cohort_uuid=mine)
    write(organization, cohort_uuid=theirs)
    write(organization, verb="journey.published")
    sequence_events()
    found = events_after(0, organization_id=organization.pk, verbs=VERBS, limit=10, cohort_uuids=[mine])
    assert [event.cohort_uuid for event in found] == [mine]
