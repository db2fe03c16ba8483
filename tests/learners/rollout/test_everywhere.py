"""What a move shows elsewhere: on the learner's map, to whoever was asked to confirm, and in the cohort's summary."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from config.accounts.actor import LEARNER, Actor
from learners.board.queries import cohort_progress
from learners.board.rules.places import translated
from learners.cohorts.models import Cohort, Enrollment
from learners.player.queries.map import load_map
from learners.player.queries.waiting import asks_of
from learners.progress.actions import Answer, ask_sign_off, complete_step
from learners.progress.queries.sign_offs import sign_off_page, sign_off_token
from learners.reflections.models import Reflection
from tests.factories.learners import ReflectionFactory
from tests.learners.progress.visitors import browser
from tests.learners.rollout import story
from tests.learners.running import NOW, SPECS, enrolled, running_cohort

pytestmark = pytest.mark.django_db
PRACTICE = {"kind": "practice", "title": "Ask one", "serves": "practices", "spec": SPECS["practice"]}
REFLECTION = {"kind": "reflection", "title": "Look around", "serves": "reflects", "spec": SPECS["reflection"]}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def first():
    """A journey that begins with a practice and a reflection."""
    draft = story.draft_of(story.first_version())
    story.with_step(draft, "first", key="ask-one", opens={"from": "start", "days": 0}, **PRACTICE)
    story.with_step(draft, "first", key="look-around", opens={"from": "start", "days": 0}, **REFLECTION)
    return story.published(draft)


@pytest.fixture
def moved(first):
    """Somebody who practiced, asked for a word, reflected, and was moved to a version without those steps."""
    ada = enrolled(running_cohort(first), "ada@example.com", name="Ada")
    complete_step(enrollment_id=ada.pk, step_key="ask-one", now=NOW, answer=Answer({"report": ["I <b>asked</b>."]}, 1))
    ask_sign_off(enrollment_id=ada.pk, step_key="ask-one", email="peer@example.com", now=NOW)
    ReflectionFactory(enrollment=ada, author=ada.user, step_key="look-around", text="What I saw")
    draft = story.draft_of(first)
    story.without_step(draft, "ask-one")
    story.without_step(draft, "look-around")
    story.moved(story.published(draft), ada)
    return Enrollment.objects.select_related("user", "version__journey", "cohort").get(pk=ada.pk)


def test_the_map_tells_what_was_done_before(moved):
    page = load_map(Actor(moved.cohort.organization_id, moved.user_id, roles=frozenset({LEARNER})), moved.uuid, now=NOW)
    html = browser(moved.user).get(f"/journeys/{moved.uuid}/").content.decode()

    assert [(one.title, list(one.said)) for one in page.on_record] == [
        ("Ask one", [("What happened?", "I <b>asked</b>.")])
    ]
    assert "Also done" in BeautifulSoup(html, "html.parser").get_text()
    assert "I &lt;b&gt;asked&lt;/b&gt;." in html


def test_whoever_was_asked_still_reads_what_they_were_asked_about(moved):
    sign_off = moved.sign_offs.get()

    assert sign_off_page(token=sign_off_token(sign_off), now=NOW).step_title == "Ask one"
    assert [ask.title for ask in asks_of(sign_off.signer_id, now=NOW)] == ["Ask one"]


def test_a_reflection_stays_readable_under_its_title_and_is_not_changed_any_more(moved):
    note = Reflection.objects.get()
    visitor = browser(moved.user)

    page = visitor.get(f"/reflections/{note.uuid}/").content.decode()
    listed = visitor.get("/reflections/").content.decode()

    assert "What I saw" in page
    assert "Look around" in page
    assert "Look around" in listed
    assert "?change=1" not in page


def test_the_summary_puts_people_of_both_versions_where_they_stand(first):
    cohort = running_cohort(first)
    ada, ben, cleo = (enrolled(cohort, f"{name}@example.com") for name in ("ada", "ben", "cleo"))
    story.done(ada, "read", "try-it", "ask-one", "look-around")
    story.done(ben, "read", "try-it", "ask-one", "look-around")
    story.done(ben, "plan", "look-back", now=NOW + timedelta(days=8))
    draft = story.draft_of(first)
    story.with_module(draft, "Third")
    story.with_step(draft, "third", title="Later")
    story.moved(story.published(draft), cleo, policy="not_started")

    told = cohort_progress(Cohort.objects.select_related("version__journey").get(pk=cohort.pk), now=NOW)

    assert (told.at_position, told.through) == ({1: 1, 2: 1, 3: 1}, 1)
    assert [told.reached(position) for position in (1, 2, 3)] == [3, 2, 1]


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [
        (["a", "b"], ["a", "b", "c"], {1: 1, 2: 2}),
        (["a", "b", "c"], ["c", "a"], {1: 2, 2: 2, 3: 1}),
        (["x", "a"], ["a"], {1: 1, 2: 1}),
    ],
)
def test_places_are_translated_by_key(theirs, ours, expected):
    assert translated(theirs, ours) == expected
