"""The one rule of who may read a learner's text, over every combination."""

from itertools import product

import pytest

from config.accounts.actor import Actor
from learners.reflections.errors import UnknownReflection
from learners.reflections.models import Reflection
from learners.reflections.queries import (
    audience_choices,
    can_read,
    get_own_reflection,
    get_readable,
    list_reflections,
    list_shared_with,
    own_reflection,
    readable_by,
    readers_of,
)
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.learners import (
    STARTED_AT,
    CohortFactory,
    CohortStaffFactory,
    EnrollmentFactory,
    ReflectionFactory,
)

pytestmark = pytest.mark.django_db

ROLES = [frozenset(), frozenset({"administrator"}), frozenset({"designer"}), frozenset({"learner"})]
STANDINGS = ["nobody", "manager", "facilitator", "member", "withdrawn", "facilitator+member", "manager+withdrawn"]


def person_in(cohort, standing):
    """Make a person with this standing in a cohort."""
    person = UserFactory()
    for part in standing.split("+"):
        if part in ("manager", "facilitator"):
            CohortStaffFactory(cohort=cohort, user=person, role=part)
        if part == "member":
            EnrollmentFactory(cohort=cohort, user=person)
        if part == "withdrawn":
            EnrollmentFactory(cohort=cohort, user=person, status="withdrawn", attempt_no=2)
    return person


def every_reflection(cohort):
    """Make one reflection of each audience, saved and as a draft, each by another author."""
    return [
        ReflectionFactory(enrollment__cohort=cohort, audience=audience, saved_at=saved_at)
        for audience, saved_at in product(["private", "facilitator", "cohort"], [STARTED_AT, None])
    ]


def expected(standing, audience, is_saved):
    parts = set(standing.split("+"))
    if not is_saved or audience == "private":
        return False
    return "facilitator" in parts or (audience == "cohort" and "member" in parts)


def test_readable_by_is_exactly_what_can_read_allows_over_every_combination():
    cohort, neighbor = CohortFactory(), CohortFactory()
    neighbor.organization = cohort.organization
    neighbor.save()
    written = [*every_reflection(cohort), *every_reflection(neighbor)]
    checked = 0

    for standing, roles, home in product(STANDINGS, ROLES, [cohort, neighbor]):
        person = person_in(home, standing)
        for organization_id in (cohort.organization_id, OrganizationFactory().pk):
            actor = Actor(organization_id=organization_id, user_id=person.pk, roles=roles)
            listed = set(readable_by(actor).values_list("pk", flat=True))
            for reflection in written:
                allowed = can_read(actor, reflection)
                assert allowed == (reflection.pk in listed), (standing, roles, reflection.audience)
                here = reflection.enrollment.cohort_id == home.pk and organization_id == cohort.organization_id
                assert allowed == (here and expected(standing, reflection.audience, reflection.saved_at is not None)), (
                    standing,
                    roles,
                    reflection.audience,
                    reflection.saved_at,
                )
                checked += 1

    assert checked == len(STANDINGS) * len(ROLES) * 2 * 2 * 12


@pytest.mark.parametrize("audience", ["private", "facilitator", "cohort"])
@pytest.mark.parametrize("saved_at", [STARTED_AT, None])
@pytest.mark.parametrize("status", ["active", "withdrawn"])
def test_authors_always_read_their_own(audience, saved_at, status):
    reflection = ReflectionFactory(audience=audience, saved_at=saved_at, enrollment__status=status)
    organization_id = reflection.enrollment.cohort.organization_id
    author = Actor(organization_id=organization_id, user_id=reflection.author_id)

    assert can_read(author, reflection)
    assert list(readable_by(author)) == [reflection]


def test_a_key_reads_no_text_even_with_every_scope():
    reflection = ReflectionFactory(audience="cohort")
    key = Actor(
        organization_id=reflection.enrollment.cohort.organization_id, scopes=frozenset({"people:read", "progress:read"})
    )

    assert not can_read(key, reflection)
    assert list(readable_by(key)) == []
    assert list(list_reflections(key)) == []


def test_an_unknown_audience_lets_nobody_in_but_the_author():
    reflection = ReflectionFactory(audience="everyone")
    cohort = reflection.enrollment.cohort
    facilitator = person_in(cohort, "facilitator+member")

    assert not can_read(Actor(organization_id=cohort.organization_id, user_id=facilitator.pk), reflection)


def test_owner_colleague_and_stranger_each_see_their_own_list_only():
    reflection = ReflectionFactory(audience="facilitator", text="Canary of Ana")
    cohort = reflection.enrollment.cohort
    colleague = EnrollmentFactory(cohort=cohort).user
    stranger = EnrollmentFactory().user
    actors = {
        "owner": Actor(organization_id=cohort.organization_id, user_id=reflection.author_id),
        "colleague": Actor(organization_id=cohort.organization_id, user_id=colleague.pk),
        "stranger": Actor(organization_id=OrganizationFactory().pk, user_id=stranger.pk),
    }

    assert [r.text for r in list_reflections(actors["owner"])] == ["Canary of Ana"]
    for who in ("colleague", "stranger"):
        assert list(list_reflections(actors[who])) == []
        assert list(list_shared_with(actors[who])) == []
        assert own_reflection(actors[who], reflection.enrollment_id, reflection.step_key) is None
        for get in (get_own_reflection, get_readable):
            with pytest.raises(UnknownReflection):
                get(actors[who], reflection.uuid)


def test_facilitators_find_what_was_shared_with_them():
    shared = ReflectionFactory(audience="facilitator")
    cohort = shared.enrollment.cohort
    ReflectionFactory(enrollment__cohort=cohort, audience="private")
    facilitator = Actor(organization_id=cohort.organization_id, user_id=person_in(cohort, "facilitator").pk)

    assert list(list_shared_with(facilitator)) == [shared]
    assert list(list_shared_with(facilitator, cohort_id=CohortFactory().pk)) == []
    assert get_readable(facilitator, shared.uuid) == shared


@pytest.mark.parametrize("people", [1, 3])
def test_shared_list_costs_one_query(people, django_assert_num_queries):
    cohort = CohortFactory()
    facilitator = Actor(organization_id=cohort.organization_id, user_id=person_in(cohort, "facilitator").pk)
    for _ in range(people):
        ReflectionFactory(enrollment__cohort=cohort, audience="cohort")

    with django_assert_num_queries(1):
        rows = [
            (str(r.author), r.enrollment.version.title, r.enrollment.cohort.name) for r in list_shared_with(facilitator)
        ]

    assert len(rows) == people


def test_readers_are_named_before_anything_is_written():
    enrollment = EnrollmentFactory(user__name="Ana")
    CohortStaffFactory(cohort=enrollment.cohort, user__name="Fay")
    CohortStaffFactory(cohort=enrollment.cohort, user__name="Max", role="manager")
    EnrollmentFactory(cohort=enrollment.cohort, user__name="Bo")
    EnrollmentFactory(cohort=enrollment.cohort, user__name="Cy", status="withdrawn")

    assert readers_of(enrollment, "private") == []
    assert readers_of(enrollment, "facilitator") == ["Fay"]
    assert readers_of(enrollment, "cohort") == ["Bo", "Fay"]
    assert [choice.value for choice in audience_choices(enrollment, "facilitator")] == ["private", "facilitator"]
    assert audience_choices(enrollment, "cohort")[2].names == ("Bo", "Fay")


def test_the_names_shown_are_exactly_those_who_can_read():
    reflection = ReflectionFactory(enrollment__user__name="Ana")
    cohort = reflection.enrollment.cohort
    people = [person_in(cohort, standing) for standing in STANDINGS]

    for audience in ("private", "facilitator", "cohort"):
        Reflection.objects.filter(pk=reflection.pk).update(audience=audience)
        reflection.refresh_from_db()
        can = sorted(
            str(p) for p in people if can_read(Actor(organization_id=cohort.organization_id, user_id=p.pk), reflection)
        )

        assert sorted(readers_of(reflection.enrollment, audience)) == can
