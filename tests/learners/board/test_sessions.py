"""Live sessions: date, place, attendance."""

from datetime import UTC, datetime, timedelta

import pytest

from learners.cohorts.actions import schedule_live_session, withdraw
from learners.cohorts.models import LiveSession
from learners.progress.models import Completion
from tests.learners.board.pages import board_url, browser_of, page, section, session_url, soup_of, text_of
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db

DATE = {"day": "2027-03-18", "at": "16:00", "minutes": "50", "place": "Room 4", "leader": ""}


@pytest.fixture
def client(world):
    return browser_of(world.facilitator)


def held(world, *, ago=timedelta(hours=3)):
    return schedule_live_session(
        cohort_id=world.cohort.pk, step_key="meet", starts_at=NOW - ago, actor_id=None, now=NOW - ago
    )


def attended(world):
    return set(Completion.objects.filter(step_key="meet").values_list("enrollment__user__name", flat=True))


def test_a_facilitator_sets_and_changes_date_place_and_leader(world, client):
    assert "no date yet" in text_of(section(page(client, board_url(world.cohort)), "sessions"))

    response = client.post(session_url(world.cohort), {**DATE, "leader": str(world.facilitator.pk)})
    assert (response.status_code, response.url) == (302, session_url(world.cohort))
    session = LiveSession.objects.get()
    # 16:00 in Paris, the cohort's zone, in winter.
    assert session.starts_at == datetime(2027, 3, 18, 15, tzinfo=UTC)
    assert (session.minutes, session.place, session.facilitator_id) == (50, "Room 4", world.facilitator.pk)

    shown = page(client, session_url(world.cohort))
    assert shown.find(id="id_day")["value"] == "2027-03-18"
    assert shown.find(id="id_at")["value"] == "16:00"
    client.post(session_url(world.cohort), {**DATE, "place": "https://meet.example.com/a"})
    changed = LiveSession.objects.get()
    assert (changed.sequence, changed.facilitator_id) == (1, None)
    link = section(page(client, board_url(world.cohort)), "sessions").find("a", string="Link to the meeting")
    assert link["href"] == "https://meet.example.com/a"


def test_a_refused_date_is_shown_with_what_was_typed(world, client):
    response = client.post(session_url(world.cohort), {**DATE, "day": "", "minutes": "900", "place": "Room 7"})
    soup = soup_of(response)

    assert response.status_code == 422
    assert soup.title.text.startswith("Error:")
    assert {link["href"] for link in soup.select(".note.clay a")} == {"#id_day", "#id_minutes"}
    assert soup.find(id="id_place")["value"] == "Room 7"
    assert soup.find(id="id_minutes")["value"] == "900"
    assert not LiveSession.objects.exists()


def test_nobody_leads_a_session_who_is_not_a_facilitator_of_it(world, client):
    response = client.post(session_url(world.cohort), {**DATE, "leader": str(world.manager.pk)})

    assert response.status_code == 422
    assert not LiveSession.objects.exists()


def test_an_unknown_session_is_not_found(world, client):
    for step_key in ("try-it", "nowhere"):
        assert client.get(board_url(world.cohort, f"sessions/{step_key}/")).status_code == 404


def hidden_in(response):
    """What the form of a page sends on."""
    fields = soup_of(response).select("main input[type=hidden]")
    return {one["name"]: [each["value"] for each in fields if each["name"] == one["name"]] for one in fields}


def test_those_ticked_are_recorded_as_having_been_there(world, client):
    session = held(world)

    asked = client.post(session_url(world.cohort, "attendance/"), {"people": [str(world.ada.uuid)]})
    assert attended(world) == set()
    assert "Record one person? They took part" in text_of(soup_of(asked))
    response = client.post(session_url(world.cohort, "attendance/"), hidden_in(asked), follow=True)

    assert attended(world) == {"Ada Canary"}
    completion = Completion.objects.get(step_key="meet")
    assert (completion.completed_at, completion.recorded_by_id) == (session.starts_at, world.facilitator.pk)
    words = text_of(soup_of(response))
    assert "Recorded for 1 person." in words
    assert "Ada Canary is recorded" in words
    assert "one person was there" in text_of(section(page(client, board_url(world.cohort)), "sessions"))


def test_everybody_left_is_recorded_at_once_but_not_those_who_left(world, client):
    held(world)
    withdraw(enrollment_id=enrolled(world.cohort, "gone@example.com", name="Gone").pk, actor_id=None, now=NOW)

    asked = client.post(session_url(world.cohort, "attendance/"), {"who": "everybody"})
    assert attended(world) == set()
    assert "Yes, record these 2 people" in text_of(soup_of(asked))
    response = client.post(session_url(world.cohort, "attendance/"), hidden_in(asked), follow=True)

    assert attended(world) == {"Ada Canary", "Ben Canary"}
    assert "Recorded for 2 people." in response.content.decode()
    assert "Gone" not in response.content.decode()


def test_ticking_nobody_is_refused_in_words(world, client):
    held(world)

    response = client.post(session_url(world.cohort, "attendance/"))

    assert response.status_code == 422
    assert "Tick at least one person" in response.content.decode()


def test_people_of_another_cohort_are_not_recorded_and_ticks_are_kept(world, client):
    held(world)

    ticked = [str(world.ben.uuid), str(world.cleo.uuid)]
    response = client.post(session_url(world.cohort, "attendance/"), {"people": ticked})

    assert response.status_code == 422
    assert "The list has changed meanwhile" in response.content.decode()
    assert soup_of(response).find(id=f"guest-{world.ben.pk}").has_attr("checked")
    assert attended(world) == set()


@pytest.mark.parametrize("planned", [True, False])
def test_nobody_was_at_a_session_that_has_not_begun(world, client, planned):
    if planned:
        held(world, ago=timedelta(hours=-1))

    response = client.post(session_url(world.cohort, "attendance/"), {"who": "everybody"})

    assert response.status_code == 422
    assert "once the session has begun" in response.content.decode()
    assert attended(world) == set()


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_a_session_costs_the_same_whatever_the_people(world, client, django_assert_num_queries, people):
    withdraw(enrollment_id=world.ben.pk, actor_id=None, now=NOW)
    for number in range(people - 1):
        enrolled(world.cohort, f"p{number}@example.com")
    held(world)
    client.get(session_url(world.cohort))

    with django_assert_num_queries(11):
        soup = page(client, session_url(world.cohort))

    assert len(soup.select("input[name=people]")) == people
