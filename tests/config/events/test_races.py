"""Positions while several sequencers and writers are at work; a feed that reads by position loses nothing."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from config.accounts.models import Organization
from config.events.actions import record, sequence_events
from config.events.models import ActivityEvent
from config.events.queries import events_after, last_position
from tests.races import RACES, at_once, need_postgresql

pytestmark = RACES
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VERB = "step.completed"


@pytest.fixture
def organization():
    need_postgresql()
    return Organization.objects.create(slug="acme", name="Acme")


def write(organization):
    record(
        organization_id=organization.pk,
        actor_id=None,
        verb=VERB,
        object_type="enrollment",
        object_uuid=uuid.uuid4(),
        occurred_at=NOW,
        now=NOW,
    )


def test_sequencers_at_once_give_each_event_one_position_and_leave_no_gap(organization):
    for _ in range(60):
        write(organization)

    def sequence():
        return sum(iter(lambda: sequence_events(limit=3), 0))

    given = at_once(*[sequence] * 6)

    assert [one for one in given if isinstance(one, Exception)] == []
    assert sum(given) == 60
    positions = ActivityEvent.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, 61))
    assert last_position() == 60


def test_an_event_that_commits_late_comes_behind_what_was_read_already(organization):
    recorded, read = threading.Event(), threading.Event()

    def commit_late():
        with transaction.atomic():
            write(organization)
            recorded.set()
            assert read.wait(20)

    def read_meanwhile():
        assert recorded.wait(20)
        write(organization)
        sequence_events()
        first = events_after(0, organization_id=organization.pk, limit=10, verbs=[VERB])
        read.set()
        return first

    late, first = at_once(commit_late, read_meanwhile)
    connections.close_all()

    assert late is None
    sequence_events()
    rest = events_after(first[-1].position, organization_id=organization.pk, limit=10, verbs=[VERB])
    assert [len(first), len(rest)] == [1, 1]
    assert rest[0].pk < first[0].pk, "Its id was taken first, so a reader by id would never see it."
