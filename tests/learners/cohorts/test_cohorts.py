"""Cohorts, their staff, their live sessions, and who sees them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.accounts.actor import Actor
from config.accounts.models import Membership
from config.events.models import ActivityEvent
from config.support.errors import InvalidInput, NotFound
from journeys.authoring.models import JourneyVersion
from learners.cohorts.actions import (
    close_cohort,
    create_cohort,
    mark_active,
    mark_joined,
    remove_staff,
    schedule_live_session,
    set_staff,
    withdraw,
)
from learners.cohorts.errors import (
    ForeignVersion,
    UnknownCohort,
    UnknownEnrollment,
    UnknownKey,
    VersionNotPublished,
)
from learners.cohorts.models import Cohort, CohortStaff, Enrollment, LiveSession
from learners.cohorts.queries import (
    get_cohort,
    get_enrollment,
    get_own_enrollment,
    list_own_enrollments,
    staff_of,
    with_counts,
)
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.learners import CohortStaffFactory, EnrollmentFactory
from tests.learners.running import NOW, START, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


def create(version, **values):
    return create_cohort(
        **{
            "organization_id": version.journey.organization_id,
            "version_id": version.pk,
            "name": " Spring\t2027 ",
            "starts_on": START,
            "now": NOW,
            **values,
        }
    )


def test_a_cohort_takes_the_organizations_zone_and_tells_of_itself():
    version = published_version()

    cohort = create(version, country="jp", days_off=[date(2027, 5, 5), date(2027, 5, 4), date(2027, 5, 5)])

    assert (cohort.name, cohort.time_zone, cohort.country) == ("Spring 2027", "Europe/Paris", "JP")
    assert cohort.days_off == ["2027-05-04", "2027-05-05"]
    assert ActivityEvent.objects.get().verb == "cohort.created"


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"clock": "other"}, "/clock"),
        ({"zone_rule": "other"}, "/zone_rule"),
        ({"starts_on": None}, "/starts_on"),
        ({"ends_on": date(2027, 3, 2)}, "/ends_on"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"country": "XX"}, "/country"),
    ],
)
def test_values_that_do_not_fit_are_refused_where_they_stand(values, pointer):
    with pytest.raises(InvalidInput) as refusal:
        create(published_version(), **values)

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
    assert Cohort.objects.count() == 0


def test_every_fault_is_told_at_once():
    with pytest.raises(InvalidInput) as refusal:
        create(published_version(), name="", starts_on=None, time_zone="here")

    assert len(refusal.value.faults) == 3


def test_drafts_and_versions_of_others_are_refused():
    version = published_version()

    with pytest.raises(ForeignVersion):
        create(version, organization_id=OrganizationFactory().pk)
    JourneyVersion.objects.update(status="draft", published_at=None)
    with pytest.raises(VersionNotPublished):
        create(version)


def test_staff_are_members_and_have_a_role_once():
    cohort = running_cohort()
    member = MembershipFactory(organization=cohort.organization, user__name="Fay").user
    who = {"cohort_id": cohort.pk, "user_id": member.pk, "actor_id": None, "now": NOW}

    for _ in range(2):
        set_staff(role="facilitator", **who)
    set_staff(role="manager", **who)

    assert staff_of(cohort.pk).facilitators == staff_of(cohort.pk).managers == ("Fay",)
    assert remove_staff(role="manager", **who)
    assert not remove_staff(role="manager", **who)
    assert CohortStaff.objects.count() == 1
    with pytest.raises(InvalidInput):
        set_staff(role="king", **who)
    with pytest.raises(NotFound):
        set_staff(role="manager", **{**who, "user_id": MembershipFactory().user_id})


def test_a_live_session_keeps_its_row_and_counts_its_changes():
    cohort = running_cohort()
    when = datetime(2027, 3, 12, 14, tzinfo=UTC)

    def schedule(**values):
        return schedule_live_session(
            **{
                "cohort_id": cohort.pk,
                "step_key": "meet",
                "starts_at": when,
                "actor_id": None,
                "now": NOW,
                **values,
            }
        )

    assert (schedule().sequence, schedule().sequence) == (0, 0)
    moved = schedule(starts_at=when + timedelta(hours=1), place=" Room\n1 ")
    assert (moved.sequence, moved.place, moved.minutes) == (1, "Room 1", 10)
    assert LiveSession.objects.count() == 1
    for key in ("read", "nowhere"):
        with pytest.raises(UnknownKey):
            schedule(step_key=key)
    for values in ({"minutes": 0}, {"minutes": 601}, {"place": "x" * 301}):
        with pytest.raises(InvalidInput):
            schedule(**values)


def test_closing_keeps_the_first_date():
    cohort = running_cohort()

    for days in (0, 1):
        close_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW + timedelta(days=days))

    cohort.refresh_from_db()
    assert cohort.closed_at == NOW
    assert ActivityEvent.objects.filter(verb="cohort.closed").count() == 1


def test_the_first_visit_is_noted_once_and_makes_an_invited_person_active():
    enrollment = enrolled()

    assert mark_joined(enrollment_id=enrollment.pk, now=NOW)
    assert not mark_joined(enrollment_id=enrollment.pk, now=NOW + timedelta(days=1))

    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.joined_at, enrollment.revision) == ("active", NOW, 1)
    assert ActivityEvent.objects.filter(verb="enrollment.joined").count() == 1


def test_a_later_visit_costs_one_query(django_assert_max_num_queries):
    enrollment = enrolled()
    mark_joined(enrollment_id=enrollment.pk, now=NOW)

    with django_assert_max_num_queries(20) as captured:
        mark_joined(enrollment_id=enrollment.pk, now=NOW)

    assert len([q for q in captured if q["sql"].startswith(("UPDATE", "SELECT", "INSERT"))]) == 1


def test_activity_is_written_every_five_minutes_at_most_and_never_after_leaving():
    enrollment = enrolled()
    for minutes in (0, 4, 6):
        mark_active(enrollment_id=enrollment.pk, now=NOW + timedelta(minutes=minutes))
    enrollment.refresh_from_db()
    assert (enrollment.revision, enrollment.last_activity_at) == (2, NOW + timedelta(minutes=6))

    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    mark_active(enrollment_id=enrollment.pk, now=NOW + timedelta(hours=1))
    enrollment.refresh_from_db()
    assert enrollment.status == "withdrawn"


@pytest.fixture
def people():
    """Give a learner and everybody who may be near them, each as an actor."""
    cohort = running_cohort()
    enrollment = enrolled(cohort, "learner@example.com", manager_email="boss@example.com")
    organization = cohort.organization_id

    def actor(user_id, organization_id=organization, roles=(), **values):
        return Actor(organization_id=organization_id, user_id=user_id, roles=frozenset(roles), **values)

    stranger = EnrollmentFactory()
    other = stranger.cohort.organization_id
    return {
        "enrollment": enrollment,
        "learner": actor(enrollment.user_id),
        "colleague": actor(enrolled(cohort, "colleague@example.com").user_id),
        "facilitator": actor(CohortStaffFactory(cohort=cohort).user_id),
        "manager": actor(CohortStaffFactory(cohort=cohort, role="manager").user_id),
        "boss": actor(Membership.objects.get(reports__user=enrollment.user).user_id),
        "administrator": actor(MembershipFactory(organization=cohort.organization).user_id, roles=["administrator"]),
        "designer": actor(MembershipFactory(organization=cohort.organization).user_id, roles=["designer"]),
        "stranger": actor(stranger.user_id, other, roles=["administrator"]),
        "learner elsewhere": actor(enrollment.user_id, other),
        "key": actor(None),
        "key of the cohort": actor(None, cohort_ids=frozenset({cohort.pk})),
        "key of another cohort": actor(None, cohort_ids=frozenset({running_cohort(cohort.version).pk})),
        "key elsewhere": actor(None, other),
    }


def can(get, actor, uuid, error):
    try:
        return get(actor, uuid) is not None
    except error:
        return False


def test_who_sees_a_cohort(people):
    uuid = people.pop("enrollment").cohort.uuid

    seen = {who for who, actor in people.items() if can(get_cohort, actor, uuid, UnknownCohort)}

    assert seen == {"facilitator", "manager", "administrator", "key", "key of the cohort"}


def test_who_sees_an_enrollment(people):
    uuid = people.pop("enrollment").uuid

    seen = {who for who, actor in people.items() if can(get_enrollment, actor, uuid, UnknownEnrollment)}

    assert seen == {"learner", "facilitator", "manager", "boss", "administrator", "key", "key of the cohort"}


def test_own_enrollments_are_the_learners_alone(people):
    enrollment = people.pop("enrollment")

    own = {who for who, actor in people.items() if can(get_own_enrollment, actor, enrollment.uuid, UnknownEnrollment)}
    listed = {who for who, actor in people.items() if enrollment in list_own_enrollments(actor)}

    assert own == listed == {"learner"}


def test_somebody_with_two_memberships_is_listed_once(people):
    enrollment = people["enrollment"]
    MembershipFactory(user=enrollment.user)

    for who in ("boss", "facilitator", "administrator"):
        assert Enrollment.objects.visible_to(people[who]).filter(pk=enrollment.pk).count() == 1


@pytest.mark.parametrize("journeys", [1, 3])
def test_own_enrollments_cost_one_query_and_running_ones_come_first(journeys, django_assert_num_queries):
    version = published_version()
    for _ in range(journeys):
        enrollment = enrolled(running_cohort(version))
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)
    actor = Actor(organization_id=version.journey.organization_id, user_id=enrollment.user_id)

    with django_assert_num_queries(1):
        rows = [(row.cohort.name, row.version.title, row.version.journey.key) for row in list_own_enrollments(actor)]

    assert len(rows) == journeys
    assert list(list_own_enrollments(actor))[-1] == enrollment


def test_counts_leave_out_those_who_left():
    cohort = running_cohort()
    enrolled(cohort, "a@example.com")
    gone = enrolled(cohort, "b@example.com")
    withdraw(enrollment_id=gone.pk, actor_id=None, now=NOW)
    empty = running_cohort(cohort.version)

    rows = [vars(row) for row in with_counts(Cohort.objects.order_by("id"))]

    assert [(row["id"], row["in_cohort"], row["finished"]) for row in rows] == [(cohort.pk, 1, 0), (empty.pk, 0, 0)]
