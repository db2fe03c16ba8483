import os
import platform
import subprocess
import sys
from datetime import timedelta

import pytest

from learners.nudges.actions.engine import (
    LEASE,
    Lease,
    elected,
    engine_state,
    note_epoch,
    pause_engine,
    resume_engine,
    stands_still,
)
from learners.nudges.actions.tick import tick
from learners.nudges.models import EngineState
from learners.nudges.tasks import ring_dispatch, ring_tick
from learners.nudges.watch import Watch
from tests.factories.nudges import NudgeTimerFactory
from tests.learners.nudges.world import THURSDAY

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_lease_has_one_holder_at_a_time():
    first, second = Lease(engine_state()), Lease(engine_state())

    assert first.take(now=THURSDAY) is True
    assert second.take(now=THURSDAY + LEASE - timedelta(seconds=1)) is False
    assert second.take(now=THURSDAY + LEASE + timedelta(seconds=1)) is True
    assert first.take(now=THURSDAY + LEASE + timedelta(seconds=2)) is False


def test_lease_of_a_process_that_died_on_this_host_is_taken_at_once():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    EngineState.objects.create(pk=1, lease_holder=f"{platform.node()}:{gone.pid}:0", lease_until=THURSDAY + LEASE)

    assert Lease(engine_state()).take(now=THURSDAY) is True


@pytest.mark.parametrize(
    "holder",
    [f"{platform.node()}:{os.getpid()}:0", "elsewhere:999999999:0", "other", ""],
    ids=["of a process that lives", "of another host", "without a process", "of nobody"],
)
def test_lease_of_a_process_that_lives_or_is_elsewhere_is_left_to_run_out(holder):
    EngineState.objects.create(pk=1, lease_holder=holder, lease_until=THURSDAY + LEASE)

    assert Lease(engine_state()).take(now=THURSDAY) is False


def test_lease_lost_to_another_is_not_given_back_by_the_first():
    first, second = Lease(engine_state()), Lease(engine_state())
    first.take(now=THURSDAY)
    second.take(now=THURSDAY + LEASE * 2)

    first.release()

    assert EngineState.objects.get().lease_holder == second.holder
    assert EngineState.objects.get().lease_until is not None


def test_lease_is_renewed_after_a_while_only(django_assert_num_queries):
    lease = Lease(engine_state())
    lease.take(now=THURSDAY)

    with django_assert_num_queries(0):
        assert lease.keep(now=THURSDAY + timedelta(seconds=4))
    assert lease.keep(now=THURSDAY + timedelta(seconds=6))
    assert EngineState.objects.get().lease_until == THURSDAY + timedelta(seconds=21)


def test_lease_is_given_back_when_the_tick_breaks():
    def broken_tick():
        with elected(now=THURSDAY):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_tick()

    assert EngineState.objects.get().lease_until is None


def test_pause_is_written_down_with_who_and_why_and_a_repeat_keeps_the_first():
    pause_engine(reason="A look first", user_id=None, now=THURSDAY)
    pause_engine(reason="Again", user_id=None, now=THURSDAY + timedelta(hours=1))

    state = EngineState.objects.get()
    assert (state.is_paused, state.pause_reason, state.paused_at) == (True, "A look first", THURSDAY)
    resume_engine()
    assert EngineState.objects.get().is_paused is False


def test_database_from_a_backup_stands_still_until_somebody_resumes(settings):
    settings.DEPLOYMENT_EPOCH = "a"
    tick(now=THURSDAY)
    assert EngineState.objects.get().is_paused is False

    settings.DEPLOYMENT_EPOCH = "b"
    assert stands_still(engine_state()), "Nothing leaves before a tick has looked either."
    tick(now=THURSDAY + timedelta(minutes=1))
    assert "backup" in EngineState.objects.get().pause_reason

    resume_engine()
    note_epoch(engine_state(), now=THURSDAY + timedelta(minutes=2))
    state = EngineState.objects.get()
    assert (state.is_paused, state.epoch) == (False, "b")


@pytest.mark.parametrize("timers", [0, 3])
def test_idle_tick_costs_the_same_whatever_is_armed(django_assert_num_queries, timers):
    for _ in range(timers):
        NudgeTimerFactory(due_at=THURSDAY + timedelta(days=1), enrollment__needs_arming=False)
    tick(now=THURSDAY)

    with django_assert_num_queries(2):
        tick(now=THURSDAY)


def test_tasks_take_no_arguments_and_expire():
    for task, name in ((ring_tick, "nudges.tick"), (ring_dispatch, "nudges.dispatch")):
        assert task.name == name
        assert task.expires == 60
        task()


def test_watch_goes_on_from_its_reading():
    watch = Watch(THURSDAY)

    assert THURSDAY <= watch.now() < THURSDAY + timedelta(minutes=1)
    assert watch.elapsed() >= 0
