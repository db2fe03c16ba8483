import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.support.clock import now as clock_now
from learners.nudges.actions.tick import tick
from learners.nudges.models import DeliveryState, EngineState, NudgeDelivery
from learners.nudges.queries.status import lag_seconds, read_status, tick_age_seconds
from tests.factories.nudges import NudgeDeliveryFactory, NudgeTimerFactory
from tests.learners.nudges.world import THURSDAY, learner_with

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def in_every_state():
    for state in DeliveryState:
        is_held = state in ("claimed", "sending")
        NudgeDeliveryFactory(
            state=state,
            reason="cap" if state in ("suppressed", "failed", "unknown") else "",
            sent_at=THURSDAY if state == "sent" else None,
            lease_until=THURSDAY if is_held else None,
            lease_token="00000000-0000-4000-8000-000000000001" if is_held else None,
        )


def test_status_adds_up_over_every_state():
    in_every_state()
    NudgeDeliveryFactory(state="suppressed", reason="quiet")

    status = read_status(now=THURSDAY)

    assert (status.planned, status.sent, status.failed, status.unknown, status.open) == (9, 1, 1, 1, 4)
    assert status.suppressed == {"cap": 1, "quiet": 1}
    assert status.adds_up


def test_status_of_one_organization_leaves_the_others_out():
    mine = NudgeDeliveryFactory()
    NudgeDeliveryFactory()

    assert read_status(now=THURSDAY, organization_id=mine.organization_id).planned == 1


def test_lag_is_that_of_the_oldest_message_or_timer_that_is_due():
    assert lag_seconds(now=THURSDAY) == 0
    NudgeDeliveryFactory(send_after=THURSDAY - timedelta(seconds=40))
    NudgeDeliveryFactory(send_after=THURSDAY + timedelta(seconds=40))
    assert lag_seconds(now=THURSDAY) == 40
    NudgeTimerFactory(due_at=THURSDAY - timedelta(minutes=2))
    assert lag_seconds(now=THURSDAY) == 120


def test_command_status_prints_the_names_that_scripts_rely_on(capsys):
    in_every_state()

    call_command("nudges", "status", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == [
        "planned",
        "sent",
        "suppressed",
        "failed",
        "unknown",
        "open",
        "lag_seconds",
        "lease",
    ]
    assert printed["planned"] == 8
    assert printed["suppressed"] == {"cap": 1}
    assert printed["lease"] is None


def test_command_status_names_who_drives(capsys):
    EngineState.objects.create(pk=1, lease_holder="host:1:a", lease_until=clock_now() + timedelta(seconds=60))

    call_command("nudges", "status", "--json")
    assert json.loads(capsys.readouterr().out)["lease"]["holder"] == "host:1:a"

    call_command("nudges", "status")
    printed = capsys.readouterr().out
    assert "planned 0 = sent 0 + suppressed 0 + failed 0 + unknown 0 + open 0" in printed
    assert "lease: held by host:1:a until" in printed


def test_command_and_page_say_the_same_of_a_lease_that_is_free_between_two_ticks(admin_client, capsys):
    at = clock_now() - timedelta(seconds=20)
    EngineState.objects.create(pk=1, lease_holder="host:1:a", lease_until=None, last_tick_at=at)

    call_command("nudges", "status")

    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    words = f"free between two ticks; the last one ended at {stamp}, the lease was last held by host:1:a"
    assert f"lease: {words}" in capsys.readouterr().out
    assert words in admin_client.get(reverse("admin:learners_enginestate_changelist")).content.decode()


def test_command_tick_runs_the_loops_and_sends(capsys):
    enrollment = learner_with(welcomed=False)
    type(enrollment).objects.update(enrolled_at=clock_now() - timedelta(minutes=1))

    call_command("nudges", "tick")

    printed = capsys.readouterr().out
    assert "armed 1, planned 1" in printed
    assert "sending: 1 sent" in printed
    assert len(mail.outbox) == 1
    assert NudgeDelivery.objects.get().state == "sent"


def test_command_tick_that_meets_a_fault_says_so(capsys, caplog):
    NudgeTimerFactory(
        enrollment__needs_arming=False,
        occurrence="?",
        repeats_days=7,
        due_at=clock_now(),
        expires_at=clock_now() + timedelta(hours=1),
    )
    EngineState.objects.create(pk=1)

    call_command("nudges", "tick")

    # A timer that cannot be planned is set aside; the engine's page names it.
    assert "cannot be planned" in EngineState.objects.get().last_fault


def test_command_tick_gives_up_when_another_engine_keeps_the_lease(monkeypatch):
    monkeypatch.setattr("learners.management.commands.nudges._PAUSE_SECONDS", 0.0)
    EngineState.objects.create(pk=1, lease_holder="other", lease_until=clock_now() + timedelta(seconds=60))

    with pytest.raises(CommandError, match="Another engine holds the lease"):
        call_command("nudges", "tick")


def test_tick_age_is_unknown_before_the_first_and_small_after_it():
    assert tick_age_seconds() is None

    tick(now=clock_now())

    age = tick_age_seconds()
    assert age is not None
    assert 0 <= age < 60
