"""Parts of a journey that a facilitator opens by hand."""

from datetime import timedelta

import pytest

from journeys.authoring.models import Module
from learners.cohorts.actions import withdraw
from learners.cohorts.models import Cohort, Enrollment, EnrollmentAdjustment
from learners.progress.actions import complete_step, release
from tests.factories.learners import CohortStaffFactory
from tests.learners.board.pages import board_url, browser_of, page, section, text_of
from tests.learners.running import NOW, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db

BY_HAND = {"any": [{"released": "second"}, {"from": "start", "weeks": 4, "at": "09:00"}]}


@pytest.fixture
def cohort(world) -> Cohort:
    version = published_version(world.organization)
    Module.objects.filter(version=version, key="second").update(opens=BY_HAND)
    made = running_cohort(version)
    CohortStaffFactory(cohort=made, user=world.facilitator)
    CohortStaffFactory(cohort=made, user=world.manager, role="manager")
    return made


@pytest.fixture
def people(cohort) -> list[Enrollment]:
    return [enrolled(cohort, f"p{number}@example.com", name=f"P {number}") for number in range(3)]


def has_done_first(enrollment):
    for key in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW)


def states(people):
    return [Enrollment.objects.get(pk=one.pk).module_states["second"] for one in people]


def test_who_has_come_to_a_closed_part_is_the_next_thing_of_a_facilitator(world, cohort, people):
    client = browser_of(world.facilitator)
    assert section(page(client, board_url(cohort)), "nba") is None
    has_done_first(people[0])

    soup = page(client, board_url(cohort))

    assert "One person has come to a part that you can open" in text_of(section(soup, "nba"))
    assert "P 0" in text_of(section(soup, "nba"))
    words = text_of(section(soup, "openings"))
    assert "Module 2: second" in words
    assert "when a facilitator opens Module 2, or 4 weeks after the start, at 09:00" in words
    manager = page(browser_of(world.manager), board_url(cohort))
    assert section(manager, "openings") is None
    assert section(manager, "nba") is None


def test_everybody_who_has_come_to_a_closed_part_can_be_read_by_name(world, cohort, people):
    more = [enrolled(cohort, f"q{number}@example.com", name=f"Q {number}") for number in range(2)]
    for one in (*people, *more):
        has_done_first(one)

    named = section(page(browser_of(world.facilitator), board_url(cohort)), "nba")

    assert text_of(named.select_one("summary")) == "P 0 , P 1 , P 2 and 2 others"
    assert text_of(named.select_one("details p")) == "Q 0 and Q 1"


def test_opening_for_everybody_opens_it_for_those_who_lack_it(world, cohort, people):
    has_done_first(people[0])
    release(enrollment_id=people[1].pk, key="second", actor_id=None, now=NOW)
    withdraw(enrollment_id=people[2].pk, actor_id=None, now=NOW)
    client = browser_of(world.facilitator)

    response = client.post(board_url(cohort, "open/"), {"key": "second"}, follow=True)

    assert "“Module 2: second” is opened by hand for 1 person." in response.content.decode()
    assert states(people) == ["open", "open", "locked"]
    made = EnrollmentAdjustment.objects.filter(recorded_by=world.facilitator)
    assert [(row.enrollment_id, row.kind, row.key) for row in made] == [(people[0].pk, "release", "second")]


def test_opening_what_is_open_is_refused_in_words(world, cohort, people):
    client = browser_of(world.facilitator)
    client.post(board_url(cohort, "open/"), {"key": "second"})

    response = client.post(board_url(cohort, "open/"), {"key": "second"}, follow=True)

    assert "Nobody waits for this" in response.content.decode()
    assert EnrollmentAdjustment.objects.filter(kind="release").count() == 3


def test_only_what_the_journey_leaves_to_a_hand_is_opened_for_everybody(world, cohort, people):
    response = browser_of(world.facilitator).post(board_url(cohort, "open/"), {"key": "first"}, follow=True)

    assert "no such part to open" in response.content.decode()
    assert not EnrollmentAdjustment.objects.exists()


def test_what_has_opened_by_itself_waits_for_nobody(world, cohort, people, clock):
    has_done_first(people[0])
    clock.move_to(NOW + timedelta(weeks=5))

    response = browser_of(world.facilitator).post(board_url(cohort, "open/"), {"key": "second"}, follow=True)

    assert "Nobody waits for this" in response.content.decode()
