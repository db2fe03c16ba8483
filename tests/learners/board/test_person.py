"""The page of one person."""

from datetime import timedelta

import pytest

from learners.cohorts.models import EnrollmentAdjustment
from learners.progress.actions import complete_step, shift_dates
from learners.reflections.actions import save_reflection
from tests.factories.learners import CommitmentFactory, ReflectionFactory
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.board.pages import browser_of, page, person_url, section, soup_of, text_of
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db


def shown(world, enrollment, viewer=None):
    return page(browser_of(viewer or world.facilitator), person_url(enrollment))


def test_a_person_is_shown_with_modules_schedule_and_what_they_did(world, clock):
    complete_step(enrollment_id=world.ada.pk, step_key="try-it", now=NOW)
    clock.move_to(NOW + timedelta(hours=1))

    soup = shown(world, world.ada)

    assert text_of(soup.h1) == "Ada Canary"
    assert "On the way · 2 of 5 required steps done · one practiced at work" in text_of(soup.select_one(".head"))
    assert [text_of(line) for line in section(soup, "modules").select("li")] == [
        "1 first Completed on 3 March",
        "2 second Not open yet opens Wed 10 March, 09:00",
    ]
    assert "1 week after the start, at 09:00" in text_of(section(soup, "schedule"))
    assert [text_of(line) for line in section(soup, "done").select("li")] == ["Try it 3 March", "Read 3 March"]


def test_a_reason_to_reach_out_is_said_and_the_mail_begun(world, clock):
    clock.move_to(NOW + timedelta(days=16))

    soup = shown(world, world.ada)

    assert "No activity for 12 working days." in text_of(section(soup, "flags"))
    assert soup.select_one(".head a[href^=mailto]")["href"].startswith("mailto:ada@example.com?")


def test_texts_are_shown_to_those_who_may_read_them_alone(world):
    ReflectionFactory(enrollment=world.ada, step_key="a", text="CANARY private", audience="private")
    ReflectionFactory(enrollment=world.ada, step_key="b", text="CANARY draft", audience="cohort", saved_at=None)
    ReflectionFactory(enrollment=world.ada, step_key="c", text="SHARED facilitator", audience="facilitator")
    ReflectionFactory(enrollment=world.ada, step_key="d", text="SHARED cohort", audience="cohort")
    ReflectionFactory(enrollment=world.ben, step_key="c", text="CANARY ben", audience="facilitator")
    CommitmentFactory(enrollment=world.ada, step_key="plan", cue="CANARY cue", response="CANARY then")

    texts = {
        name: section(shown(world, world.ada, viewer), "shared").get_text()
        for name, viewer in (
            ("facilitator", world.facilitator),
            ("manager", world.manager),
            ("administrator", world.administrator),
        )
    }

    assert "CANARY" not in "".join(texts.values())
    assert "SHARED facilitator" in texts["facilitator"]
    assert "SHARED cohort" in texts["facilitator"]
    assert "SHARED" not in texts["manager"] + texts["administrator"]
    whole = browser_of(world.facilitator).get(person_url(world.ada)).content.decode()
    assert "CANARY" not in whole


def test_messages_are_between_the_learner_and_administrators(world):
    NudgeDeliveryFactory(enrollment=world.ada, state="sent", sent_at=NOW - timedelta(hours=1), rule_key="a-quiet-word")

    pages = {
        name: browser_of(viewer).get(person_url(world.ada)).content.decode()
        for name, viewer in (
            ("facilitator", world.facilitator),
            ("manager", world.manager),
            ("administrator", world.administrator),
        )
    }

    assert {name: "a-quiet-word" in text for name, text in pages.items()} == {
        "facilitator": False,
        "manager": False,
        "administrator": True,
    }


def test_a_manager_who_learns_in_the_cohort_reads_what_is_shared_with_the_cohort(world):
    enrolled(world.cohort, world.manager.email)
    ReflectionFactory(enrollment=world.ada, step_key="c", text="SHARED facilitator", audience="facilitator")
    ReflectionFactory(enrollment=world.ada, step_key="d", text="SHARED cohort", audience="cohort")

    words = section(shown(world, world.ada, world.manager), "shared").get_text()

    assert "SHARED cohort" in words
    assert "SHARED facilitator" not in words


def test_what_was_changed_is_told_and_its_reason_to_facilitators_alone(world):
    shift_dates(enrollment_id=world.ben.pk, days=-3, reason="CANARY ill", actor_id=world.facilitator.pk, now=NOW)
    told = f"Dates moved 3 days earlier Wed 3 March, 13:00 · by {world.facilitator}"

    facilitator = text_of(section(shown(world, world.ben), "changes"))
    assert told in facilitator
    assert "Reason: CANARY ill" in facilitator
    for viewer in (world.manager, world.line_manager):
        words = text_of(shown(world, world.ben, viewer))
        assert told in words
        assert "CANARY" not in words


def test_a_shared_text_of_markup_is_shown_as_it_was_typed(world):
    ReflectionFactory(enrollment=world.ada, step_key="d", text="<b>bold</b>\n\nnext", audience="cohort")

    part = section(shown(world, world.ada), "shared")

    assert part.find("b") is None
    assert [text_of(line) for line in part.select(".quote p")] == ["<b>bold</b>", "next"]


def test_a_text_shared_by_the_page_of_its_author_arrives(world, clock):
    for key in ("read", "try-it"):
        complete_step(enrollment_id=world.ben.pk, step_key=key, now=NOW)
    clock.move_to(NOW + timedelta(days=8))
    later = NOW + timedelta(days=8)
    complete_step(enrollment_id=world.ben.pk, step_key="plan", now=later)
    save_reflection(
        enrollment_id=world.ben.pk,
        step_key="look-back",
        text="What I saw",
        audience="facilitator",
        expected_revision=None,
        now=later,
    )

    part = section(shown(world, world.ben), "shared")

    assert "Look back" in text_of(part)
    assert "What I saw" in text_of(part)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_there_is_to_tell(world, django_assert_num_queries, count):
    for number in range(count):
        ReflectionFactory(enrollment=world.ben, step_key=f"r{number}", audience="facilitator")
        shift_dates(enrollment_id=world.ben.pk, days=1, actor_id=world.facilitator.pk, now=NOW)
        complete_step(enrollment_id=world.ben.pk, step_key=("read", "try-it", "extra")[number], now=NOW)
    client = browser_of(world.facilitator)
    client.get(person_url(world.ben))

    with django_assert_num_queries(14):
        response = client.get(person_url(world.ben))

    soup = soup_of(response)
    assert len(section(soup, "changes").select("li")) == count
    assert len(section(soup, "done").select("li")) == count
    assert EnrollmentAdjustment.objects.count() == count
