"""The board: facts, the one thing to do next, people to reach."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.cohorts.actions import schedule_live_session
from learners.cohorts.models import Enrollment
from learners.progress.actions import complete_step, pause
from tests.factories.learners import (
    AttemptFactory,
    CommitmentFactory,
    ReflectionFactory,
    SignOffFactory,
)
from tests.learners.board.pages import board_url, browser_of, csv_of, grid, page, person_url, section, text_of
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db


def board(world, viewer=None):
    return page(browser_of(viewer or world.facilitator), board_url(world.cohort))


def facts(soup):
    return {text_of(part.dt): text_of(part.dd) for part in soup.select(".facts > div")}


def test_the_head_names_journey_version_start_and_people(world):
    words = text_of(board(world).select_one(".head"))

    assert "Ask first , version" in words or "Ask first, version" in words
    assert "started on Wednesday 3 March 2027" in words
    assert "2 people" in words


def test_the_facts_count_people_and_completion_comes_last(world, clock):
    complete_step(enrollment_id=world.ada.pk, step_key="try-it", now=NOW)
    pause(enrollment_id=enrolled(world.cohort, "dan@example.com").pk, actor_id=None, now=NOW)
    clock.move_to(NOW + timedelta(days=8))

    found = facts(board(world))

    assert found == {
        "Practiced in the last 7 days": "0 of 3",
        "On the way": "1 of 3",
        "Behind": "1 of 3",
        "Finished": "0 of 3",
    }
    assert list(found)[-1] == "Finished"
    clock.move_to(NOW + timedelta(days=6))
    assert facts(board(world))["Practiced in the last 7 days"] == "1 of 3"


def test_people_to_reach_come_with_reason_and_a_mail_to_begin_with(world, clock):
    clock.move_to(NOW + timedelta(days=16))

    part = section(board(world), "reach")

    assert [text_of(name) for name in part.select("h3")] == ["Ada Canary", "Ben Canary"]
    assert "No activity for 12 working days. Since 3 March" in text_of(part)
    assert "Has not started" in text_of(part)
    links = [link["href"] for link in part.select("a[href^=mailto]")]
    assert links[0].startswith("mailto:ada@example.com?subject=Ask%20first&body=Hello%20Ada")
    assert part.select_one("h3 a")["href"] == person_url(world.ada)


def test_nobody_to_reach_is_said(world):
    assert "No one right now." in text_of(section(board(world), "reach"))


def test_more_people_to_reach_come_on_the_next_page(world, clock):
    for number in range(6):
        enrolled(world.cohort, f"p{number}@example.com", name=f"Person {number}")
    clock.move_to(NOW + timedelta(days=16))
    client = browser_of(world.facilitator)

    first = section(page(client, board_url(world.cohort)), "reach")
    more = first.find("a", string="Show the next people")["href"]
    second = section(page(client, board_url(world.cohort) + more.partition("#")[0]), "reach")

    assert len(first.select("h3")) == 6
    assert [text_of(name) for name in second.select("h3")] == ["Person 4", "Person 5"]


def test_a_place_in_the_list_that_we_did_not_make_is_refused_in_words(world):
    response = browser_of(world.facilitator).get(board_url(world.cohort, "?reach=nowhere"))

    assert response.status_code == 400
    assert "cannot be used" in response.content.decode()


def test_a_request_to_the_viewer_is_the_next_thing_and_marks_its_cell(world):
    attempt = AttemptFactory(enrollment=world.ada, step_key="try-it")
    SignOffFactory(attempt=attempt, signer=world.manager, asked_at=NOW, expires_at=NOW + timedelta(days=30))

    asked, other = board(world, world.manager), board(world)

    assert "One person waits on you" in text_of(section(asked, "nba"))
    assert "Ada Canary has waited longest" in text_of(section(asked, "nba"))
    assert section(asked, "nba").select_one("a.btn")["href"].startswith("/sign-off/")
    assert grid(asked)[0][1] == "Waiting on you"
    assert section(other, "nba") is None
    assert grid(other)[0][1] == "Started"


def test_a_session_within_two_days_is_the_next_thing(world):
    at = NOW + timedelta(hours=47)
    schedule_live_session(cohort_id=world.cohort.pk, step_key="meet", starts_at=at, actor_id=None, now=NOW)

    words = text_of(section(board(world), "nba"))

    assert "A live session is near" in words
    assert "Meet" in words
    assert "The order: people who wait on you" in words


def test_a_session_without_a_record_is_asked_for_of_facilitators_alone(world):
    at = NOW - timedelta(hours=2)
    schedule_live_session(cohort_id=world.cohort.pk, step_key="meet", starts_at=at, actor_id=None, now=at)

    assert "Nobody is recorded" in text_of(section(board(world), "nba"))
    assert section(board(world, world.manager), "nba") is None


def test_no_page_of_a_board_holds_what_people_wrote(world):
    ReflectionFactory(enrollment=world.ada, step_key="look-back", text="CANARY private", audience="private")
    ReflectionFactory(enrollment=world.ben, step_key="look-back", text="CANARY shared", audience="cohort")
    CommitmentFactory(enrollment=world.ada, step_key="plan", cue="CANARY cue", response="CANARY then")
    AttemptFactory(enrollment=world.ada, step_key="try-it", response={"report": ["CANARY report"]})

    for viewer in (world.facilitator, world.manager, world.administrator, world.line_manager):
        client = browser_of(viewer)
        shown = client.get(board_url(world.cohort)).content.decode()
        csv = csv_of(client, board_url(world.cohort, "people.csv"))
        assert "CANARY" not in shown + csv + client.get("/cohorts/").content.decode()


def test_a_cohort_without_people_says_so(world):
    Enrollment.objects.filter(cohort=world.second).delete()

    soup = page(browser_of(world.administrator), board_url(world.second))

    assert "Nobody is in this cohort yet" in text_of(soup)
    assert soup.select_one(".facts") is None


@pytest.mark.parametrize("people", [1, 3])
def test_the_board_costs_the_same_whatever_its_size(world, django_assert_num_queries, people):
    Enrollment.objects.filter(pk=world.ben.pk).update(status="withdrawn")
    for number in range(people - 1):
        enrolled(world.cohort, f"p{number}@example.com")
    client = browser_of(world.facilitator)
    client.get(board_url(world.cohort))

    with django_assert_num_queries(15):
        soup = page(client, board_url(world.cohort))

    assert len(grid(soup)) == people


@pytest.mark.parametrize("cohorts", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(world, django_assert_num_queries, cohorts):
    client = browser_of(world.administrator if cohorts == 3 else world.facilitator)
    if cohorts == 3:
        world.other_cohort.organization = world.organization
        world.other_cohort.save()
    client.get("/cohorts/")

    with django_assert_num_queries(8):
        soup = page(client, "/cohorts/")

    assert len(soup.select("main h2")) == cohorts


def test_the_board_reads_no_text_of_a_learner(world):
    client = browser_of(world.facilitator)

    with CaptureQueriesContext(connection) as queries:
        client.get(board_url(world.cohort))

    assert not [query["sql"] for query in queries if '"learners_reflection"."text"' in query["sql"]]


def test_a_board_says_who_shared_texts_with_its_facilitators_and_where_to_read_them(world):
    for step_key, audience, saved_at in (
        ("a", "private", NOW),
        ("b", "cohort", None),
        ("c", "facilitator", NOW),
        ("d", "cohort", NOW),
    ):
        ReflectionFactory(
            enrollment=world.ada, author=world.ada.user, step_key=step_key, audience=audience, saved_at=saved_at
        )
    ReflectionFactory(enrollment=world.ben, author=world.ben.user, step_key="a", audience="private")

    shown = section(page(browser_of(world.facilitator), board_url(world.cohort)), "sharers")

    assert text_of(shown).endswith("Ada Canary 2 texts")
    assert [link["href"] for link in shown.find_all("a")] == [f"{person_url(world.ada)}#shared"]
    for other in (world.manager, world.line_manager):
        assert section(page(browser_of(other), board_url(world.cohort)), "sharers") is None
    nobody = section(page(browser_of(world.administrator), board_url(world.cohort)), "sharers")
    assert "Ada" not in text_of(nobody)


def test_the_suggested_mail_promises_no_more_than_its_sender_can_do(world):
    client = {"facilitator": browser_of(world.facilitator), "manager": browser_of(world.manager)}
    Enrollment.objects.update(status="active", last_activity_at=NOW - timedelta(days=30))

    said = {who: text_of(section(page(one, board_url(world.cohort)), "reach")) for who, one in client.items()}

    assert "I can move your dates" in said["facilitator"]
    assert "I can move your dates" not in said["manager"]
    assert "our facilitator can move your dates" in said["manager"]


def test_the_legend_claims_no_confirmation_by_others(world):
    words = text_of(page(browser_of(world.facilitator), board_url(world.cohort)).select_one(".key"))

    assert "Evidence from others" not in words
    assert "a report from work, or somebody’s confirmation" in words
