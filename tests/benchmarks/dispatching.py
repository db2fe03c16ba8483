"""Sending: planned messages into a mail server that takes everything, beside a loop that only renders and sends."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from learners.nudges.actions.claim import claim
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.plan import plan
from learners.nudges.channels.email import MailPost
from learners.nudges.letters.orders import letter_for
from learners.nudges.models import DeliveryState, NudgeDelivery
from learners.nudges.queries.orders import Known, Order, fresh_orders, held_messages
from tests.benchmarks.measuring import Figure, queries_of, spending
from tests.benchmarks.rows import add_people, found_house, settle_down
from tests.benchmarks.timers import NOW, add_weekly_message, arm_people, live_a_little, make_due
from tests.learners.nudges.smtp_sink import use_server
from tests.loopback import ROOT, free_port, wait_for_port

PEOPLE = int(os.environ.get("BENCH_MESSAGES", "3000"))
# Behind the ten minutes over which a herd is spread.
LATER = NOW + timedelta(minutes=11)
ENDED = (DeliveryState.SENT, DeliveryState.SUPPRESSED)


def measure() -> Iterator[Figure]:
    """Send in batches as a worker does; the floor sends the same mails without asking or noting anything."""
    house = found_house(cohorts=20, now=NOW)
    add_weekly_message(house)
    add_people(house, PEOPLE)
    arm_people(house)
    live_a_little(house)
    make_due(PEOPLE)
    while plan(now=NOW)[0]:
        pass
    settle_down("learners_nudgedelivery", "learners_enrollment", "accounts_user")
    with _mail_server():
        floor = _bare()
        queries = queries_of(lambda: dispatch(now=LATER))
        before = NudgeDelivery.objects.filter(ended_at=LATER).count()
        with spending() as spent:
            while dispatch(now=LATER):
                pass
        sent = NudgeDelivery.objects.filter(state__in=ENDED, planned_at=NOW).exclude(ended_at=NOW).count() - before
    yield Figure("dispatch: messages", sent, sent / spent.total, "a core-second", floor=floor)
    yield Figure("dispatch: messages, without the database's part", sent, sent / spent.client, "a core-second")
    yield Figure("dispatch: messages on the wall, 1 worker", sent, sent / spent.wall, "a second")
    yield Figure("dispatch: queries of 100 messages", 100, queries, "queries", queries=queries)


def _bare() -> float:
    """Return how many of these mails a core-second renders and sends, by a plain loop over what was read before."""
    orders = _read()
    with spending() as spent, MailPost() as post:
        for order in orders:
            post.send(letter_for(order, now=LATER))
    NudgeDelivery.objects.filter(state=DeliveryState.CLAIMED).update(
        state=DeliveryState.PLANNED, lease_token=None, lease_until=None
    )
    return len(orders) / spent.total


def _read() -> Sequence[Order]:
    token = uuid.uuid4()
    claim(token=token, now=LATER, limit=200)
    return fresh_orders(held_messages(token), token, Known(), now=LATER)


@contextmanager
def _mail_server() -> Iterator[None]:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.sink", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for_port(port)
        use_server(settings, port)
        yield
    finally:
        process.terminate()
        process.wait(10)
