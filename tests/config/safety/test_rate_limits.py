"""Guessing and flooding at the door come to an end, and whoever waits gets in again."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"
BEGIN = datetime(2027, 3, 10, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person():
    person = MembershipFactory(user__email="ana@example.com").user
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def visitor(address="192.0.2.1"):
    return Client(REMOTE_ADDR=address)


def sign_in(client, password, login="ana@example.com"):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_the_sixth_guess_is_refused_whatever_it_says_and_wherever_it_comes_from(person, clock):
    for guess in range(5):
        assert sign_in(visitor(f"192.0.2.{guess}"), f"guess number {guess}").status_code == 200

    refused = sign_in(visitor("198.51.100.9"), PASSWORD, login="ANA@Example.com")

    assert "_auth_user_id" not in refused.wsgi_request.session
    assert "Too many failed login attempts" in refused.content.decode()
    clock.shift(301)
    assert sign_in(visitor("198.51.100.9"), PASSWORD).status_code == 302


def test_one_address_that_tries_many_accounts_gets_429(clock):
    statuses = [sign_in(visitor(), "guess", login=f"person{n}@example.com").status_code for n in range(32)]

    assert statuses[-1] == 429
    assert sign_in(visitor("192.0.2.2"), "guess").status_code == 200
    clock.shift(61)
    assert sign_in(visitor(), "guess").status_code == 200


def test_codes_are_asked_for_three_times_a_minute(person, clock):
    asked = [visitor().post("/accounts/login/code/", {"email": "ana@example.com"}) for _ in range(5)]

    assert asked[-1].status_code in (200, 429)
    assert len(mail.outbox) == 3
    clock.shift(61)
    visitor().post("/accounts/login/code/", {"email": "ana@example.com"})
    assert len(mail.outbox) == 4


def test_one_address_asks_for_codes_for_twenty_people_a_minute(clock):
    for n in range(20):
        assert visitor().post("/accounts/login/code/", {"email": f"p{n}@example.com"}).status_code == 302

    refused = visitor().post("/accounts/login/code/", {"email": "p@example.com"})

    assert refused.status_code == 200
    assert "Too many" in refused.content.decode()
    clock.shift(61)
    assert visitor().post("/accounts/login/code/", {"email": "p@example.com"}).status_code == 302


def test_a_code_is_guessed_three_times(person):
    client = visitor()
    client.post("/accounts/login/code/", {"email": "ana@example.com"})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[0].body, re.MULTILINE).group()

    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "WRONG-ONE"})

    client.post("/accounts/login/code/confirm/", {"code": code})
    assert "_auth_user_id" not in client.session


def test_resets_are_asked_for_five_times_a_minute(person, clock):
    asked = [visitor().post("/accounts/password/reset/", {"email": "ana@example.com"}) for _ in range(7)]

    assert asked[-1].status_code == 429
    assert len(mail.outbox) == 5
    clock.shift(61)
    visitor().post("/accounts/password/reset/", {"email": "ana@example.com"})
    assert len(mail.outbox) == 6


def test_signing_up_stays_closed_however_often_it_is_tried(clock):
    tries = [visitor().post("/accounts/signup/", {"email": f"p{n}@example.com"}) for n in range(22)]

    assert {answer.status_code for answer in tries} <= {200, 429}
    assert mail.outbox == []


def test_a_page_says_that_it_was_too_often_and_when_to_come_back(clock):
    for n in range(32):
        answer = sign_in(visitor(), "guess", login=f"person{n}@example.com")

    shown = answer.content.decode()
    assert answer.status_code == 429
    assert "<h1" in shown


def test_whether_somebody_has_an_account_is_not_told(person):
    here = visitor().post("/accounts/login/code/", {"email": "ana@example.com"}, follow=True)
    nowhere = visitor().post("/accounts/login/code/", {"email": "nobody@example.com"}, follow=True)

    assert here.status_code == nowhere.status_code
    same = [re.sub(r"[\w.]+@example\.com|value=\"[^\"]*\"", "", page.content.decode()) for page in (here, nowhere)]
    assert same[0] == same[1]


def test_visitors_behind_one_proxy_do_not_spend_each_others_limit(person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = Client(REMOTE_ADDR="10.0.0.1")
    for n in range(32):
        blocked = proxy.post(
            "/accounts/login/",
            {"login": f"p{n}@example.com", "password": "x"},
            headers={"x-forwarded-for": "192.0.2.1"},
        )

    other = proxy.post(
        "/accounts/login/", {"login": "ana@example.com", "password": PASSWORD}, headers={"x-forwarded-for": "192.0.2.2"}
    )
    assert (blocked.status_code, other.status_code) == (429, 302)


def test_nobody_names_their_own_address_without_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for n in range(32):
        answer = visitor().post(
            "/accounts/login/",
            {"login": f"p{n}@example.com", "password": "x"},
            headers={"x-forwarded-for": f"192.0.2.{n}"},
        )

    assert answer.status_code == 429
