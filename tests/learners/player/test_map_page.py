"""The journey as a trail, and its end in the learner's own words."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from learners.progress.actions.adjusting import exempt_step
from tests.factories.accounts import UserFactory
from tests.factories.learners import CohortStaffFactory, LiveSessionFactory
from tests.learners.player.journey import CANARY, FIRST_STEPS, NOW, do, join

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def trail(page, enrollment):
    return soup(page.get(f"/journeys/{enrollment.uuid}/"))


def test_the_head_says_with_whom_and_until_when(page, enrollment):
    join(enrollment.cohort, email="amal@example.com")
    enrollment.cohort.ends_on = (NOW + timedelta(days=60)).date()
    enrollment.cohort.save()

    head = words(trail(page, enrollment).select_one("header.head"))

    assert "Your journey, with Nadia Rahman and 1 other" in head
    assert "Ends Sunday 2 May 2027." in head
    assert "0 of 2 modules done." in head


def test_the_head_names_every_facilitator(page, enrollment):
    for name in ("Ada", "Bo", "Cy"):
        CohortStaffFactory(cohort=enrollment.cohort, user=UserFactory(name=name))

    head = words(trail(page, enrollment).select_one("header.head"))

    assert "Your journey, with Ada , Bo , Cy and Nadia Rahman" in head


def test_each_module_says_its_state_in_a_word_and_a_shape(page, enrollment):
    do(enrollment, "read")

    first, second = trail(page, enrollment).select("ol.trail > li")

    assert (first["data-s"], second["data-s"]) == ("now", "later")
    assert "You are here" in words(first)
    assert "In progress 1 of 9 steps done" in words(first)
    assert "Opens Wed 10 March, 09:00" in words(second)
    assert "1 week after the start, at 09:00" in words(second).lower()
    assert second.select_one(".waymark use")["href"] == "#s-later"
    assert "You will be able to ask one person for one suggestion." in words(second)


def test_each_step_says_its_state(page, enrollment):
    do(enrollment, "read")
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})
    LiveSessionFactory(cohort=enrollment.cohort, step_key="meet", starts_at=NOW + timedelta(days=2))
    exempt_step(enrollment_id=enrollment.pk, key="first/watch", actor_id=None, now=NOW)

    steps = {item["id"]: words(item) for item in trail(page, enrollment).select(".steps li[id]")}

    assert "Done · 10 min" in steps["step-read"]
    assert "Done, waits for Amal" in steps["step-try-it"]
    assert "Not needed from you" in steps["step-watch"]
    assert "Fri 5 March, 12:00" in steps["step-meet"]
    assert "Open · 10 min" in steps["step-recall"]
    assert "Opens Wed 10 March, 09:00" in steps["step-again"]


def test_a_closed_step_is_no_link(page, enrollment):
    items = trail(page, enrollment).select(".steps li[id]")

    linked = {item["id"] for item in items if item.select("a")}
    assert "step-read" in linked
    assert not {"step-again", "step-last-look"} & linked


def test_what_counts_as_finished_is_counted(page, enrollment):
    finish = words(trail(page, enrollment).select_one(".finish"))

    assert "The 10 required steps of all 2 modules; 1 more is yours to take or leave" in finish
    assert "Among them 1 practice" in finish
    assert "And 2 reflections" in finish


def test_a_module_ends_in_the_learners_own_words(page, enrollment):
    do(enrollment, *FIRST_STEPS)

    shown = soup(page.get(f"/journeys/{enrollment.uuid}/modules/first/"))

    said = words(shown)
    assert "Module 1 of 2 · finished Wednesday 3 March 2027" in said
    assert "If Jo asks for numbers, then I ask what they are for." in said
    assert said.count(CANARY) == 2
    assert "The name is the difference." in said
    assert "“The second week” opens Wednesday 10 March, 09:00." in said


def test_a_module_that_is_not_open_has_no_end_yet(page, enrollment):
    assert page.get(f"/journeys/{enrollment.uuid}/modules/second/").status_code == 404
    assert page.get(f"/journeys/{enrollment.uuid}/modules/none/").status_code == 404


def test_the_whole_journey_is_read_in_the_learners_own_words(page, enrollment, clock):
    do(enrollment, *FIRST_STEPS)
    clock.move_to(NOW + timedelta(days=8))
    do(enrollment, "again", "last-look", now=NOW + timedelta(days=8))

    said = words(soup(page.get(f"/journeys/{enrollment.uuid}/recap/")))

    assert "You have walked the whole way" in said
    assert CANARY in said
    assert "It was enough." in said


@pytest.mark.parametrize("others", [1, 3])
def test_the_map_costs_the_same_in_any_company(page, enrollment, others, django_assert_num_queries):
    do(enrollment, "read", "plan")
    for number in range(others):
        join(enrollment.cohort, email=f"other{number}@example.com")
        LiveSessionFactory(cohort=enrollment.cohort, step_key=f"meet-{number}")
    path = f"/journeys/{enrollment.uuid}/"
    page.get(path)

    with django_assert_num_queries(12):
        page.get(path)


@pytest.mark.parametrize("keys", [("compare",), ("compare", "try-it", "plan", "look-back")])
def test_an_end_costs_the_same_however_much_was_written(page, enrollment, keys, django_assert_num_queries):
    do(enrollment, *keys)
    path = f"/journeys/{enrollment.uuid}/modules/first/"
    page.get(path)

    with django_assert_num_queries(12):
        page.get(path)
