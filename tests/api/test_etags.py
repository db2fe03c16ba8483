"""Entity tags: unchanged rows answer 304, and whatever changes an answer changes its tag."""

from datetime import UTC, datetime, timedelta

import pytest

from config.events.actions import sequence_events
from learners.progress.actions import complete_step, pause
from tests.api.routes import address, arguments, methods_of, views
from tests.api.world import signed_in, with_key
from tests.factories.learners import CommitmentFactory
from tests.learners.running import NOW, enrolled

READS = sorted(name for name, view in views() if "GET" in methods_of(view) and view.scopes["GET"] != "signed-in")
DUE = datetime(2027, 3, 10, 17, tzinfo=UTC)


def tag(caller, path):
    return caller.get(path)["ETag"]


def is_unchanged(caller, path, etag):
    return caller.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("name", READS)
def test_every_read_answers_304_to_its_own_tag(world, key, name):
    path = address(name, arguments(world, name))
    first = key.get(path)

    again = key.get(path, headers={"If-None-Match": f'"other", {first["ETag"]}'})

    assert first["ETag"].startswith('W/"')
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    assert not again.content
    assert key.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("ending", ["progress/", "learners/", "learners.csv", "learners.ndjson"])
def test_a_completion_changes_the_tag(world, key, ending):
    path = f"/cohorts/{world.cohort.uuid}/{ending}"
    etag = tag(key, path)

    complete_step(enrollment_id=world.ben.pk, step_key="read", now=NOW)

    assert not is_unchanged(key, path, etag)


@pytest.mark.parametrize("ending", ["progress/", "learners/", "learners.csv", "learners.ndjson"])
def test_a_deadline_that_passes_changes_the_tag_though_no_row_changed(world, key, clock, ending):
    path = f"/cohorts/{world.cohort.uuid}/{ending}"
    clock.move_to(DUE - timedelta(hours=1))
    etag = tag(key, path)

    clock.move_to(DUE)
    assert is_unchanged(key, path, etag)

    clock.move_to(DUE + timedelta(seconds=1))
    assert not is_unchanged(key, path, etag)


def test_those_behind_are_counted_once_the_deadline_has_passed(world, key, clock):
    path = f"/cohorts/{world.cohort.uuid}/progress/"
    assert key.get(path).json()["behind"] == {"value": 0, "n": 2, "suppressed": False}

    clock.move_to(DUE + timedelta(seconds=1))

    assert key.get(path).json()["behind"] == {"value": 2, "n": 2, "suppressed": False}
    assert key.get(path).json()["on_schedule"]["value"] == 0
    rows = key.get(f"/cohorts/{world.cohort.uuid}/learners/").json()["results"]
    assert [row["behind"] for row in rows] == [True, True]


def test_a_reason_to_reach_out_that_builds_up_changes_the_tag(world, key, clock):
    path = f"/enrollments/{world.ben.uuid}/"
    clock.move_to(DUE + timedelta(days=1))
    etag = tag(key, path)

    clock.move_to(DUE + timedelta(days=2))

    assert not is_unchanged(key, path, etag)


def test_an_unanswered_check_in_changes_the_tag(world, key, clock):
    path = f"/cohorts/{world.cohort.uuid}/learners/"
    for hours in (1, 2):
        CommitmentFactory(enrollment=world.ada, check_in_at=NOW + timedelta(hours=hours))
    etag = tag(key, path)

    clock.move_to(NOW + timedelta(hours=2))

    assert not is_unchanged(key, path, etag)


@pytest.mark.parametrize("ending", ["learners/", "learners.csv", "learners.ndjson"])
def test_a_new_name_changes_the_tag(world, key, ending):
    path = f"/cohorts/{world.cohort.uuid}/{ending}"
    etag = tag(key, path)

    world.ada.user.name = "Ada Married"
    world.ada.user.save()

    assert not is_unchanged(key, path, etag)


def test_somebody_elses_cohort_changes_no_tag(world, key):
    path = f"/cohorts/{world.cohort.uuid}/progress/"
    etag = tag(key, path)

    complete_step(enrollment_id=world.cleo.pk, step_key="read", now=NOW)
    complete_step(enrollment_id=world.oda.pk, step_key="read", now=NOW)

    assert is_unchanged(key, path, etag)


def test_a_new_person_an_edit_of_the_cohort_and_a_pause_change_the_tag(world, key, clock):
    path = f"/cohorts/{world.cohort.uuid}/progress/"
    tags = [tag(key, path)]

    enrolled(world.cohort, "new@example.com")
    tags.append(tag(key, path))
    clock.move_to(NOW + timedelta(seconds=1))
    key.patch(f"/cohorts/{world.cohort.uuid}/", json={"name": "Renamed"})
    tags.append(tag(key, path))
    pause(enrollment_id=world.ada.pk, actor_id=None, now=NOW)
    tags.append(tag(key, path))

    assert len(set(tags)) == 4


def test_the_schedule_changes_when_a_message_becomes_past(world, key, clock):
    path = f"/enrollments/{world.ada.uuid}/schedule/"
    etag = tag(key, path)

    clock.move_to(DUE)

    assert not is_unchanged(key, path, etag)


def test_callers_with_another_view_have_another_tag(world, key):
    path = f"/cohorts/{world.cohort.uuid}/learners/"
    blind = with_key(world.organization, ["progress:read"])

    tags = {tag(caller, path) for caller in (key, blind, signed_in(world.facilitator), signed_in(world.administrator))}

    assert len(tags) == 4
    assert not is_unchanged(blind, path, tag(key, path))


def test_pages_have_tags_of_their_own(world, key):
    assert tag(key, "/enrollments/?limit=1") != tag(key, "/enrollments/?limit=2")


def test_the_feed_is_unchanged_until_something_is_put_in_order(world, key):
    etag = tag(key, "/events/")
    complete_step(enrollment_id=world.ben.pk, step_key="read", now=NOW)
    assert is_unchanged(key, "/events/", etag)

    sequence_events()

    assert not is_unchanged(key, "/events/", etag)


def test_answers_are_kept_by_nobody_between(key):
    response = key.get("/cohorts/")

    assert response["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response["Vary"]
    assert "Cookie" in response["Vary"]
