"""Prepared reads that begin with an actor."""

import pytest

from config.accounts.actor import ADMINISTRATOR, LEARNER, Actor
from config.accounts.models import Membership
from config.accounts.reads import ReadAs
from learners.cohorts.errors import UnknownEnrollment
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import get_enrollment
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.learners import CohortFactory, CohortStaffFactory, EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def world():
    """Enrollments in two cohorts of one organization and in another one; staff of the first cohort."""
    first = CohortFactory()
    second = CohortFactory(organization=first.organization)
    enrollments = [EnrollmentFactory(cohort=cohort) for cohort in (first, first, second)] + [EnrollmentFactory()]
    return first, second, enrollments, CohortStaffFactory(cohort=first).user


def actors(world):
    """Return somebody of every shape, with more than one of those that differ in values only."""
    first, second, enrollments, staff = world
    here, there = first.organization_id, enrollments[3].cohort.organization_id
    boss = UserFactory()
    manager = MembershipFactory(organization=first.organization, user=boss)
    here_too = {"organization": first.organization, "user": enrollments[2].user}
    Membership.objects.update_or_create(**here_too, defaults={"manager": manager})
    people = [enrollments[0].user_id, enrollments[2].user_id, staff.pk, boss.pk, UserFactory().pk]
    yield from (Actor(here, user, roles=frozenset({LEARNER})) for user in people)
    yield from (Actor(there, user, roles=frozenset({LEARNER})) for user in (*people, enrollments[3].user_id))
    yield from (Actor(place, staff.pk, roles=frozenset({ADMINISTRATOR})) for place in (here, there))
    yield from (Actor(place) for place in (here, there, here))
    limits = (frozenset({first.pk}), frozenset({second.pk}), frozenset({first.pk, second.pk}), frozenset())
    yield from (Actor(here, cohort_ids=limit) for limit in limits)
    yield Actor(there, cohort_ids=frozenset({first.pk}))


def test_everybody_reads_what_the_permission_itself_gives(world):
    visible = ReadAs(lambda actor: Enrollment.objects.visible_to(actor).order_by("pk"))
    own = ReadAs(lambda actor: Enrollment.objects.of_learner(actor).order_by("pk"))

    for actor in [*actors(world)] * 2:
        assert visible(actor) == list(Enrollment.objects.visible_to(actor).order_by("pk")), actor
        assert own(actor) == list(Enrollment.objects.of_learner(actor).order_by("pk")), actor


def test_one_enrollment_is_found_by_those_who_may_see_it(world):
    for actor in actors(world):
        allowed = set(Enrollment.objects.visible_to(actor))
        for enrollment in world[2]:
            if enrollment in allowed:
                assert get_enrollment(actor, enrollment.uuid) == enrollment
            else:
                with pytest.raises(UnknownEnrollment):
                    get_enrollment(actor, enrollment.uuid)
