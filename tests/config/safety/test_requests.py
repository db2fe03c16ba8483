"""Where a request may lead, on whose behalf it may write, and which host it may name."""

import re

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory
from tests.permissions.routes import routes

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    " https://evil.example",
    "\thttps://evil.example",
]


@pytest.fixture
def person():
    person = MembershipFactory(user__email="ana@example.com").user
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def credentials(**more):
    return {"login": "ana@example.com", "password": PASSWORD, **more}


def leads_outside(response):
    location = response.headers.get("Location", "/").strip()
    return not location.startswith("/") or location.startswith(("//", "/\\", "/\t"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_and_out_lead_nowhere_else(person, target):
    client = Client()

    assert not leads_outside(client.post("/accounts/login/", credentials(next=target)))
    assert not leads_outside(client.post(f"/accounts/login/?next={target}", credentials()))
    assert not leads_outside(client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target}))
    assert not leads_outside(client.get("/accounts/login/", {"next": target}))
    assert not leads_outside(client.post("/accounts/logout/", {"next": target}))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_refused_form_leads_back_to_our_own_pages_alone(person, target):
    client = Client()
    client.force_login(person)

    for address in ("/organization/", "/messages/read/"):
        answer = client.post(address, {"next": target, "organization": "none"}, headers={"referer": target})
        assert not leads_outside(answer)


def test_another_host_is_refused_before_anything_is_shown(settings):
    settings.ALLOWED_HOSTS = ["waymark.example"]

    for host in ("evil.example", "waymark.example.evil.example", "waymark.example@evil.example", "", "[::1]"):
        assert Client(raise_request_exception=False, HTTP_HOST=host).get("/accounts/login/").status_code == 400


def test_links_in_mails_do_not_follow_the_host_of_a_request(person, settings, mailoutbox):
    settings.ALLOWED_HOSTS = ["*"]

    Client(HTTP_HOST="evil.example").post("/accounts/login/code/", {"email": "ana@example.com"})
    Client(HTTP_HOST="evil.example").post("/accounts/password/reset/", {"email": "ana@example.com"})

    assert len(mailoutbox) == 2
    assert "evil.example" not in "".join(message.body for message in mailoutbox)


def test_a_forwarded_host_is_not_believed(settings):
    answer = Client(raise_request_exception=False).get("/", headers={"x-forwarded-host": "evil.example"})

    assert "evil.example" not in answer["Location"]


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(person):
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    client.post("/accounts/login/", credentials())
    after = client.cookies["sessionid"].value
    assert after != before

    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = after
    assert stolen.get("/privacy/").status_code == 302
    stolen.cookies["sessionid"] = before
    assert stolen.get("/privacy/").status_code == 302


def test_a_new_password_ends_every_other_session(person):
    here, there = Client(), Client()
    here.post("/accounts/login/", credentials())
    there.post("/accounts/login/", credentials())

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "nine loud starlings", "password2": "nine loud starlings"},
    )

    assert here.get("/privacy/").status_code == 200
    assert there.get("/privacy/").status_code == 302


def test_only_these_addresses_take_a_write_without_the_token_of_a_page():
    exempt = {route.name for route in routes() if not route.is_api and getattr(route.view, "csrf_exempt", False)}

    # A mail program posts one, a program with its own secret the others.
    assert exempt == {"unsubscribe", "oauth-token", "oauth-revoke"}


def test_a_page_of_another_site_cannot_write(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    for address in ("/privacy/erase/", "/preferences/", "/accounts/logout/", "/admin/studio/new/"):
        assert client.post(address, {"sure": "on"}, headers={"origin": "https://evil.example"}).status_code == 403


def test_a_session_writes_through_the_api_with_the_token_of_a_page_alone():
    boss = MembershipFactory(is_administrator=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss.user)
    writes = [
        (method, "/api/v1/" + re.sub(r"<[^>]*>", str(boss.organization.uuid), route.pattern.removeprefix("api/v1/")))
        for route in routes()
        if route.is_api
        for method in route.view.cls.http_method_names
        if method in {"post", "put", "patch", "delete"} and hasattr(route.view.cls, method)
    ]

    assert len(writes) >= 5
    for method, address in writes:
        answer = getattr(client, method)(address, "{}", content_type="application/json")
        assert answer.status_code == 403, (method, address, answer.status_code)
        assert "CSRF" in answer.json()["detail"]
