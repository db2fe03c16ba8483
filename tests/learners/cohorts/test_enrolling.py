"""Enrolling people, one or thousands."""

from datetime import date

import pytest

from config.accounts.models import Membership, User
from config.events.models import ActivityEvent
from learners.cohorts.actions import close_cohort, enroll, enroll_many, withdraw
from learners.cohorts.errors import CohortClosed, RowRefused, UnknownCohort
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.rules.enrollment_list import EnrollmentRow
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.learners.running import NOW, enrolled, running_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return running_cohort()


def enroll_rows(cohort, *rows, dry_run=False, now=NOW):
    made = [EnrollmentRow(line, *row) for line, row in enumerate(rows, start=2)]
    return enroll_many(cohort_id=cohort.pk, rows=made, actor_id=None, now=now, dry_run=dry_run)


def outcomes(results):
    return [(result.line, result.outcome) for result in results]


def test_a_person_is_invited_enrolled_and_told_of(cohort):
    actor = UserFactory()

    enrollment = enroll(
        cohort_id=cohort.pk,
        email=" Ana@Example.com ",
        name=" Ana\n Silva ",
        time_zone="Asia/Tokyo",
        manager_email="Bo@example.com",
        actor_id=actor.pk,
        now=NOW,
    )

    person = User.objects.get(email="ana@example.com")
    assert (person.name, person.time_zone, person.has_usable_password()) == ("Ana Silva", "Asia/Tokyo", False)
    membership = Membership.objects.get(user=person)
    assert (membership.organization_id, membership.is_learner) == (cohort.organization_id, True)
    manager = Membership.objects.get(reports=membership)
    assert (manager.user.email, manager.is_learner) == ("bo@example.com", False)
    assert (enrollment.status, enrollment.version_id, enrollment.enrolled_at) == ("invited", cohort.version_id, NOW)
    assert (enrollment.required, enrollment.completed) == (5, 0)
    assert enrollment.module_states == {"first": "open", "second": "locked"}
    assert enrollment.needs_arming
    event = ActivityEvent.objects.get(verb="enrollment.created")
    assert (event.actor_id, event.object_uuid, event.cohort_uuid) == (actor.pk, enrollment.uuid, cohort.uuid)
    assert "Ana" not in str(event.data)
    assert "@" not in str(event.data)
    assert ActivityEvent.objects.filter(verb="person.invited").count() == 2


def test_enrolling_again_changes_nothing(cohort):
    first = enrolled(cohort, "ana@example.com", name="Ana")

    again = enrolled(cohort, "ANA@example.com", name="Somebody", time_zone="Asia/Tokyo")

    assert again == first
    assert (again.user.name, again.user.time_zone) == ("Ana", "Europe/Paris")
    assert ActivityEvent.objects.filter(verb="enrollment.created").count() == 1


def test_a_member_of_another_organization_keeps_their_own_name_and_joins_this_one_too(cohort):
    other = MembershipFactory(user__email="ana@example.com", user__name="Ana", user__time_zone="Asia/Tokyo")

    enrollment = enrolled(cohort, "ana@example.com", name="Anna", time_zone="Europe/Paris")

    assert enrollment.user == other.user
    assert (enrollment.user.name, enrollment.user.time_zone) == ("Ana", "Asia/Tokyo")
    assert other.user.memberships.count() == 2


def test_a_person_without_a_zone_gets_the_organizations(cohort):
    assert enrolled(cohort).user.time_zone == cohort.organization.time_zone == "Europe/Paris"


def test_every_row_of_a_list_is_answered_and_bad_ones_stop_no_other(cohort):
    enrolled(cohort, "known@example.com")
    gone = enrolled(cohort, "gone@example.com")
    withdraw(enrollment_id=gone.pk, actor_id=None, now=NOW)

    results = enroll_rows(
        cohort,
        ("new@example.com", "New"),
        ("NEW@example.com",),
        ("Known@Example.com",),
        ("gone@example.com",),
        ("not an address",),
        ("",),
        ("zone@example.com", "Zoe", "Mars/Olympus"),
        ("boss@example.com", "", "", "Boss@example.com"),
        ("late@example.com", "", "", "", "next week"),
        ("long@example.com", "x" * 151),
        ("bad@example.com", "", "", "no manager"),
        ("fine@example.com", "", "", "", "2027-04-07"),
    )

    assert outcomes(results) == [
        (2, "created"),
        (3, "already"),
        (4, "already"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
        (8, "refused"),
        (9, "refused"),
        (10, "refused"),
        (11, "refused"),
        (12, "refused"),
        (13, "created"),
    ]
    details = {result.line: result.detail for result in results}
    assert "line 2" in details[3]
    assert "Reinstate" in details[5]
    assert "name@example.com" in details[6]
    assert "Add one" in details[7]
    assert "Europe/Paris" in details[8]
    assert "2027-03-03" in details[10]
    assert Enrollment.objects.get(user__email="fine@example.com").starts_on == date(2027, 4, 7)
    assert not User.objects.filter(email__in=["zone@example.com", "bad@example.com"]).exists()


def test_a_dry_run_answers_the_same_and_writes_nothing(cohort):
    rows = [("a@example.com",), ("nonsense",), ("b@example.com", "B", "", "boss@example.com"), ("A@example.com",)]
    before = [User.objects.count(), Membership.objects.count(), ActivityEvent.objects.count()]

    tried = enroll_rows(cohort, *rows, dry_run=True)

    assert [User.objects.count(), Membership.objects.count(), ActivityEvent.objects.count()] == before
    assert Enrollment.objects.count() == 0
    assert Cohort.objects.get().updated_at == cohort.updated_at
    assert [(r.line, r.outcome, r.detail) for r in enroll_rows(cohort, *rows)] == [
        (r.line, r.outcome, r.detail) for r in tried
    ]


def test_a_manager_who_is_on_the_list_too_is_a_learner(cohort):
    enroll_rows(cohort, ("a@example.com", "A", "", "boss@example.com"), ("boss@example.com", "Bo"))

    boss = Membership.objects.get(user__email="boss@example.com")
    assert (boss.is_learner, boss.user.name) == (True, "Bo")
    assert Enrollment.objects.count() == 2


def test_somebody_who_had_left_the_organization_is_a_member_again(cohort):
    left = MembershipFactory(organization=cohort.organization, is_active=False)

    enrolled(cohort, left.user.email)

    left.refresh_from_db()
    assert left.is_active


def test_one_refused_person_says_why(cohort):
    with pytest.raises(RowRefused, match="name@example.com"):
        enrolled(cohort, "nonsense")


def test_a_closed_and_an_unknown_cohort_take_nobody(cohort):
    close_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW)

    with pytest.raises(CohortClosed):
        enrolled(cohort)
    with pytest.raises(UnknownCohort):
        enroll(cohort_id=0, email="a@example.com", actor_id=None, now=NOW)


@pytest.mark.parametrize("people", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_three(cohort, people, django_assert_max_num_queries):
    enrolled(cohort, "warm@example.com")
    rows = [(f"p{n}@example.com", "", "", f"m{n}@example.com") for n in range(people)]

    with django_assert_max_num_queries(100) as captured:
        enroll_rows(cohort, *rows)

    own = [q for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len(own) == 16


def test_six_thousand_rows_are_enrolled(cohort, django_assert_max_num_queries):
    zones = ["Asia/Tokyo", "Europe/Paris", "America/New_York"]
    rows = [(f"p{n}@example.com", f"P {n}", zones[n % 3]) for n in range(6_000)]

    with django_assert_max_num_queries(1_200):
        results = enroll_rows(cohort, *rows)

    assert {result.outcome for result in results} == {"created"}
    assert Enrollment.objects.filter(required=5).count() == 6_000
