"""
Workers killed with -9 while they send: nothing is sent twice that may not be, and every message is accounted for.

Real PostgreSQL, Redis and SMTP, three prefork workers and a beat started as docker-compose.yml says.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.flows.mail import Post, post_office
from tests.flows.messages import Messages, copies
from tests.flows.people import crowd
from tests.flows.production import Production, in_production
from tests.processes import eventually

pytestmark = [pytest.mark.fault]

# Each of them brings three messages: a welcome and two prompts.
EACH = -(-int(os.environ.get("CROWD", "2000")) // 3)
WORKERS = 3
CHILD_EVERY, WORKER_EVERY = 0.5, 20.0
PATIENCE = 2400
SEED = 20261123
# A smaller crowd is for a quick look, and has fewer to fall.
LEAST = min(30, 3 * EACH // 40)


@dataclass
class Toll:
    """
    What was killed: pool children and whole workers.

    in_hand: kills at whose moment some row was claimed or sending. orphans: claims whose lease ran out because their
    own process had died; a look each half second misses some, so this is the least there were.
    """

    children: int = 0
    workers: int = 0
    in_hand: int = 0
    orphans: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)

    @property
    def minutes(self) -> float:
        return round((time.monotonic() - self.began) / 60, 1)


def fates(running: Production) -> dict:
    told = json.loads(running.manage("nudges", "status", "--json").stdout)
    assert isinstance(told, dict)
    return told


def children(pid: int) -> list[int]:
    try:
        tasks = f"/proc/{pid}/task"
        return [int(c) for t in os.listdir(tasks) for c in open(f"{tasks}/{t}/children").read().split()]
    except FileNotFoundError:
        return []


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def harass(running: Production, rows: Messages, toll: Toll) -> None:
    """Kill a pool child every half second and a whole worker every 20 s until every message has ended."""
    chance = random.Random(SEED)
    started = last_worker = time.monotonic()
    while not rows.ended(3 * EACH):
        assert time.monotonic() - started < PATIENCE, (rows.by_state(), toll, running.log())
        time.sleep(CHILD_EVERY)
        running.revive()
        states = rows.by_state()
        toll.orphans |= rows.orphans()
        at_work = bool(states["claimed"] or states["sending"])
        if time.monotonic() - last_worker > WORKER_EVERY:
            last_worker = time.monotonic()
            _kill_a_worker(running, chance)
            toll.workers += 1
            toll.in_hand += at_work
            continue
        alive = [pid for name, one in running.others.items() if name != "beat" for pid in children(one.pid)]
        if alive:
            kill(chance.choice(alive))
            toll.children += 1
            toll.in_hand += at_work


def _kill_a_worker(running: Production, chance: random.Random) -> None:
    name = chance.choice(sorted(name for name in running.others if name != "beat"))
    pool = children(running.others[name].pid)
    running.others[name].kill()
    running.others[name].wait(10)
    for pid in pool:
        kill(pid)
    running.restart(name)


def test_workers_killed_while_they_send_double_nothing_and_lose_nothing(tmp_path):
    toll = Toll()
    with (
        post_office(delay=0.03) as post,
        in_production(tmp_path / "house", env={"EMAIL_URL": post.url}, workers=WORKERS) as running,
    ):
        crowd(running, EACH)
        rows = Messages(running)
        eventually(lambda: rows.by_state().total(), seconds=120, what=running.log)

        harass(running, rows, toll)

        judge(rows, post, toll, fates(running))


def judge(rows: Messages, post: Post, toll: Toll, told: dict) -> None:
    """Compare what the mail server took with what the rows say."""
    taken, found = copies(post), rows.all()
    doubled = [one for one in found if taken[one.id] > 1]
    assert all(one.id for one in found), "Each was on its way at least once."
    summary = {
        "messages": len(found),
        "killed children": toll.children,
        "killed workers": toll.workers,
        "killed while one was claimed or sending": toll.in_hand,
        "claims whose own process died": len(toll.orphans),
        "minutes": toll.minutes,
        "by fate": dict(Counter(f"{one.category} {one.state}" for one in found)),
        "doubled": dict(Counter(one.category for one in doubled)),
    }
    print(json.dumps(summary))  # noqa: T201 - the figures are what a reader of the run wants
    assert min(toll.in_hand, len(toll.orphans)) >= LEAST, summary
    assert {one.category for one in doubled} <= {"service"}, summary
    assert sum(taken[one.id] - 1 for one in doubled) <= toll.children + 2 * toll.workers, summary
    missing = [one for one in found if one.state == "sent" and not taken[one.id]]
    assert missing == [], "What is called sent was taken by the server."
    assert {one.state for one in found if one.category == "service"} == {"sent"}, summary
    assert {one.state for one in found} <= {"sent", "unknown"}, summary
    assert told["planned"] == told["sent"] + sum(told["suppressed"].values()) + told["failed"] + told["unknown"]
    assert set(taken) <= {one.id for one in found}, "Nothing left that no row tells of."
