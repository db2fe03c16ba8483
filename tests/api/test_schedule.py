"""The schedule of somebody imagined."""

import pytest

from journeys.authoring.actions.journeys import start_draft
from journeys.authoring.models import Module
from tests.api.world import signed_in, with_key
from tests.learners.running import NOW

TOKYO = "?start=2027-03-20&zone=Asia/Tokyo"


def path(version):
    return f"/journeys/{version.journey.uuid}/versions/{version.number}/schedule/"


def rows(response):
    return [(row["kind"], row["at_local"], row["moved_from"]) for row in response.json()["entries"]]


def test_it_tells_what_opens_and_is_due_with_the_reason_and_what_was_moved(world, key):
    told = key.get(path(world.cohort.version) + TOKYO)

    assert told.status_code == 200
    assert rows(told) == [
        ("opens", "2027-03-23T09:00:00+09:00", "2027-03-20"),
        ("opens", "2027-03-27T09:00:00+09:00", None),
        ("due", "2027-03-30T18:00:00+09:00", None),
    ]
    first = told.json()["entries"][0]
    assert first["at_utc"] == "2027-03-23T00:00:00Z"
    assert first["what"] == "Module 1 opens: first"
    assert first["why"] == "at the start, on a working day, at 09:00; moved from Saturday 20 March: weekend"
    assert [(week["starts_on"], week["messages"], week["due"]) for week in told.json()["weeks"]] == [
        ("2027-03-22", 0, 0),
        ("2027-03-29", 0, 1),
    ]


def test_every_parameter_counts(world, key):
    usual = rows(key.get(path(world.cohort.version) + TOKYO))

    for more in ("&calendar=US", "&cohort_zone=Europe/Paris", "&pace=stops-after:second", "&pace=3-days-late"):
        answer = key.get(path(world.cohort.version) + TOKYO + more)
        assert answer.status_code == 200
        assert (rows(answer) == usual) is (more == "&pace=stops-after:second")


def test_without_a_question_it_answers_for_next_monday_in_utc(world, key):
    first = key.get(path(world.cohort.version)).json()["entries"][0]

    assert first["at_local"].endswith("T09:00:00+00:00")
    assert first["at_utc"] > NOW.isoformat()


@pytest.mark.parametrize(
    ("question", "pointer", "code"),
    [
        ("start=tomorrow", "?start", "invalid"),
        ("start=1999-01-01", "?start", "too_far"),
        ("zone=Mars/Base", "?zone", "unknown_zone"),
        ("cohort_zone=Mars/Base", "?cohort_zone", "unknown_zone"),
        ("calendar=XX", "?calendar", "unknown_country"),
        ("pace=slowly", "?pace", "unknown_pace"),
        ("pace=99-days-late", "?pace", "unknown_pace"),
        ("when=now", "?when", "unknown_parameter"),
    ],
)
def test_what_is_wrong_is_told_by_its_name(world, key, question, pointer, code):
    answer = key.get(f"{path(world.cohort.version)}?{question}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_an_unchanged_answer_is_not_sent_again_and_another_question_is_another_answer(world, key):
    address = path(world.cohort.version) + TOKYO
    held = {"If-None-Match": key.get(address)["ETag"]}

    assert key.get(address, headers=held).status_code == 304
    assert key.get(address + "&pace=2-days-late", headers=held).status_code == 200


def test_a_draft_is_told_to_keys_and_designers_alone_and_rules_that_cannot_hold_are_named(world, key):
    version = world.cohort.version
    draft = start_draft(journey_id=version.journey_id, author_id=None, now=NOW)
    learner = signed_in(world.ada.user)

    assert key.get(path(draft) + TOKYO).status_code == 200
    assert (learner.get(path(version)).status_code, learner.get(path(draft)).status_code) == (200, 404)

    Module.objects.filter(version=draft, key="first").update(opens={"completed": "second"})
    refused = key.get(path(draft) + TOKYO)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:waymark:problem:unsound_rules")
    assert refused.json()["errors"][0]["pointer"].startswith("/modules/0/opens")


def test_another_organization_s_version_does_not_exist(world):
    foreign = with_key(world.other_cohort.organization)

    assert foreign.get(path(world.cohort.version)).status_code == 404
