"""Who drives, and whether the engine may run."""

import os
import platform
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from config.support.prepared import Prepared
from learners.nudges.models import EngineState

# Loops that run twice do no harm, so the lease is short: after a driver's death it is all that the others wait for.
LEASE: Final = timedelta(seconds=15)
RENEW_AFTER: Final = timedelta(seconds=5)
RESTORED: Final = "The database was put back from a backup: look at what is due, then resume."

_state: Final = Prepared(lambda: EngineState.objects.filter(pk=1))


def engine_state() -> EngineState:
    """Return the one row, made on first use; one query."""
    state = _state.first()
    if state is None:
        EngineState.objects.bulk_create([EngineState(pk=1)], ignore_conflicts=True)
        state = EngineState.objects.get(pk=1)
    return state


class Lease:
    """
    The right to run arm, plan, fire and reap; one holder an installation. Lost when it is not renewed in time.

    state: the engine's row as it was read before. noted: what to write down when the lease is given back.
    """

    def __init__(self, state: EngineState) -> None:
        self.state = state
        self.holder = f"{platform.node()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:100]
        self._taken_at: datetime | None = None
        self.noted: dict[str, object] = {}

    def take(self, *, now: datetime) -> bool:
        """Take or renew the lease and tell whether it is ours; one conditional update decides."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease_holder=self.holder)
        if has_died(self.state.lease_holder):
            free |= Q(lease_holder=self.state.lease_holder)
        rows = EngineState.objects.filter(free, pk=1)
        is_ours = bool(rows.update(lease_holder=self.holder, lease_until=now + LEASE))
        self._taken_at = now if is_ours else None
        return is_ours

    def keep(self, *, now: datetime) -> bool:
        """Tell whether the lease is ours still; written anew only after a while, so that an idle tick writes little."""
        if self._taken_at is not None and now - self._taken_at < RENEW_AFTER:
            return True
        return self.take(now=now)

    def release(self, **noted: object) -> None:
        """Give the lease back, if it is still ours, and write down what the tick noted in the same statement."""
        EngineState.objects.filter(pk=1, lease_holder=self.holder).update(lease_until=None, **noted)


def has_died(holder: str) -> bool:
    """
    Tell whether a holder was a process of this host that is no more; its lease need not run out.

    Two containers of one name may be wrong about each other, and then both drive for a while, which does no harm.
    """
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != platform.node() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def note_idle(*, now: datetime) -> bool:
    """
    Write down a tick that found nothing to do, and tell whether that was all; one conditional update.

    False: somebody drives, or this deployment has yet to be compared with the database, and a whole tick must see.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    rows = EngineState.objects.filter(free, pk=1, epoch=settings.DEPLOYMENT_EPOCH)
    return bool(rows.update(last_tick_at=now, lag_seconds=0))


@contextmanager
def elected(*, now: datetime) -> Iterator[Lease | None]:
    """Yield the lease, or None when somebody else drives; give it back at the end, whatever happens."""
    lease = Lease(engine_state())
    if not lease.take(now=now):
        yield None
        return
    try:
        yield lease
    finally:
        lease.release(**lease.noted)


def stands_still(state: EngineState) -> bool:
    """Tell whether nothing may be sent: somebody paused the engine, or this deployment is not the database's."""
    return state.is_paused or (bool(state.epoch) and state.epoch != settings.DEPLOYMENT_EPOCH)


@transaction.atomic
def pause_engine(*, reason: str, user_id: int | None, now: datetime) -> None:
    """Stop all sending until somebody resumes; planning goes on, so that every message keeps its row. Idempotent."""
    engine_state()
    EngineState.objects.filter(pk=1, is_paused=False).update(
        is_paused=True, pause_reason=reason[:200], paused_at=now, paused_by_id=user_id
    )


@transaction.atomic
def resume_engine() -> None:
    """Let messages go out again, in this deployment; those that came too late meanwhile are suppressed as expired."""
    engine_state()
    EngineState.objects.filter(pk=1).update(
        is_paused=False, pause_reason="", paused_at=None, paused_by=None, epoch=settings.DEPLOYMENT_EPOCH
    )


def note_epoch(state: EngineState, *, now: datetime) -> None:
    """
    Compare the deployment's epoch with the one in the database, and stand still when they differ.

    After a restore from a backup the database believes that messages of the last hours were never sent. Whoever
    restores changes DEPLOYMENT_EPOCH; nothing goes out until a person has looked and resumed. The first start takes
    the epoch over.
    """
    if state.epoch == settings.DEPLOYMENT_EPOCH:
        return
    if not state.epoch and state.last_tick_at is None:
        EngineState.objects.filter(pk=1).update(epoch=settings.DEPLOYMENT_EPOCH)
        return
    pause_engine(reason=RESTORED, user_id=None, now=now)


def note_fault(words: str, *, now: datetime) -> None:
    """Write down the newest fault that a loop met and went on after, for whoever looks at the engine."""
    EngineState.objects.filter(pk=1).update(last_fault=words[:400], last_fault_at=now)
