"""The facts of an enrollment, and where people stand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.accounts.actor import Actor
from content.activities.models import Activity
from journeys.authoring.queries import outline_for
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import WITH_TERMS
from learners.progress.actions import complete_step
from learners.progress.queries import list_attempts, load_facts, load_facts_many, timeline_of, timelines_of
from learners.progress.queries.done import list_completions
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.content import ActivityRevisionFactory
from tests.factories.learners import (
    STARTED_AT,
    AttemptFactory,
    CohortStaffFactory,
    CompletionFactory,
    EnrollmentAdjustmentFactory,
    EnrollmentFactory,
    ModuleOpeningFactory,
)
from tests.learners.running import NOW, START, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


def give_wordings():
    """Write a wording for every step's activity: what a rule counts is read from the version's outline."""
    for activity in Activity.objects.filter(latest=None):
        activity.latest = ActivityRevisionFactory(activity=activity)
        activity.save()


def test_facts_hold_everything_that_rows_say():
    enrollment = EnrollmentFactory(cohort__ends_on=date(2027, 6, 1))
    done = CompletionFactory(enrollment=enrollment, passed_at=NOW, score_scaled="0.8")
    ModuleOpeningFactory(enrollment=enrollment, module_key="first")
    for kind, values in (
        ("pause", {"days": None, "effective_at": STARTED_AT}),
        ("resume", {"days": None, "effective_at": STARTED_AT + timedelta(days=1)}),
        ("shift", {"days": 3}),
        ("extend", {"days": None, "key": "first", "until_on": date(2027, 5, 1)}),
        ("exempt", {"days": None, "key": "first/extra"}),
        ("release", {"days": None, "key": "second"}),
        ("pause", {"days": None, "effective_at": NOW}),
    ):
        EnrollmentAdjustmentFactory(enrollment=enrollment, kind=kind, **values)
    give_wordings()

    facts = load_facts(enrollment)

    assert facts.start_on == START
    assert (facts.zone, facts.anchor_zone, facts.end_on) == ("Europe/Paris", None, date(2027, 6, 1))
    assert facts.completed == {done.step_key: done.completed_at}
    assert (facts.passed, facts.ratios) == ({done.step_key: NOW}, {done.step_key: 0.8})
    assert facts.opened == {"first": STARTED_AT}
    assert [(p.from_at, p.until_at) for p in facts.pauses] == [
        (STARTED_AT, STARTED_AT + timedelta(days=1)),
        (NOW, None),
    ]
    assert [(s.made_at, s.days) for s in facts.shifts] == [(STARTED_AT, 3)]
    assert facts.extensions == {"first": date(2027, 5, 1)}
    assert sorted(facts.exempted) == ["extra"]
    assert facts.released == {"second": STARTED_AT}


def test_facts_of_one_person_never_hold_anothers():
    mine, other = EnrollmentFactory(), EnrollmentFactory()
    CompletionFactory(enrollment=other)
    EnrollmentAdjustmentFactory(enrollment=other)
    ModuleOpeningFactory(enrollment=other)
    give_wordings()

    facts = load_facts_many([mine, other])

    assert (facts[mine.pk].completed, facts[mine.pk].shifts, facts[mine.pk].opened) == ({}, (), {})
    assert len(facts[other.pk].completed) == len(facts[other.pk].shifts) == 1


@pytest.mark.parametrize("people", [1, 3])
def test_facts_cost_three_queries_whatever_the_number(people, django_assert_num_queries):
    for _ in range(people):
        CompletionFactory()
    give_wordings()
    rows = Enrollment.objects.select_related(*WITH_TERMS)
    enrollments = list(rows)
    for enrollment in enrollments:
        outline_for(enrollment.version)

    with django_assert_num_queries(3):
        assert len(load_facts_many(enrollments)) == people


@pytest.mark.parametrize("people", [1, 3])
def test_timelines_of_a_known_version_cost_no_more(people, django_assert_num_queries):
    cohort = running_cohort()
    for number in range(people):
        enrolled(cohort, f"p{number}@example.com")
    enrollments = list(Enrollment.objects.select_related(*WITH_TERMS))

    with django_assert_num_queries(3):
        assert len(timelines_of(enrollments)) == people


@pytest.mark.parametrize(
    ("zone_rule", "learner_zone", "opens"),
    [
        ("learner", "Asia/Tokyo", datetime(2027, 3, 3, 0, tzinfo=UTC)),
        ("learner", "America/New_York", datetime(2027, 3, 3, 14, tzinfo=UTC)),
        ("cohort", "Asia/Tokyo", datetime(2027, 3, 3, 8, tzinfo=UTC)),
        ("cohort", "America/New_York", datetime(2027, 3, 3, 8, tzinfo=UTC)),
    ],
)
def test_hours_are_read_in_the_zone_that_the_cohort_says(zone_rule, learner_zone, opens):
    cohort = running_cohort(zone_rule=zone_rule, time_zone="Europe/Paris")
    enrollment = enrolled(cohort, time_zone=learner_zone)

    assert timeline_of(enrollment).timeline.modules["first"].opens_at == opens


def test_a_person_without_a_zone_has_the_organizations():
    enrollment = enrolled()
    assert enrollment.user.time_zone == "Europe/Paris"
    enrollment.user.time_zone = ""

    assert load_facts(enrollment).zone == "Europe/Paris"


def test_the_cohorts_country_decides_what_is_a_day_off():
    version = published_version()
    # 22 March 2027 is a substitute holiday in Japan and a plain Monday in France.
    for country, expected in (("JP", date(2027, 3, 23)), ("FR", date(2027, 3, 22))):
        cohort = running_cohort(version, starts_on=date(2027, 3, 22), country=country)
        enrollment = enrolled(cohort, f"{country.lower()}@example.com")

        opens_at = timeline_of(enrollment).timeline.modules["first"].opens_at
        assert opens_at is not None
        assert opens_at.date() == expected


def test_without_a_country_the_learners_zone_decides_and_days_off_are_added():
    version = published_version()
    cohort = running_cohort(version, starts_on=date(2027, 3, 22), days_off=[date(2027, 3, 23)])

    tokyo = enrolled(cohort, "tokyo@example.com", time_zone="Asia/Tokyo")
    paris = enrolled(cohort, "paris@example.com", time_zone="Europe/Paris")

    assert timeline_of(tokyo).timeline.modules["first"].opens_at == datetime(2027, 3, 24, 0, tzinfo=UTC)
    assert timeline_of(paris).timeline.modules["first"].opens_at == datetime(2027, 3, 22, 8, tzinfo=UTC)


def test_an_own_start_wins_over_the_cohorts():
    enrollment = enrolled(starts_on="2027-04-07")

    assert load_facts(enrollment).start_on == date(2027, 4, 7)


def test_on_an_individual_clock_the_first_day_is_the_day_of_enrollment_where_they_are():
    cohort = running_cohort(clock="individual", starts_on=None)
    late = datetime(2027, 3, 3, 20, tzinfo=UTC)

    enrollment = enrolled(cohort, time_zone="Asia/Tokyo", now=late)

    assert enrollment.starts_on == date(2027, 3, 4)
    assert load_facts(enrollment).start_on == date(2027, 3, 4)


def test_completions_are_listed_for_those_who_may_see_the_enrollment():
    enrollment = enrolled()
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    organization_id = enrollment.cohort.organization_id
    facilitator = CohortStaffFactory(cohort=enrollment.cohort).user
    colleague = enrolled(enrollment.cohort, "colleague@example.com").user
    boss = MembershipFactory(organization=enrollment.cohort.organization)
    enrollment.user.memberships.update(manager=boss)
    stranger = MembershipFactory()

    def seen(user, organization=organization_id, roles=()):
        actor = Actor(organization_id=organization, user_id=user.pk, roles=frozenset(roles))
        return list_completions(actor).count()

    assert seen(enrollment.user) == seen(facilitator) == seen(boss.user) == 1
    assert seen(UserFactory(), roles=["administrator"]) == 1
    assert seen(colleague) == seen(UserFactory(), roles=["designer"]) == 0
    assert seen(stranger.user, stranger.organization_id, ["administrator"]) == 0
    assert seen(enrollment.user, stranger.organization_id) == 0


def test_answers_are_read_by_their_author_alone():
    attempt = AttemptFactory(response={"report": ["Canary"]})
    enrollment = attempt.enrollment
    organization_id = enrollment.cohort.organization_id
    facilitator = CohortStaffFactory(cohort=enrollment.cohort).user

    def read(user_id, organization=organization_id, roles=()):
        actor = Actor(organization_id=organization, user_id=user_id, roles=frozenset(roles))
        return list(list_attempts(actor, enrollment.pk, attempt.step_key))

    assert read(enrollment.user_id) == [attempt]
    assert read(facilitator.pk, roles=["administrator", "designer"]) == []
    assert read(None) == []
    assert read(enrollment.user_id, MembershipFactory().organization_id) == []


def test_a_timeline_is_worked_out_once_for_equal_facts_and_anew_for_others():
    enrollment = enrolled(running_cohort(published_version()))
    first = timeline_of(enrollment)

    again = timeline_of(Enrollment.objects.get(pk=enrollment.pk))
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    later = timeline_of(Enrollment.objects.get(pk=enrollment.pk))

    assert first.facts is not again.facts
    assert (first.facts, hash(first.facts)) == (again.facts, hash(again.facts))
    assert again.timeline is first.timeline
    assert later.timeline.steps["read"].done_at == NOW
    assert first.timeline.steps["read"].done_at is None
