"""The pages on which a designer brings a version to people, and what they say to whom."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from journeys.authoring.actions.steps import move_step
from learners.cohorts.models import Cohort, Enrollment
from learners.rollout.actions import move_everybody, start_rollout
from learners.rollout.models import Rollout
from tests.factories.accounts import MembershipFactory
from tests.learners.progress.visitors import browser, member
from tests.learners.rollout import story
from tests.learners.running import NOW, enrolled, running_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def first():
    return story.first_version()


@pytest.fixture
def cohort(first):
    return running_cohort(first)


@pytest.fixture
def second(first):
    draft = story.draft_of(first)
    story.with_step(draft)
    return story.published(draft)


@pytest.fixture
def designer(cohort):
    return browser(member(cohort, is_designer=True))


@pytest.fixture
def administrator(cohort):
    return browser(member(cohort, is_administrator=True))


def page_of(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser").find("main")


def text_of(response, status=200):
    return " ".join(page_of(response, status).get_text(" ").split())


def plan_at(version, **query):
    parts = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/admin/rollout/{version.uuid}/?{parts}"


def people(cohort):
    """Enroll one who has started, one who has not, one who has finished."""
    ada, ben, cleo = (enrolled(cohort, f"{name}@example.com", name=name.title()) for name in ("ada", "ben", "cleo"))
    story.done(ada, "read")
    Enrollment.objects.filter(pk=cleo.pk).update(status="completed", completed_at=NOW)
    return ada, ben, cleo


def test_each_choice_says_how_many_would_move(cohort, second, designer):
    people(cohort)

    page = page_of(designer.get(plan_at(second)))

    boxes = page.select("[type=radio][name=policy]")
    offers = {box["value"]: box.find_parent("label").get_text(" ", strip=True) for box in boxes}
    assert offers["keep"].endswith("0 people")
    assert offers["not_started"].endswith("one person")
    assert offers["everyone"].endswith("2 people")
    assert page.select_one("[name=policy][checked]")["value"] == "not_started"


def test_who_is_affected_is_counted_and_said(cohort, second, designer):
    people(cohort)

    text = text_of(designer.get(plan_at(second, policy="not_started")))

    assert "One person moves." in text
    assert "One has started, and stays on their version." in text
    assert "One has finished, and stays finished." in text
    assert "“New to read” is new in “First”." in text
    assert "Move one person to version 2" in text


def test_a_designer_sees_counts_and_whoever_looks_after_people_sees_names(cohort, second, designer, administrator):
    people(cohort)

    seen = text_of(designer.get(plan_at(second, policy="everyone")))
    named = text_of(administrator.get(plan_at(second, policy="everyone")))

    assert "Ada" not in seen
    assert "3 people are counted and not named" in seen
    assert "Ada Spring 1 of 4, then 1 of 5" in named
    assert "counted and not named" not in named


def test_what_a_move_takes_out_of_reach_for_now_is_said(cohort, first, administrator):
    ada = enrolled(cohort, "ada@example.com", name="Ada")
    story.done(ada, "read")
    draft = story.draft_of(first)
    story.without_step(draft, "read")
    story.with_rules(draft, "first", due={"date": "2027-01-01"})
    move_step(step_id=story.with_step(draft, title="Before").pk, to=1)
    second = story.published(draft)

    text = text_of(administrator.get(plan_at(second, policy="everyone")))

    assert "“New to read” is open now and waits for a new step then." in text
    assert "One step they did is not part of it any more, and stays on record." in text
    assert "A last day has passed then; move it for them." in text


def test_people_are_moved_and_the_page_says_so_until_it_is_done(cohort, second, designer):
    people(cohort)

    response = designer.post(plan_at(second), {"policy": "everyone", "note": "A better start"})

    rollout = Rollout.objects.get()
    assert response["Location"] == f"/admin/rollout/moves/{rollout.uuid}/"
    waiting = designer.get(response["Location"])
    assert waiting["Refresh"] == "3"
    assert "0 of 3 looked at" in text_of(waiting)
    move_everybody(now=NOW)
    finished = designer.get(response["Location"])
    assert "Refresh" not in finished
    assert "2 people moved." in text_of(finished)
    assert "A better start" in text_of(finished)
    assert "Take this move back" in text_of(finished)


def test_a_move_is_taken_back_on_its_page_once(cohort, second, designer):
    people(cohort)
    rollout = story.moved(second, *Enrollment.objects.all())

    response = designer.post(f"/admin/rollout/moves/{rollout.uuid}/undo/", {"note": "Too early"}, follow=True)

    assert "2 people go back to the version they came from." in response.content.decode()
    move_everybody(now=NOW)
    assert "2 people are back on the version they came from." in text_of(designer.get(response.redirect_chain[0][0]))
    page = designer.get(f"/admin/rollout/moves/{rollout.uuid}/")
    assert "Take this move back" not in text_of(page)
    refused = designer.post(f"/admin/rollout/moves/{rollout.uuid}/undo/", {}, follow=True)
    assert "There is nothing to take back" in refused.content.decode()
    assert Rollout.objects.count() == 2


def test_the_log_tells_everything_newest_first(cohort, first, second, designer):
    people(cohort)
    rollout = story.moved(second, *Enrollment.objects.all(), policy="not_started")
    story.taken_back(rollout)

    text = text_of(designer.get(f"/admin/rollout/log/{first.journey.uuid}/"))

    said = [
        "The move to version 2 was taken back: one person",
        "One person moved to version 2",
        "taken back",
        "Version 2 was published",
        "Version 1 was published",
    ]
    assert all(words in text for words in said)


def test_only_a_chosen_cohort_is_moved(cohort, first, second, designer):
    other = running_cohort(first)
    ada, ben = enrolled(cohort, "ada@example.com"), enrolled(other, "ben@example.com")

    designer.post(plan_at(second), {"policy": "everyone", "cohorts": [str(other.uuid)]})
    move_everybody(now=NOW)

    assert [Enrollment.objects.get(pk=one.pk).version_id for one in (ada, ben)] == [first.pk, second.pk]


@pytest.mark.parametrize("sent", [{"policy": "all"}, {"policy": "everyone", "cohorts": "nonsense"}])
def test_a_choice_that_does_not_exist_is_refused_and_moves_nobody(cohort, second, designer, sent):
    enrolled(cohort)

    assert designer.post(plan_at(second), sent).status_code == 422
    assert not Rollout.objects.exists()


def test_a_second_rollout_waits_for_the_first(cohort, second, designer):
    enrolled(cohort)
    start_rollout(version_id=second.pk, policy="everyone", cohort_ids=[cohort.pk], actor_id=None, now=NOW)

    text = text_of(designer.post(plan_at(second), {"policy": "everyone"}), 422)

    assert "are being moved at this moment" in text


def test_a_version_that_is_not_live_leads_to_the_one_that_is(cohort, first, second, designer):
    assert "Version 1 is retired." in text_of(designer.get(plan_at(first)))
    assert page_of(designer.get(plan_at(first))).find("a", href=f"/admin/rollout/{second.uuid}/")
    assert "is a draft" in text_of(designer.get(plan_at(story.draft_of(second))))


def test_the_studio_leads_to_it(second, designer):
    page = page_of(designer.get(f"/admin/studio/{second.uuid}/"))

    assert page.find("a", href=f"/admin/rollout/{second.uuid}/")
    assert page.find("a", href=f"/admin/rollout/log/{second.journey.uuid}/")


def test_nobody_to_move_is_said(cohort, second, designer):
    Cohort.objects.update(version=second)

    assert "Everybody in this journey runs version 2 already" in text_of(designer.get(plan_at(second)))


@pytest.mark.parametrize("who", ["learner", "foreign"])
def test_for_others_it_does_not_exist(cohort, second, who):
    ada = enrolled(cohort)
    rollout = story.moved(second, ada)
    user = ada.user if who == "learner" else MembershipFactory(is_designer=True, is_administrator=True).user
    visitor: Client = browser(user)

    for path in (
        plan_at(second),
        f"/admin/rollout/moves/{rollout.uuid}/",
        f"/admin/rollout/log/{second.journey.uuid}/",
    ):
        assert visitor.get(path).status_code == 404
    assert visitor.post(f"/admin/rollout/moves/{rollout.uuid}/undo/").status_code == 404
    assert visitor.post(plan_at(second), {"policy": "everyone"}).status_code == 404
