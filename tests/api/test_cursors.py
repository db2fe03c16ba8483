"""Pages read while others write: every row that was there comes once, on lists and in the feed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config.events.actions import sequence_events
from config.events.models import ActivityEvent
from learners.progress.actions import complete_step, shift_dates
from tests.api.world import Caller, World, make_world, with_key
from tests.learners.running import NOW, enrolled
from tests.races import need_postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# Bounded, or a walk would run after its own end for ever.
WRITERS, WALKS, PEOPLE, TURNS = 3, 3, 15, 15


def follow(caller: Caller, path: str) -> list[str]:
    """Return the ids of every page from the first to the last."""
    ids: list[str] = []
    next_: str | None = path
    while next_:
        page = caller.get(next_.removeprefix("http://testserver")).json()
        ids += [row["id"] for row in page["results"]]
        next_ = page["next"]
    return ids


def write(world: World, number: int, people: list[Any], done: Event) -> None:
    """Enroll, complete and shift while the reader reads."""
    try:
        turn = 0
        while not done.is_set() and turn < TURNS:
            turn += 1
            enrolled(world.cohort, f"new{number}-{turn}@example.com")
            person = people[(turn * WRITERS + number) % len(people)]
            complete_step(enrollment_id=person.pk, step_key="read", now=NOW)
            shift_dates(enrollment_id=person.pk, days=1, reason="", actor_id=None, now=NOW)
            sequence_events()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/cohorts/{cohort}/learners/?limit=4", "/enrollments/?limit=4", "/events/?limit=5"])
def test_a_walk_loses_and_doubles_nothing_while_others_write(clock, path):
    need_postgresql()
    world = make_world()
    people = [enrolled(world.cohort, f"p{number}@example.com") for number in range(PEOPLE)]
    sequence_events()
    caller = Caller(Client(), with_key(world.organization).secret)
    address, done = path.format(cohort=world.cohort.uuid), Event()
    before = follow(caller, address)

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, world, number, people, done) for number in range(WRITERS)]
        try:
            walks = [follow(caller, address) for _ in range(WALKS)]
        finally:
            done.set()
        for writer in writing:
            writer.result(30)

    for ids in walks:
        assert len(ids) == len(set(ids))
        assert [one for one in ids if one in set(before)] == before
    sequence_events()
    assert not ActivityEvent.objects.filter(position=None).exists()
    assert follow(caller, address)[: len(before)] == before
