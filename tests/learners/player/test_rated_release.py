"""A module that opens for those who rated themselves low: for whom, when, and what others can see of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.authoring.models import Module
from learners.nudges.actions.tick import tick
from learners.progress.models import ModuleOpening
from learners.progress.queries.standing import load_facts
from learners.ratings.errors import RatingStands
from tests.learners.player.journey import NOW, do, join, make_cohort, make_rated_version, signed_in

pytestmark = pytest.mark.django_db

STEP = "where-you-start"
LOW = {"levels": {"asks-first": 1, "thanks": 3}}
HIGH = {"levels": {"asks-first": 4, "thanks": 3}}


@pytest.fixture
def learner():
    """Somebody on a journey whose second module opens for those who rate themselves 2 or lower anywhere."""
    version = make_rated_version()
    Module.objects.filter(version=version, key="second").update(
        opens={"rated": f"first/{STEP}", "at_most": 2}, due=None
    )
    return join(make_cohort(version))


def test_a_low_level_opens_the_module_at_once(learner):
    do(learner, STEP, **LOW)

    learner.refresh_from_db()
    assert learner.module_states["second"] == "open"
    assert ModuleOpening.objects.get(enrollment=learner, module_key="second").opened_at == NOW


def test_a_high_level_leaves_it_closed_with_a_reason_that_does_not_tell_the_level(learner):
    do(learner, STEP, **HIGH)

    learner.refresh_from_db()
    assert learner.module_states["second"] == "locked"
    page = signed_in(learner.user).get(f"/journeys/{learner.uuid}/").content.decode()
    assert "rate yourself 2 or lower on Where you start" in page


def test_a_level_that_is_mended_within_the_day_answers_anew(learner):
    do(learner, STEP, **HIGH)
    later = NOW + timedelta(hours=3)

    do(learner, STEP, now=later, **LOW)

    learner.refresh_from_db()
    assert learner.module_states["second"] == "open"
    with pytest.raises(RatingStands):
        do(learner, STEP, now=NOW + timedelta(days=2), **HIGH)


def test_what_has_opened_stays_open_when_the_level_is_mended_upwards(learner):
    do(learner, STEP, **LOW)

    do(learner, STEP, now=NOW + timedelta(hours=1), **HIGH)

    learner.refresh_from_db()
    assert learner.module_states["second"] == "open"


def test_ratings_are_read_where_a_rule_asks_for_them_and_nowhere_else(learner):
    other = join(make_cohort(make_rated_version()), email="other@example.com")
    for one in (learner, other):
        do(one, STEP, **LOW)

    with CaptureQueriesContext(connection) as asked:
        assert load_facts(learner).levels
    with CaptureQueriesContext(connection) as unasked:
        assert load_facts(other).levels == {}
    assert len(asked) == len(unasked) + 1
    assert not any("learners_rating" in query["sql"] for query in unasked.captured_queries)


def test_the_engine_agrees_with_the_page(learner):
    do(learner, STEP, **LOW)

    tick(now=NOW + timedelta(minutes=1))

    learner.refresh_from_db()
    assert learner.module_states["second"] == "open"
    assert ModuleOpening.objects.filter(enrollment=learner, module_key="second").count() == 1
