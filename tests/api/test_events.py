"""The feed: by position, oldest first, nothing left out, nothing that is nobody's business."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction
from django.test import Client

from config.accounts.models import Organization
from config.events.actions import record, sequence_events
from config.events.models import ActivityEvent
from config.events.verbs import FEED, NEVER_BY_NAME, WITHHELD
from tests.api.world import Caller, make_world, signed_in, with_key
from tests.learners.running import NOW
from tests.races import need_postgresql


@pytest.fixture
def world(db):
    """Built for each test here: those that race need rows that are committed."""
    return make_world()


def happens(world, verb="step.completed", enrollment=None):
    enrollment = enrollment or world.ada
    record(
        organization_id=enrollment.cohort.organization_id,
        actor_id=enrollment.user_id,
        verb=verb,
        object_type="enrollment",
        object_uuid=enrollment.uuid,
        enrollment_uuid=enrollment.uuid,
        cohort_uuid=enrollment.cohort.uuid,
        occurred_at=NOW,
        now=NOW,
    )


def read(caller, query=""):
    return caller.get(f"/events/{query}").json()


def follow(caller, after=0, limit=3):
    """Read page by page as a consumer does; returns cursors."""
    cursors, path = [], f"/events/?after={after}&limit={limit}"
    while path:
        page = caller.get(path).json()
        cursors += [event["cursor"] for event in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver")
    return cursors


def test_the_feed_is_read_from_the_beginning_and_from_a_cursor(world, key):
    every = follow(key)

    assert every == sorted(every, key=int)
    assert len(every) == len(set(every)) == ActivityEvent.objects.filter(organization=world.organization).count()
    assert follow(key, after=every[3]) == every[4:]
    assert read(key, f"?after={every[-1]}") == {"results": [], "next": None, "previous": None}


def test_what_has_no_position_yet_is_not_there_yet(world, key):
    before = follow(key)
    happens(world)
    assert follow(key) == before

    sequence_events()

    assert len(follow(key)) == len(before) + 1


@pytest.mark.parametrize("verb", sorted(WITHHELD))
def test_what_people_do_with_their_own_words_and_data_is_in_no_feed(world, key, verb):
    happens(world, verb)
    sequence_events()

    for caller in (key, signed_in(world.administrator), signed_in(world.facilitator)):
        assert verb not in {event["type"] for event in read(caller, "?limit=500")["results"]}
    assert key.get(f"/events/?type={verb}").status_code == 400


@pytest.mark.parametrize("verb", sorted(NEVER_BY_NAME))
def test_those_who_run_a_cohort_read_no_reflections_by_name(world, key, verb):
    happens(world, verb)
    sequence_events()

    for user in (world.administrator, world.facilitator, world.manager):
        assert read(signed_in(user), f"?type={verb}")["results"] == []
    assert len(read(key, f"?type={verb}")["results"]) == 1


def test_those_who_run_a_cohort_read_of_no_message(world):
    sent = {verb for verb in FEED if verb.startswith("nudge.")}
    for verb in sent:
        happens(world, verb)
    sequence_events()

    for user in (world.facilitator, world.manager):
        assert {event["type"] for event in read(signed_in(user), "?limit=500")["results"]}.isdisjoint(sent)


def test_each_caller_reads_the_events_of_what_they_see(world, key):
    def cohorts(caller):
        return {event["cohort"] for event in read(caller, "?limit=500")["results"]}

    mine, second = str(world.cohort.uuid), str(world.second.uuid)
    assert cohorts(key) == {mine, second, None}
    assert cohorts(signed_in(world.administrator)) == {mine, second, None}
    assert cohorts(with_key(world.organization, cohorts=[world.second])) == {second}
    assert cohorts(signed_in(world.facilitator)) == cohorts(signed_in(world.manager)) == {mine}
    assert cohorts(signed_in(world.ada.user)) == cohorts(signed_in(world.designer)) == set()


def test_the_feed_is_filtered(world, key):
    types = {event["type"] for event in read(key, "?type=step.completed")["results"]}
    assert types == {"step.completed"}

    assert {event["cohort"] for event in read(key, f"?cohort={world.second.uuid}")["results"]} == {
        str(world.second.uuid)
    }
    assert read(key, f"?cohort={world.other_cohort.uuid}")["results"] == []
    assert read(key, "?updated_since=2027-03-04T00:00:00Z")["results"] == []


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=", "after=9999999999999999999", "limit=501", "cursor=1"]
)
def test_a_cursor_that_cannot_be_is_refused(world, key, query):
    assert key.get(f"/events/?{query}").status_code == 400


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_read_late_and_not_lost(clock):
    """Taken by id, the first event would be skipped: its id is lower, and it is committed after the second was read."""
    need_postgresql()
    world = make_world()
    secret = with_key(world.organization).secret
    begun, read_on = Event(), Event()

    def write_late():
        try:
            with transaction.atomic():
                happens(world, "step.opened")
                begun.set()
                assert read_on.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(write_late)
        assert begun.wait(20)
        happens(world, "step.passed")
        sequence_events()
        consumer = Caller(Client(), secret)
        first = follow(consumer)
        read_on.set()
        late.result()
    sequence_events()

    rest = follow(consumer, after=first[-1])
    verbs = dict(ActivityEvent.objects.filter(position__isnull=False).values_list("position", "verb"))
    assert verbs[int(first[-1])] == "step.passed"
    assert [verbs[int(cursor)] for cursor in rest] == ["step.opened"]


def test_an_organization_without_events_reads_an_empty_feed(db):
    empty = Organization.objects.create(slug=uuid.uuid4().hex, name="New")

    assert read(with_key(empty)) == {"results": [], "next": None, "previous": None}
