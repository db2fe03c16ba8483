"""Who erases themselves shows first that it is them, and reads first what is lost."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from config.accounts.models import ApiKey, User
from tests.factories.accounts import ApiKeyFactory, MembershipFactory, UserFactory
from tests.factories.learners import ReflectionFactory

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"


def member(email, password=None, **roles):
    person = UserFactory(email=email)
    person.set_password(password)
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return MembershipFactory(user=person, **roles)


def signed_in(membership):
    client = Client(REMOTE_ADDR="192.0.2.9")
    client.force_login(membership.user)
    return client


@pytest.fixture
def ana():
    return member("ana@example.com", PASSWORD)


@pytest.fixture
def bo():
    """Signs in by mailed codes alone."""
    return member("bo@example.com")


def proven(client):
    client.post("/accounts/reauthenticate/?next=/privacy/erase/", {"password": PASSWORD})
    return client


def test_a_password_is_asked_for_first(ana):
    client = signed_in(ana)

    for method in (client.get, client.post):
        answer = method("/privacy/erase/", {"sure": "on"})
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=ana.user_id).erased_at is None


def test_the_page_says_what_is_lost_and_erases_nothing_by_itself(ana):
    ReflectionFactory(enrollment__user=ana.user)
    ApiKeyFactory(created_by=ana.user, name="Weekly report")

    answer = proven(signed_in(ana)).get("/privacy/erase/")

    shown = answer.content.decode()
    assert answer.status_code == 200
    for words in ("1 reflection", "Weekly report", "Download your data first", "What stays, without your name"):
        assert words in shown
    assert User.objects.get(pk=ana.user_id).erased_at is None


def test_without_the_tick_nothing_is_erased(ana):
    answer = proven(signed_in(ana)).post("/privacy/erase/", {})

    assert answer.status_code == 422
    assert "Tick this first" in answer.content.decode()
    assert User.objects.get(pk=ana.user_id).erased_at is None


def test_a_person_erases_themselves_and_is_told_by_mail(ana):
    client = proven(signed_in(ana))
    mail.outbox.clear()

    answer = client.post("/privacy/erase/", {"sure": "on"}, follow=True)

    assert "Everything about you was erased." in answer.content.decode()
    assert User.objects.get(pk=ana.user_id).erased_at is not None
    assert [message.to for message in mail.outbox] == [["ana@example.com"]]
    assert client.get("/privacy/").status_code == 302
    assert "no account" in mail.outbox[0].body


def test_whoever_has_no_password_is_mailed_a_code(bo):
    client = signed_in(bo)
    assert client.get("/privacy/erase/").url == "/privacy/erase/code/"
    assert client.get("/privacy/erase/code/").status_code == 200
    assert mail.outbox == []

    client.post("/privacy/erase/code/", {})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[0].body, re.MULTILINE).group()
    assert code not in str(dict(client.session))

    assert client.post("/privacy/erase/code/", {"code": "WRONG-ONE"}).status_code == 422
    assert client.post("/privacy/erase/code/", {"code": code.lower()}).url == "/privacy/erase/"
    assert client.get("/privacy/erase/").status_code == 200


def test_a_code_is_good_for_three_tries_and_for_one_use(bo):
    client = signed_in(bo)
    client.post("/privacy/erase/code/", {})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[0].body, re.MULTILINE).group()

    for _ in range(3):
        client.post("/privacy/erase/code/", {"code": "WRONG-ONE"})

    assert client.post("/privacy/erase/code/", {"code": code}).status_code == 422
    assert client.get("/privacy/erase/").url == "/privacy/erase/code/"


def test_codes_are_not_mailed_without_end(bo):
    client = signed_in(bo)

    for _ in range(5):
        answer = client.post("/privacy/erase/code/", {})

    assert len(mail.outbox) == 3
    assert "That was often" in answer.content.decode()


def test_the_only_administrator_cannot_leave_the_others_alone():
    boss = member("boss@example.com", PASSWORD, is_administrator=True)
    MembershipFactory(organization=boss.organization)

    answer = proven(signed_in(boss)).post("/privacy/erase/", {"sure": "on"})

    assert answer.status_code == 409
    assert boss.organization.name in answer.content.decode()
    assert User.objects.get(pk=boss.user_id).erased_at is None


def test_keys_of_an_erased_person_end(ana):
    ApiKeyFactory(created_by=ana.user)

    proven(signed_in(ana)).post("/privacy/erase/", {"sure": "on"})

    assert ApiKey.objects.get().revoked_at is not None
