"""Recording who took part in a live session."""

from datetime import timedelta

import pytest

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from config.support.errors import NotAllowed
from learners.cohorts.actions import withdraw
from learners.cohorts.errors import UnknownCohort
from learners.progress.actions import record_attendance
from learners.progress.errors import FutureCompletion, NotTheirSession
from learners.progress.models import Completion
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.running import NOW, enrolled, running_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return running_cohort()


@pytest.fixture
def facilitator(cohort):
    return staff(cohort, "facilitator")


def staff(cohort, role):
    person = CohortStaffFactory(cohort=cohort, role=role).user
    return Actor(organization_id=cohort.organization_id, user_id=person.pk, roles=frozenset({"learner"}))


def attend(actor, cohort, enrollments, **values):
    ids = [enrollment.pk for enrollment in enrollments]
    return record_attendance(
        actor=actor, cohort_id=cohort.pk, enrollment_ids=ids, **{"step_key": "meet", "now": NOW, **values}
    )


def test_attendance_of_several_people_is_recorded_at_once(cohort, facilitator):
    people = [enrolled(cohort, f"p{n}@example.com") for n in range(3)]

    answers = attend(facilitator, cohort, people, attended_at=NOW - timedelta(hours=2))

    assert [answer.outcome for answer in answers] == ["recorded"] * 3
    rows = list(Completion.objects.all())
    assert {row.how for row in rows} == {"reported"}
    assert {row.recorded_by_id for row in rows} == {facilitator.user_id}
    assert {row.completed_at for row in rows} == {NOW - timedelta(hours=2)}
    people[0].refresh_from_db()
    assert (people[0].completed, people[0].module_states["second"], people[0].status) == (1, "evidence", "active")
    assert ActivityEvent.objects.get(verb="attendance.recorded").data == {"step": "meet", "people": 3}


def test_a_repeat_adds_those_who_were_missing_only(cohort, facilitator):
    first, second = enrolled(cohort, "a@example.com"), enrolled(cohort, "b@example.com")
    attend(facilitator, cohort, [first])

    answers = attend(facilitator, cohort, [first, second, first])

    assert [answer.outcome for answer in answers] == ["already", "recorded"]
    assert Completion.objects.count() == 2


def test_people_who_left_or_are_elsewhere_are_refused_one_by_one(cohort, facilitator):
    here, gone, elsewhere = enrolled(cohort, "a@example.com"), enrolled(cohort, "b@example.com"), enrolled()
    withdraw(enrollment_id=gone.pk, actor_id=None, now=NOW)

    answers = attend(facilitator, cohort, [here, gone, elsewhere])

    assert [answer.outcome for answer in answers] == ["recorded", "refused", "refused"]
    assert Completion.objects.get().enrollment == here


def test_only_facilitators_and_administrators_record(cohort):
    person = enrolled(cohort)
    administrator = Actor(
        organization_id=cohort.organization_id, user_id=UserFactory().pk, roles=frozenset({"administrator"})
    )
    stranger = Actor(
        organization_id=OrganizationFactory().pk, user_id=UserFactory().pk, roles=frozenset({"administrator"})
    )
    learner = Actor(organization_id=cohort.organization_id, user_id=person.user_id, roles=frozenset({"learner"}))

    with pytest.raises(NotAllowed):
        attend(staff(cohort, "manager"), cohort, [person])
    for nobody in (stranger, learner):
        with pytest.raises(UnknownCohort):
            attend(nobody, cohort, [person])
    assert Completion.objects.count() == 0
    assert attend(administrator, cohort, [person])[0].outcome == "recorded"


def test_a_step_that_is_no_session_and_a_moment_to_come_are_refused(cohort, facilitator):
    person = enrolled(cohort)

    for key in ("read", "nowhere"):
        with pytest.raises(NotTheirSession):
            attend(facilitator, cohort, [person], step_key=key)
    with pytest.raises(FutureCompletion):
        attend(facilitator, cohort, [person], attended_at=NOW + timedelta(minutes=1))
    assert attend(facilitator, cohort, []) == []


@pytest.mark.parametrize("people", [2, 5])
def test_queries_do_not_grow_with_the_people(cohort, facilitator, people, django_assert_max_num_queries):
    enrollments = [enrolled(cohort, f"p{n}@example.com") for n in range(people)]

    with django_assert_max_num_queries(100) as captured:
        attend(facilitator, cohort, enrollments)

    own = [q for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len(own) == 14
