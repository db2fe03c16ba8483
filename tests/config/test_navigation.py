"""The menu, and where somebody without an organization is led."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from learners.cohorts.actions import withdraw
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.running import NOW, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "sees"),
    [
        ({"is_administrator": True}, True),
        ({"is_designer": True}, False),
        ({"is_learner": True}, False),
    ],
)
def test_the_menu_leads_administrators_to_the_administration(client, roles, sees):
    client.force_login(MembershipFactory(**roles).user)

    page = client.get(reverse("today"))

    assert (f'href="{reverse("admin:index")}"' in page.content.decode()) is sees


def menu(client, url):
    page = BeautifulSoup(client.get(url).content, "html.parser")
    return {link.get_text(): link["href"] for link in page.select("nav[aria-label=Main] a")}


def test_a_learner_reaches_every_page_of_theirs_by_one_press(client):
    enrollment = enrolled()
    client.force_login(enrollment.user)
    own_map = reverse("journey-map", args=[enrollment.uuid])
    expected = {
        "Today": "/",
        "Map": own_map,
        "Reflections": "/reflections/",
        "Commitments": "/commitments/",
        "Progress": "/progress/",
        "Preferences": "/preferences/",
    }

    pages = [
        *expected.values(),
        reverse("step", args=[enrollment.uuid, "read"]),
        reverse("privacy"),
        reverse("account_email"),
    ]

    assert [menu(client, page) for page in pages] == [expected] * len(pages)
    marked = BeautifulSoup(client.get(own_map).content, "html.parser").select("nav a[aria-current=page]")
    assert [link.get_text() for link in marked] == ["Map"]


def test_the_map_is_of_the_journey_at_hand_else_of_the_one_under_way(client):
    version = published_version()
    first, second = running_cohort(version), running_cohort(version)
    older, newer = enrolled(first, "lee@example.com"), enrolled(second, "lee@example.com")
    enrolled(second, "colleague@example.com")
    withdraw(enrollment_id=newer.pk, actor_id=None, now=NOW)
    client.force_login(older.user)

    assert menu(client, "/")["Map"] == reverse("journey-map", args=[older.uuid])
    of_the_other = reverse("journey-map", args=[newer.uuid])
    assert menu(client, of_the_other)["Map"] == of_the_other


def test_who_learns_nothing_here_has_no_pages_of_learners_in_the_menu(client):
    enrolled(email="somebody@example.com")
    client.force_login(MembershipFactory(is_designer=True, is_learner=False).user)

    assert set(menu(client, "/")) == {"Today", "Journeys", "Preferences"}


def test_an_operator_without_an_organization_begins_where_organizations_are_founded(client):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(reverse("today")).headers["Location"] == reverse("admin:index")


def test_anybody_else_without_an_organization_is_told_whom_to_ask(client):
    client.force_login(UserFactory())

    page = client.get(reverse("today"))

    assert page.status_code == 403
    assert "Ask the person who invited you" in page.content.decode()


@pytest.mark.parametrize(
    ("roles", "jobs"),
    [
        ({"is_administrator": True}, {"Invite somebody", "Begin a cohort", "Make an API key", "Author a journey"}),
        ({"is_designer": True}, {"Author a journey"}),
    ],
)
def test_the_administration_begins_with_the_usual_jobs_of_the_role(client, roles, jobs):
    client.force_login(MembershipFactory(**roles).user)

    page = client.get(reverse("admin:index"))

    offered = dict(page.context["first_jobs"])
    assert jobs <= offered.keys()
    assert ("Invite somebody" in offered) is ("is_administrator" in roles)
    for words, url in offered.items():
        assert words in page.content.decode()
        assert client.get(url).status_code == 200


def test_staff_of_a_cohort_are_led_to_their_cohorts(client):
    staff = CohortStaffFactory()
    MembershipFactory(user=staff.user, organization=staff.cohort.organization)
    client.force_login(staff.user)

    page = client.get(reverse("admin:index"))

    assert list(page.context["first_jobs"]) == [("Look at cohorts", reverse("cohorts"))]


def test_an_operator_without_an_organization_is_led_to_founding_one(client):
    client.force_login(UserFactory(is_superuser=True))

    page = client.get(reverse("admin:index"))

    assert list(page.context["first_jobs"]) == [("Found your organization", reverse("admin:accounts_organization_add"))]
