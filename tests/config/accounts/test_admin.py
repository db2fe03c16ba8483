"""Who enters the admin, and what administrators do with people and keys there."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client as OAuthClient
from bs4 import BeautifulSoup
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.accounts.keys import digest_of
from config.accounts.models import ApiKey, ClientOrganization, User
from config.support.clock import now
from learners.cohorts.models import Enrollment
from tests.factories.accounts import ApiKeyFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.running import enrolled, running_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory(name="Ours")


def browser(user):
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def member(organization, **roles):
    return MembershipFactory(organization=organization, **roles).user


def administrator(organization):
    return member(organization, is_administrator=True)


def test_an_anonymous_visitor_signs_in_where_everybody_does():
    answer = Client().get(reverse("admin:index"))
    assert answer.status_code == 302

    sign_in = Client().get(answer["Location"])
    assert sign_in["Location"].startswith(reverse("account_login"))


def test_who_enters(organization):
    staff = CohortStaffFactory(cohort__organization=organization, cohort__version__journey__organization=organization)
    MembershipFactory(organization=organization, user=staff.user)
    outside = CohortStaffFactory()
    MembershipFactory(organization=organization, user=outside.user)
    people = {
        "administrator": administrator(organization),
        "designer": member(organization, is_designer=True),
        "superuser": UserFactory(is_superuser=True),
        "staff": staff.user,
        "staff elsewhere": outside.user,
        "learner": member(organization),
        "nobody": UserFactory(),
        "left": MembershipFactory(organization=organization, is_administrator=True, is_active=False).user,
    }

    entered = {who for who, user in people.items() if browser(user).get(reverse("admin:index")).status_code == 200}

    assert entered == {"administrator", "designer", "superuser", "staff"}
    assert browser(people["learner"]).get(reverse("admin:login")).status_code == 403


def test_every_page_opens_for_an_operator_and_says_nothing_of_groups():
    ApiKeyFactory()
    signed_in = browser(UserFactory(is_superuser=True))
    index = signed_in.get(reverse("admin:index")).content.decode()

    for model, page in admin.site._registry.items():
        if model._meta.app_label in ("accounts", "learners"):
            answer = signed_in.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
            assert answer.status_code == 200, model
            assert type(page).__doc__
    assert "/admin/auth/group/" not in index


def test_people_are_those_of_the_organization_and_cannot_be_changed_there(organization):
    boss = administrator(organization)
    own, foreign = member(organization), MembershipFactory(user__name="Canary").user
    MembershipFactory(user=own)
    page = browser(boss).get(reverse("admin:accounts_user_changelist")).content.decode()

    assert page.count(own.email) == 1
    assert foreign.email not in page
    assert "Canary" not in page
    one = reverse("admin:accounts_user_change", args=[own.pk])
    assert browser(boss).get(one).status_code == 200
    assert browser(boss).post(one, {"email": "taken@example.com", "name": "x"}).status_code == 403
    assert browser(boss).get(reverse("admin:accounts_user_change", args=[foreign.pk])).status_code == 302
    assert browser(boss).get(reverse("admin:accounts_user_add")).status_code == 403
    assert User.objects.get(pk=own.pk).email == own.email


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_people_costs_the_same(organization, people, django_assert_num_queries):
    boss = administrator(organization)
    for _ in range(people):
        member(organization)
    signed_in = browser(boss)

    # Session, person, actor, the two counts of a list, its rows, and the dates above it.
    with django_assert_num_queries(7):
        signed_in.get(reverse("admin:accounts_user_changelist"))


@pytest.mark.parametrize("model", ["apikey", "clientorganization"])
def test_designers_learners_and_strangers_have_no_keys(organization, model):
    changelist, add = (reverse(f"admin:accounts_{model}_{page}") for page in ("changelist", "add"))

    assert browser(member(organization, is_designer=True)).get(changelist).status_code == 403
    assert browser(member(organization)).get(add).status_code == 302


def test_a_key_is_shown_once_and_kept_as_a_hash(organization):
    boss = administrator(organization)
    signed_in = browser(boss)

    answer = signed_in.post(
        reverse("admin:accounts_apikey_add"),
        {"name": "Reports", "scopes": ["progress:read"], "expires_on": (now() + timedelta(days=90)).date()},
    )

    key = ApiKey.objects.get()
    (secret,) = re.findall(r'id="secret"[^>]*>(wm_[^<]+)<', answer.content.decode())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert (key.organization_id, key.created_by_id, key.scopes) == (organization.pk, boss.pk, ["progress:read"])
    assert key.digest == digest_of(secret)
    for page in (
        reverse("admin:accounts_apikey_changelist"),
        reverse("admin:accounts_apikey_change", args=[key.pk]),
    ):
        assert secret not in signed_in.get(page).content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["webhooks:manage"]},
        {"expires_on": "2020-01-01"},
        {"expires_on": "2199-01-01"},
        {"expires_on": "soon"},
    ],
)
def test_a_key_that_cannot_be_made_says_what_to_mend(organization, values):
    usual = {"name": "Reports", "scopes": ["progress:read"], "expires_on": (now() + timedelta(days=90)).date()}

    answer = browser(administrator(organization)).post(reverse("admin:accounts_apikey_add"), {**usual, **values})

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert ApiKey.objects.count() == 0


def test_keys_of_others_are_out_of_reach_and_own_ones_are_ended(organization):
    own, foreign = ApiKeyFactory(organization=organization, name="Own"), ApiKeyFactory(name="Canary")
    signed_in = browser(administrator(organization))
    changelist = reverse("admin:accounts_apikey_changelist")

    page = signed_in.get(changelist).content.decode()
    assert "Own" in page
    assert "Canary" not in page
    signed_in.post(changelist, {"action": "end", "_selected_action": [own.pk, foreign.pk]})

    assert ApiKey.objects.get(pk=own.pk).revoked_at is not None
    assert ApiKey.objects.get(pk=foreign.pk).revoked_at is None
    assert signed_in.post(reverse("admin:accounts_apikey_delete", args=[own.pk])).status_code == 403


def test_a_client_is_made_named_and_ended(organization):
    signed_in = browser(administrator(organization))

    answer = signed_in.post(
        reverse("admin:accounts_clientorganization_add"), {"name": "Warehouse", "scopes": ["progress:read"]}
    )

    row = ClientOrganization.objects.get()
    page = answer.content.decode()
    assert row.client_id in page
    changelist = reverse("admin:accounts_clientorganization_changelist")
    assert "Warehouse" in signed_in.get(changelist).content.decode()
    signed_in.post(changelist, {"action": "end", "_selected_action": [row.pk]})
    assert OAuthClient.objects.count() == ClientOrganization.objects.count() == 0


def test_organizations_are_for_operators(organization):
    changelist = reverse("admin:accounts_organization_changelist")

    assert browser(administrator(organization)).get(changelist).status_code == 403
    assert browser(UserFactory(is_superuser=True)).get(changelist).status_code == 200


def test_an_operator_who_moves_somebody_to_another_zone_moves_their_dates():
    enrollment = enrolled(running_cohort(starts_on=date(2027, 3, 10)))
    Enrollment.objects.update(needs_arming=False)
    before = enrollment.next_opens_at
    page = reverse("admin:accounts_user_change", args=[enrollment.user_id])
    values = {"name": "Lee", "email": enrollment.user.email, "locale": "en", "is_active": "on"}

    answer = browser(UserFactory(is_superuser=True)).post(page, {**values, "time_zone": "Asia/Tokyo"})

    assert answer.status_code == 302
    enrollment.refresh_from_db()
    assert (enrollment.user.time_zone, enrollment.user.name) == ("Asia/Tokyo", "Lee")
    assert enrollment.needs_arming
    assert before is not None
    assert enrollment.next_opens_at is not None
    assert before - enrollment.next_opens_at == timedelta(hours=8)


@pytest.mark.parametrize("model", ["organization", "user"])
def test_a_zone_is_chosen_from_a_list_by_place_and_country(organization, model):
    person = member(organization)
    row = organization if model == "organization" else person
    page = reverse(f"admin:accounts_{model}_change", args=[row.pk])
    signed_in = browser(UserFactory(is_superuser=True))

    shown = BeautifulSoup(signed_in.get(page).content, "html.parser").select_one("select[name=time_zone]")
    refused = signed_in.post(page, {"name": "x", "slug": "x", "email": person.email, "time_zone": "Mars/Base"})

    assert shown is not None
    assert {group["label"] for group in shown.select("optgroup")} > {"Europe", "Asia", "Other names"}
    offered = {option["value"]: option.get_text() for option in shown.select("option")}
    assert offered["Asia/Kolkata"] == "Kolkata, India (UTC+5:30)"
    assert offered.keys() >= {"UTC", "Asia/Calcutta", "CET"}, "Whatever a row may hold can be kept."
    assert [option["value"] for option in shown.select("option[selected]")] == [row.time_zone]
    assert "“Mars/Base” is not a time zone of this list." in refused.content.decode()
    row.refresh_from_db()
    assert row.time_zone != "Mars/Base"


def test_an_operator_who_changes_an_address_changes_what_signs_in():
    enrollment = enrolled()
    page = reverse("admin:accounts_user_change", args=[enrollment.user_id])
    values = {"name": "", "locale": "en", "is_active": "on", "time_zone": enrollment.user.time_zone}

    browser(UserFactory(is_superuser=True)).post(page, {**values, "email": "New@x.org"})

    addresses = EmailAddress.objects.filter(user_id=enrollment.user_id)
    assert list(addresses.values_list("email", "primary", "verified")) == [("new@x.org", True, False)]
    assert User.objects.get(pk=enrollment.user_id).email == "new@x.org"


def test_clients_without_an_organization_cannot_be_made(organization):
    answer = browser(UserFactory(is_superuser=True)).get(reverse("admin:index"))

    assert "/admin/accounts/clientorganization/" in answer.content.decode()
    assert "allauth_idp_oidc" not in answer.content.decode()
    assert "Email addresses" not in answer.content.decode()


def test_a_client_of_the_admin_gets_tokens_until_its_administrator_ends_it(organization):
    signed_in = browser(administrator(organization))
    made = signed_in.post(
        reverse("admin:accounts_clientorganization_add"), {"name": "Warehouse", "scopes": ["progress:read"]}
    ).content.decode()
    credentials = dict(re.findall(r'id="(client-id|secret)"[^>]*>([^<]+)<', made))
    asked = {
        "grant_type": "client_credentials",
        "client_id": credentials["client-id"],
        "client_secret": credentials["secret"],
    }

    token = Client().post(reverse("oauth-token"), asked).json()["access_token"]
    cohorts = Client().get("/api/v1/cohorts/", headers={"Authorization": f"Bearer {token}"})
    changelist = reverse("admin:accounts_clientorganization_changelist")
    signed_in.post(changelist, {"action": "end", "_selected_action": [ClientOrganization.objects.get().pk]})

    assert cohorts.status_code == 200
    assert Client().get("/api/v1/cohorts/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert Client().post(reverse("oauth-token"), asked).status_code in (400, 401)


def test_clients_are_made_and_ended_by_administrators_of_their_organization_alone(organization):
    browser(administrator(organization)).post(
        reverse("admin:accounts_clientorganization_add"), {"name": "Warehouse", "scopes": ["progress:read"]}
    )
    row = ClientOrganization.objects.get()
    changelist = reverse("admin:accounts_clientorganization_changelist")

    for other in (administrator(OrganizationFactory()), member(organization, is_designer=True), member(organization)):
        page = browser(other).get(changelist)
        assert row.client_id not in page.content.decode()
        browser(other).post(changelist, {"action": "end", "_selected_action": [row.pk]})
        assert browser(other).get(reverse("admin:accounts_clientorganization_change", args=[row.pk])).status_code != 200

    assert OAuthClient.objects.count() == 1
