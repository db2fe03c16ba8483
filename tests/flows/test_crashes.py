"""What dies or stops answering while messages go out, and what is left of it. Minutes long, because leases are."""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis as redis_client

from tests.flows.mail import post_office
from tests.flows.messages import Messages, copies
from tests.flows.people import Caller, crowd
from tests.flows.production import in_production
from tests.on_postgres import redis
from tests.processes import Served, eventually, served

pytestmark = pytest.mark.fault

EACH = 30
# A lease is two minutes; what a dead process held is free after that, at the next tick.
LEASE = 240


def accounted(running: Served) -> dict:
    """Return what `nudges status` tells, and fail unless it adds up."""
    told = json.loads(running.manage("nudges", "status", "--json").stdout)
    assert isinstance(told, dict)
    ended = told["sent"] + sum(told["suppressed"].values()) + told["failed"] + told["unknown"]
    assert told["planned"] == ended + told["open"], told
    return told


def test_the_one_process_killed_while_it_sends_goes_on_where_it_was(tmp_path):
    with post_office(delay=0.1) as post:
        mail = {"EMAIL_URL": post.url}
        with served(tmp_path, env=mail) as first:
            crowd(first, EACH)
            eventually(lambda: len(post.sink.accepted) >= 7, seconds=120, what=first.log)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait(10)
            fallen = Messages(first).by_state()
        assert fallen["sending"] + fallen["claimed"] > 0, fallen

        with served(tmp_path, env=mail) as second:
            messages = Messages(second)
            eventually(lambda: messages.ended(2 * EACH), seconds=LEASE, what=second.log)
            told = accounted(second)

    taken = copies(post)
    assert {one.category for one in messages.all() if taken[one.id] > 1} <= {"service"}
    assert sum(n - 1 for n in taken.values()) <= 1, "Only what was on the wire can be doubled."
    assert [one for one in messages.all() if one.state == "sent" and not taken[one.id]] == []
    assert told["unknown"] <= 1
    assert told["open"] == 0


def test_redis_emptied_hung_and_stopped_delays_messages_and_breaks_no_page(tmp_path):
    with post_office(delay=0.05) as post, in_production(tmp_path, env={"EMAIL_URL": post.url}) as running:
        caller, url = Caller(running, crowd(running, EACH)), running.environment["REDIS_URL"]
        # Who has not come yet would no longer need the welcome after their first step.
        people = caller.enrollments(status="active")
        queue = redis_client.Redis.from_url(url)
        eventually(lambda: len(post.sink.accepted) >= 3, seconds=120, what=running.log)
        queue.flushall()
        eventually(lambda: len(post.sink.accepted) >= 10, seconds=60, what=running.log)

        pid = int(queue.info()["process_id"])
        os.kill(pid, signal.SIGSTOP)
        while_hung = [caller.complete(one) for one in people[:5]]
        os.kill(pid, signal.SIGCONT)
        queue.shutdown(nosave=True)
        while_away = [caller.complete(one) for one in people[5:10]]
        page = running.get("/accounts/login/")[0]
        told = json.loads(running.get("/readyz")[1])["status"]

        messages = Messages(running)
        with redis(tmp_path, port=int(url.split(":")[2].split("/")[0])):
            eventually(lambda: messages.ended(2 * EACH), seconds=LEASE, what=running.log)
            accounted(running)
            ended = messages.by_state()

    assert (while_hung, while_away, page, told) == ([200] * 5, [200] * 5, 200, "degraded")
    assert set(copies(post).values()) == {1}
    assert set(ended) == {"sent"}


@pytest.mark.parametrize("way", ["refuses", "hangs", "drops"])
def test_a_mail_server_that_misbehaves_breaks_no_page_and_loses_no_message(tmp_path, way):
    with a_bad_server(way) as port, served(tmp_path, env={"EMAIL_URL": f"smtp://127.0.0.1:{port}"}) as running:
        caller = Caller(running, crowd(running, EACH))
        messages = Messages(running)
        eventually(lambda: messages.by_state().total() >= 2 * EACH, seconds=150, what=running.log)
        done = [caller.complete(one) for one in caller.enrollments(status="active")[:5]]
        page = running.get("/accounts/login/")[0]
        told = accounted(running)

    assert (page, done) == (200, [200] * 5)
    assert told["sent"] == 0
    assert told["open"] + told["unknown"] == told["planned"], "What could not leave waits, or says that nobody knows."


@contextmanager
def a_bad_server(way: str) -> Iterator[int]:
    """Yield a port where nobody listens, where nobody answers, or where everybody is hung up on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if way != "refuses":
            door.listen(50)
        held: list[socket.socket] = []
        threading.Thread(target=_receive, args=(door, way, held), daemon=True).start()
        yield int(door.getsockname()[1])
        for one in held:
            one.close()


def _receive(door: socket.socket, way: str, held: list[socket.socket]) -> None:
    while way != "refuses":
        try:
            visitor, _ = door.accept()
        except OSError:
            return
        if way == "drops":
            visitor.sendall(b"220 here\r\n")
            visitor.recv(100)
            visitor.close()
        else:
            held.append(visitor)
