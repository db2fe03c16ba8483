"""The tick: reap, arm, plan and fire under one lease, then put events in order and ring for dispatch."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.events.actions import sequence_events
from config.support.bell import ring
from learners.nudges.actions.arm import BATCH as ARM_BATCH
from learners.nudges.actions.arm import arm
from learners.nudges.actions.engine import Lease, elected, note_epoch, note_fault, note_idle
from learners.nudges.actions.fire import BATCH as FIRE_BATCH
from learners.nudges.actions.fire import fire
from learners.nudges.actions.plan import plan
from learners.nudges.actions.reap import reap
from learners.nudges.dialect import in_one_go
from learners.nudges.queries.outlook import Waiting, what_is_left, what_waits
from learners.nudges.watch import Watch

logger = logging.getLogger(__name__)

# A tick that has this much behind it leaves the rest to the next one; nothing is lost by stopping between batches.
LOOP_SECONDS: Final = 12.0
# One bell fans out to several workers when there is a lot to send.
MESSAGES_A_BELL: Final = 400
MOST_BELLS: Final = 8


@dataclass(slots=True)
class TickReport:
    """What one tick did. ran False: another engine drives. due: messages that wait to be sent."""

    ran: bool = False
    reaped: int = 0
    armed: int = 0
    planned: int = 0
    fired: int = 0
    sequenced: int = 0
    faults: int = 0
    due: int = 0


def tick(*, now: datetime) -> TickReport:
    """
    Run every loop but dispatch once, under the lease; safe to call anywhere, any number of times.

    now: the database's time, read once by the caller. A loop that breaks is written down and the others run all the
    same. Rings `nudges.dispatch` when messages are due, also those whose bell was lost. Two queries when nothing waits;
    a loop for which nothing waits, and for which no loop before it can have made work, is not run.
    """
    report = TickReport()
    waiting = what_waits(now=now)
    if not any(waiting) and note_idle(now=now):
        report.ran = True
        return report
    watch = Watch(now)
    with elected(now=now) as lease:
        if lease is not None:
            report.ran = True
            note_epoch(lease.state, now=now)
            for loop in _loops(waiting):
                _run(loop, lease, watch, report, now)
        # A driver that died keeps its lease for a while. What is planned already goes out all the same.
        left = what_is_left(now=now)
        report.due = left.messages
        if lease is not None:
            lease.noted = {"last_tick_at": now, "lag_seconds": left.lag_seconds}
    for _ in range(min(MOST_BELLS, -(-report.due // MESSAGES_A_BELL))):
        ring("nudges.dispatch")
    return report


_Loop = Callable[[Lease, Watch, TickReport, datetime], None]


def _loops(waiting: Waiting) -> Iterator[_Loop]:
    """Give the loops to run, in order: what was armed may be due at once, and every loop may make events."""
    if waiting.reap:
        yield _reap
    if waiting.arm:
        yield _arm
    if waiting.arm or waiting.plan:
        yield _plan
    if waiting.arm or waiting.fire:
        yield _fire
    yield _sequence


def _run(loop: _Loop, lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    """Run one loop. All see the tick's one reading of the clock; the lease alone follows the time that passes."""
    try:
        loop(lease, watch, report, now)
    except Exception as error:
        logger.exception("The loop %s broke off", loop.__name__)
        report.faults += 1
        note_fault(f"{loop.__name__.strip('_')}: {type(error).__name__}: {error}", now=watch.now())


def _may_go_on(lease: Lease, watch: Watch, began: float) -> bool:
    """Look after the lease before each batch: whoever lost it stops here, and time for the other loops is left."""
    return watch.elapsed() - began < LOOP_SECONDS and lease.keep(now=watch.now())


def _reap(lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    report.reaped = reap(now=now)


def _arm(lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    after_id, began = 0, watch.elapsed()
    while _may_go_on(lease, watch, began):
        seen, faults, after_id = arm(now=now, after_id=after_id)
        report.armed += seen - faults
        report.faults += faults
        if seen < ARM_BATCH:
            return


def _plan(lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    began = watch.elapsed()
    while _may_go_on(lease, watch, began):
        seen, planned = plan(now=now)
        report.planned += planned
        if seen < in_one_go():
            return


def _fire(lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    began = watch.elapsed()
    while _may_go_on(lease, watch, began):
        seen = fire(now=now)
        report.fired += seen
        if seen < FIRE_BATCH:
            return


def _sequence(lease: Lease, watch: Watch, report: TickReport, now: datetime) -> None:
    report.sequenced = sequence_events()
