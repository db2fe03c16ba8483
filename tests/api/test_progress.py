"""The summary of a cohort, its learners, and whom to reach."""

import csv
import io
import json
from datetime import timedelta

import pytest

from config.accounts.models import Membership
from learners.cohorts.actions import withdraw
from learners.nudges.models import NudgeDelivery
from learners.progress.actions import complete_step, pause
from tests.api.world import signed_in, with_key
from tests.factories.learners import CheckInFactory, CommitmentFactory
from tests.learners.running import NOW, enrolled

WEEK = timedelta(days=7)


def summary(key, world):
    return key.get(f"/cohorts/{world.cohort.uuid}/progress/").json()


def value(aggregate):
    assert aggregate["suppressed"] is False
    return aggregate["value"], aggregate["n"]


def finish(enrollment):
    for key in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW)
    for key in ("plan", "look-back", "meet"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW + WEEK)


def test_the_summary_counts_people_and_steps_by_hand(world, key, clock):
    finish(world.ada)
    complete_step(enrollment_id=world.ben.pk, step_key="read", now=NOW)
    complete_step(enrollment_id=world.ben.pk, step_key="try-it", now=NOW)
    idle, paused, gone = (enrolled(world.cohort, f"{name}@example.com") for name in ("idle", "paused", "gone"))
    pause(enrollment_id=paused.pk, actor_id=None, now=NOW)
    complete_step(enrollment_id=gone.pk, step_key="read", now=NOW)
    withdraw(enrollment_id=gone.pk, actor_id=None, now=NOW)
    clock.move_to(NOW + WEEK + timedelta(days=1))

    told = summary(key, world)

    assert value(told["learners"]) == (4, 5)
    assert {status: one["value"] for status, one in told["status"].items()} == {
        "invited": 1,
        "active": 1,
        "paused": 1,
        "completed": 1,
        "withdrawn": 1,
    }
    assert value(told["completed"]) == (1, 4)
    assert value(told["steps_completed"]) == (5 + 2, 20)
    assert value(told["steps_practiced"]) == (3 + 1, 12)
    assert value(told["behind"]) == (1, 2)
    assert value(told["on_schedule"]) == (1, 2)
    first, second = told["modules"]
    assert (value(first["here"]), value(first["reached"])) == ((2, 4), (4, 4))
    assert (value(second["here"]), value(second["reached"])) == ((2, 4), (2, 4))
    assert told["as_of"] == "2027-03-11T12:00:00Z"
    assert idle.status == "invited"


def test_an_empty_cohort_has_a_summary(world, key):
    made = key.post(
        "/cohorts/",
        json={"journey": str(world.cohort.version.journey.uuid), "name": "Empty", "starts_on": "2027-06-01"},
    ).json()

    told = key.get(f"/cohorts/{made['id']}/progress/").json()

    assert value(told["learners"]) == (0, 0)
    assert value(told["steps_completed"]) == (0, 0)
    assert len(told["modules"]) == 2


def deliver(enrollment, state, reason="", number=0):
    NudgeDelivery.objects.create(
        organization=enrollment.cohort.organization,
        recipient=enrollment.user,
        enrollment=enrollment,
        cohort=enrollment.cohort,
        scope=enrollment.uuid,
        rule_key="weekly",
        occurrence="2027-03-03T16:00",
        channel="email",
        dedupe=f"{enrollment.uuid}|{state}|{reason}|{number}",
        category="practice",
        state=state,
        reason=reason,
        text="SECRET words of a designer",
        why="every Thursday",
        due_at=NOW,
        send_after=NOW,
        expires_at=NOW + WEEK,
        planned_at=NOW,
        sent_at=NOW if state == "sent" else None,
        ended_at=None if state == "planned" else NOW,
    )


def test_the_fate_of_messages_is_counted_by_reason_and_a_minute_old_at_most(world, key):
    for number, (state, reason) in enumerate(
        [
            ("sent", ""),
            ("sent", ""),
            ("suppressed", "quiet"),
            ("suppressed", "cap"),
            ("suppressed", "cap"),
            ("failed", "refused"),
            ("planned", ""),
        ]
    ):
        deliver(world.ada, state, reason, number)
    deliver(world.cleo, "sent")

    told = summary(key, world)["nudges"]

    assert value(told["sent"]) == (2, 6)
    assert value(told["failed"]) == (1, 6)
    assert value(told["unknown"]) == (0, 6)
    assert {reason: value(one) for reason, one in told["suppressed"].items()} == {"cap": (2, 6), "quiet": (1, 6)}


def schedule(caller, world):
    return caller.get(f"/enrollments/{world.ada.uuid}/schedule/").json()["entries"]


def test_the_schedule_tells_administrators_what_was_sent_and_not_what_it_said(world, clock):
    deliver(world.ada, "sent")
    deliver(world.ada, "suppressed", "opted_out")

    lines = schedule(signed_in(world.administrator), world)

    assert [line["kind"] for line in lines if line["sent"]] == ["nudge"]
    assert "SECRET" not in json.dumps(lines)
    assert "opted_out" not in json.dumps(lines)
    assert [line["at_utc"] for line in lines] == sorted(line["at_utc"] for line in lines)
    assert all(line["why"] for line in lines)


@pytest.mark.parametrize("caller", ["facilitator", "manager", "key"])
def test_the_schedule_tells_nobody_else_what_was_sent(world, key, clock, caller):
    asked = key if caller == "key" else signed_in(getattr(world, caller))
    before = schedule(asked, world)

    deliver(world.ada, "sent")
    deliver(world.ada, "suppressed", "opted_out")

    assert schedule(asked, world) == before
    assert {line["sent"] for line in before} == {None}


def stream(caller, world, ending):
    response = caller.get(f"/cohorts/{world.cohort.uuid}/learners.{ending}")
    return response, b"".join(response.streaming_content).decode()


def test_csv_ndjson_and_pages_agree_to_the_row(world, key):
    _, text = stream(key, world, "csv")
    _, lines = stream(key, world, "ndjson")
    pages = key.get(f"/cohorts/{world.cohort.uuid}/learners/").json()["results"]

    table = list(csv.DictReader(io.StringIO(text)))
    assert [json.loads(line) for line in lines.splitlines()] == pages
    assert [row["enrollment_id"] for row in table] == [row["id"] for row in pages]
    assert [row["completed"] for row in table] == [str(row["completed"]) for row in pages]
    assert [row["next_due_at"] for row in table] == [row["next_due_at"] for row in pages]
    assert [row["behind"] for row in table] == ["false", "false"]


def test_the_columns_of_the_csv_stay_as_they_are(world, key):
    response, text = stream(key, world, "csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment;")
    assert text.splitlines()[0] == (
        "enrollment_id,learner_id,name,email,time_zone,status,attempt,version,module,module_position,module_state,"
        "completed,required,practiced,last_activity_at,next_opens_at,next_due_at,behind,flags,reasons,starts_on,"
        "enrolled_at,completed_at,updated_at"
    )


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", '=HYPERLINK("http://x")']
)
def test_no_name_is_a_formula(world, key, name):
    world.ada.user.name = name
    world.ada.user.save()

    _, text = stream(key, world, "csv")
    row = next(csv.DictReader(io.StringIO(text, newline="")))

    assert row["name"] == f"'{name}"


def test_names_of_every_script_survive(world, key):
    world.ada.user.name = "Zoë, “Ж” 山田\nsecond line"
    world.ada.user.save()

    _, text = stream(key, world, "csv")

    assert next(csv.DictReader(io.StringIO(text, newline="")))["name"] == "Zoë, “Ж” 山田\nsecond line"


def test_streams_are_filtered(world, key):
    response = key.get(f"/cohorts/{world.cohort.uuid}/learners.ndjson?status=active")

    assert len(b"".join(response.streaming_content).splitlines()) == 1


def reached(caller, query=""):
    rows = caller.get(f"/people-to-reach/{query}").json()["results"]
    return {row["learner"]["name"]: [flag["rule"] for flag in row["flags"]] for row in rows}


def test_people_to_reach_are_told_with_the_rule(world, key, clock):
    clock.move_to(NOW + 2 * WEEK)
    assert reached(key) == {
        "Ada Canary": ["no-activity"],
        "Ben Canary": ["not-started"],
        "Cleo Canary": ["not-started"],
    }
    assert reached(key, "?rule=no-activity") == {"Ada Canary": ["no-activity"]}
    assert reached(key, f"?cohort={world.second.uuid}") == {"Cleo Canary": ["not-started"]}
    assert reached(with_key(world.organization, cohorts=[world.second])) == {"Cleo Canary": ["not-started"]}

    key.patch(f"/enrollments/{world.ada.uuid}/", json={"status": "paused"})
    key.patch(f"/cohorts/{world.second.uuid}/", json={"closed": True})

    assert reached(key) == {"Ben Canary": ["not-started"]}


def test_unanswered_check_ins_are_a_reason_until_they_are_answered(world, key, clock):
    plans = [CommitmentFactory(enrollment=world.ada, check_in_at=NOW + timedelta(hours=hour)) for hour in (1, 2)]
    assert reached(key) == {}

    clock.move_to(NOW + timedelta(hours=3))
    assert reached(key) == {"Ada Canary": ["check-ins-unanswered"]}

    CheckInFactory(commitment=plans[0], answered_at=NOW + timedelta(hours=3))
    assert reached(key) == {}


def test_nobody_reaches_out_to_themselves(world, clock):
    clock.move_to(NOW + 2 * WEEK)
    Membership.objects.filter(user=world.ada.user).update(is_administrator=True)

    assert "Ada Canary" not in reached(signed_in(world.ada.user))
    assert reached(signed_in(world.line_manager)) == {"Ben Canary": ["not-started"]}
