"""Members of an organization in the admin."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from config.accounts.models import Membership, User
from tests.factories.accounts import MembershipFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

ADD = "admin:accounts_membership_add"
LIST = "admin:accounts_membership_changelist"


@pytest.fixture
def boss():
    return MembershipFactory(is_administrator=True, user__name="Boss")


def browser(membership):
    signed_in = Client()
    signed_in.force_login(membership.user)
    return signed_in


def test_adding_a_member_invites_them(boss):
    answer = browser(boss).post(
        reverse(ADD),
        {"email": "Ana@X.org", "name": "Ana", "is_designer": "on", "manager_email": "bo@x.org", "time_zone": ""},
        follow=True,
    )

    made = Membership.objects.get(user__email="ana@x.org")
    assert answer.status_code == 200
    assert (made.organization_id, made.is_designer) == (boss.organization_id, True)
    assert Membership.objects.get(reports=made).user.email == "bo@x.org"
    assert made.user.time_zone == boss.organization.time_zone
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "bo@x.org was not known here and is a new member now" in said


def test_an_organization_cannot_be_chosen_by_its_administrators(boss):
    other = OrganizationFactory()

    browser(boss).post(reverse(ADD), {"email": "ana@x.org", "organization": other.pk})

    assert Membership.objects.get(user__email="ana@x.org").organization_id == boss.organization_id


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nonsense"},
        {"email": ""},
        {"email": "a@x.org", "manager_email": "A@x.org"},
        {"email": "a@x.org", "manager_email": "nonsense"},
        {"email": "a@x.org", "time_zone": "Mars/Olympus"},
    ],
)
def test_an_invitation_that_cannot_be_used_says_what_to_mend(boss, values):
    answer = browser(boss).post(reverse(ADD), values)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert User.objects.count() == 1


def change(boss, membership, **values):
    url = reverse("admin:accounts_membership_change", args=[membership.pk])
    return browser(boss).post(url, {"is_active": "on", "is_learner": "on", **values})


def test_roles_and_managers_are_changed_within_the_organization(boss):
    own = MembershipFactory(organization=boss.organization)
    foreign = MembershipFactory(user__name="Canary")

    assert change(boss, own, is_designer="on", manager=boss.pk, external_id="17").status_code == 302
    own.refresh_from_db()
    assert (own.is_designer, own.manager_id, own.external_id) == (True, boss.pk, "17")

    assert change(boss, own, manager=foreign.pk).context["errors"]
    assert change(boss, own, manager=own.pk).context["errors"]
    second = MembershipFactory(organization=boss.organization)
    assert change(boss, second, external_id="17").context["errors"]
    assert "Canary" not in browser(boss).get(reverse(LIST)).content.decode()
    assert change(boss, foreign, is_administrator="on").status_code == 302
    foreign.refresh_from_db()
    assert not foreign.is_administrator


def test_administrators_cannot_lock_themselves_out(boss):
    answer = change(boss, boss)

    assert answer.context["errors"]
    boss.refresh_from_db()
    assert boss.is_administrator


def test_members_are_made_inactive_and_never_deleted(boss):
    own = MembershipFactory(organization=boss.organization)

    assert browser(boss).post(reverse("admin:accounts_membership_delete", args=[own.pk])).status_code == 403
    change(boss, own, is_active="")
    own.refresh_from_db()
    assert not own.is_active


def test_designers_and_learners_have_no_members(boss):
    designer = MembershipFactory(organization=boss.organization, is_designer=True)

    assert browser(designer).get(reverse(LIST)).status_code == 403
    assert browser(MembershipFactory(organization=boss.organization)).get(reverse(LIST)).status_code == 302


def test_time_zones_are_offered_by_place_with_their_distance(boss):
    page = browser(boss).get(reverse(ADD)).content.decode()

    assert re.search(r'<option value="Europe/Paris">Paris, France \(UTC\+[12]\)</option>', page)
    assert '<option value="Asia/Calcutta">' in page
