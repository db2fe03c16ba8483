"""Who can see what: the page says what the rules do, and the export knows every table."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from config.accounts.actor import ADMINISTRATOR, DESIGNER, Actor
from config.accounts.models import Membership
from learners.cohorts.actions import withdraw
from learners.cohorts.models import CohortStaff, Enrollment
from learners.nudges.models import NudgeDelivery
from learners.player.queries.privacy import load_privacy
from learners.reflections.models import Reflection
from learners.reflections.queries import can_read
from tests.factories.accounts import MembershipFactory
from tests.factories.learners import CohortStaffFactory, ReflectionFactory
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.player.journey import CANARY, NOW, actor_of, do, join, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def around(enrollment):
    """One person of each sort around the learner, as actors."""
    organization = enrollment.cohort.organization
    manager = CohortStaffFactory(cohort=enrollment.cohort, role="manager").user
    line_manager = MembershipFactory(organization=organization)
    Membership.objects.filter(user=enrollment.user).update(manager=line_manager)
    administrator = MembershipFactory(organization=organization, is_administrator=True).user
    designer = MembershipFactory(organization=organization, is_designer=True).user

    def actor(person, *roles):
        return Actor(organization_id=organization.pk, user_id=person.pk, roles=frozenset(roles))

    return {
        "facilitator": actor(CohortStaff.objects.get(cohort=enrollment.cohort, role="facilitator").user),
        "manager": actor(manager),
        "line manager": actor(line_manager.user),
        "administrator": actor(administrator, ADMINISTRATOR),
        "designer": actor(designer, DESIGNER),
        "member": actor_of(join(enrollment.cohort, email="amal@example.com")),
        "tool": Actor(organization_id=organization.pk, scopes=frozenset({"progress:read"})),
    }


def who(around, allowed):
    return {name for name, actor in around.items() if allowed(actor)}


def test_readers_of_reflections_are_those_the_page_names(enrollment, around):
    said = {one.audience: one for one in load_privacy(actor_of(enrollment)).audiences}

    for audience in ("private", "facilitator", "cohort"):
        text = ReflectionFactory(
            enrollment=enrollment, author=enrollment.user, step_key=audience, audience=audience, saved_at=NOW
        )
        readers = who(around, lambda actor, text=text: can_read(actor, text))
        assert readers == {
            *({"facilitator"} if said[audience].facilitators else ()),
            *({"member"} if said[audience].members else ()),
        }


def test_nobody_reads_a_draft_as_the_page_says(enrollment, around):
    draft: Reflection = ReflectionFactory(
        enrollment=enrollment, author=enrollment.user, audience="cohort", saved_at=None
    )

    assert load_privacy(actor_of(enrollment)).draft_is_private
    assert who(around, lambda actor: can_read(actor, draft)) == set()


def test_progress_is_seen_by_those_the_page_names(enrollment, around):
    seen = who(around, lambda actor: Enrollment.objects.visible_to(actor).filter(pk=enrollment.pk).exists())

    assert seen == {"facilitator", "manager", "line manager", "administrator", "tool"}


def test_the_page_says_that_done_plans_and_reflections_are_seen_by_name(page, enrollment, around):
    do(enrollment, "look-back")
    path = reverse("cohort-person", args=[enrollment.cohort.uuid, enrollment.uuid])
    line_manager = Membership.objects.get(user=enrollment.user).manager.user

    privacy = " ".join(page.get("/privacy/").content.decode().split())
    board = signed_in(line_manager).get(path).content.decode()

    assert "Plans and reflections are steps too: these people see that they are done" in privacy
    assert "whether a check was passed" in privacy
    assert "Look back" in board
    assert CANARY not in board


def test_messages_are_seen_by_those_the_page_names(enrollment, around):
    sent = NudgeDeliveryFactory(enrollment=enrollment)

    seen = who(around, lambda actor: NudgeDelivery.objects.visible_to(actor).filter(pk=sent.pk).exists())

    assert seen == {"administrator", "tool"}


def test_the_people_are_called_by_name(page, enrollment, around):
    shown = " ".join(page.get("/privacy/").content.decode().split())

    for name in ("Nadia Rahman", str(Membership.objects.get(is_administrator=True).user)):
        assert name in shown
    assert "1 other person in your cohort" in shown


def test_the_line_manager_is_named_with_what_they_see(page, enrollment, around):
    shown = " ".join(BeautifulSoup(page.get("/privacy/").content, "html.parser").get_text(" ").split())
    boss = str(Membership.objects.get(user=enrollment.user).manager.user)

    assert f"Your line manager {boss} sees which steps you have done and when" in shown


def test_whoever_is_in_the_cohort_is_told_by_name(page, enrollment):
    names = [f"Person {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]
    for number, name in enumerate(names):
        join(enrollment.cohort, email=f"p{number}@example.com", name=name)

    privacy = BeautifulSoup(page.get("/privacy/").content, "html.parser")
    choosing = BeautifulSoup(
        page.get(f"/journeys/{enrollment.uuid}/steps/look-back/").content, "html.parser"
    ).select_one(".audience")

    assert [item.get_text() for item in privacy.select("details.names li")] == names
    assert "24 other people in your cohort" in privacy.get_text()
    assert [item.get_text() for item in choosing.select("details.names li")] == ["Nadia Rahman", *names]
    assert "and 21 others" in choosing.select_one("[value=cohort] ~ small").get_text()


def test_somebody_who_left_is_told_who_still_sees_what_they_did(page, enrollment, around):
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    shown = page.get("/privacy/").content.decode()

    assert "You left this journey." in shown
    assert "Nadia Rahman" in shown
    assert Enrollment.objects.visible_to(around["facilitator"]).filter(pk=enrollment.pk).exists()


def test_the_page_costs_the_same_whoever_is_around(page, enrollment, around, django_assert_num_queries):
    page.get("/privacy/")
    with django_assert_num_queries(9):
        page.get("/privacy/")
    for number in range(3):
        join(enrollment.cohort, email=f"p{number}@example.com", name=f"Person {number}")
    with django_assert_num_queries(9):
        page.get("/privacy/")
