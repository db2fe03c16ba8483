"""The pages that belong to no feature: sign-in, security, errors. No inline script or style, one heading, our words."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core import mail as django_mail
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.views.defaults import page_not_found, permission_denied, server_error

from tests.factories.accounts import UserFactory

ENTRANCE = (
    "/accounts/login/",
    "/accounts/login/?with=passkey",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-no/",
    "/accounts/inactive/",
    "/accounts/3rdparty/login/error/",
    "/accounts/3rdparty/login/cancelled/",
    "/admin/login/",
)
MANAGE = (
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
)


def _check(content: bytes) -> BeautifulSoup:
    page = BeautifulSoup(content, "html.parser")
    assert page.title is not None
    assert page.title.get_text(strip=True)
    assert len(page.select("h1")) == 1
    assert page.select("[style], style") == []
    inline = [tag for tag in page.select("script:not([src])") if tag.get("type") != "application/json"]
    assert inline == []
    assert not any(name.startswith("on") for tag in page.find_all(True) for name in tag.attrs)
    outside = [tag for tag in page.select("[src], link[href]") if str(tag.get("src") or tag.get("href"))[:1] != "/"]
    assert outside == []
    return page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ENTRANCE)
def test_entrance_pages_are_clean(client: Client, address: str) -> None:
    response = client.get(address, follow=True)
    assert response.status_code == (401 if address.endswith("/login/error/") else 200)
    _check(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("address", MANAGE)
def test_security_pages_are_clean_and_in_our_frame(client: Client, address: str) -> None:
    client.force_login(UserFactory.create())
    response = client.get(address)
    assert response.status_code == 200
    assert _check(response.content).select_one(".brand") is not None


@pytest.mark.django_db
def test_one_confirmed_address_offers_nothing_to_do_with_it(client: Client) -> None:
    person = UserFactory.create()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    client.force_login(person)
    alone = _check(client.get("/accounts/email/").content)
    person.emailaddress_set.create(email="second@example.com", verified=False, primary=False)
    two = _check(client.get("/accounts/email/").content)

    assert person.email in alone.get_text()
    assert [button.get("name") for button in alone.select("main button[name]")] == ["action_add"]
    assert len(two.select("main button[name]")) == 4


@pytest.mark.django_db
def test_sign_in_loads_no_script_until_a_passkey_is_asked_for(client: Client) -> None:
    plain = BeautifulSoup(client.get("/accounts/login/?next=/preferences/").content, "html.parser")
    assert plain.select("script") == []
    way = plain.find("a", string="Use a passkey")
    assert way is not None
    assert way["href"] == "/accounts/login/?with=passkey&next=%2Fpreferences%2F"
    passkey = BeautifulSoup(client.get("/accounts/login/?with=passkey").content, "html.parser")
    assert len(passkey.select("script[src]")) == 4


@pytest.mark.django_db
def test_refused_sign_in_keeps_the_address_and_says_so_first(client: Client) -> None:
    response = client.post("/accounts/login/", {"login": "somebody@example.com", "password": "wrong"})
    page = _check(response.content)
    assert page.title is not None
    assert page.title.get_text(strip=True).startswith("Error:")
    assert page.select_one("#id_login")["value"] == "somebody@example.com"  # type: ignore[index]
    assert "value" not in page.select_one("#id_password").attrs  # type: ignore[union-attr]
    assert page.select_one(".note.clay[autofocus]") is not None


@pytest.mark.django_db
def test_sign_in_code_comes_in_our_words_and_leaves_no_message(client: Client) -> None:
    user = UserFactory.create()
    page = _check(client.post("/accounts/login/code/", {"email": user.email}, follow=True).content)
    [mail] = django_mail.outbox
    assert user.email in page.get_text()
    assert page.select(".messages .note") == []
    assert mail.subject.endswith("Your sign-in code")
    assert re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.body), flags=re.M)
    assert "Hello from" not in str(mail.body)


def test_demo_sign_ins_are_one_press_each() -> None:
    people = [("Learner", "Today and a journey", "learner@example.com"), ("Manager", "A board", "manager@example.com")]
    page = BeautifulSoup(render_to_string("account/_demo.html", {"demo_sign_ins": people}), "html.parser")
    assert [form["action"] for form in page.select("form[method=post]")] == ["/demo/sign-in/"] * 2
    assert [field["value"] for field in page.select("input[name=email]")] == [email for _, _, email in people]
    assert [button.get_text(strip=True) for button in page.select("button")] == ["Learner", "Manager"]


def test_no_demo_no_buttons() -> None:
    assert render_to_string("account/_demo.html", {}).strip() == ""


@pytest.mark.django_db
def test_drafts_leave_the_device_with_their_author(client: Client) -> None:
    client.force_login(UserFactory.create())
    page = BeautifulSoup(client.get("/accounts/logout/").content, "html.parser")
    assert page.select_one("form[method=post][data-clear-drafts]") is not None
    assert page.select_one("script[src$='js/logout.js']") is not None


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_stand_without_a_request(name: str) -> None:
    page = _check(render_to_string(f"{name}.html").encode())
    assert page.select_one("main a.btn[href]") is not None
    assert page.select("script") == []


def test_server_error_page_needs_nothing_but_its_file() -> None:
    # Without a URLconf even the names of pages are unknown, as when the fault lies there.
    with override_settings(ROOT_URLCONF="tests.config"):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content


def test_not_found_never_says_what_exists() -> None:
    request = RequestFactory().get("/journeys/secret-name/")
    request.user = AnonymousUser()
    response = page_not_found(request, Exception("Journey secret-name"))
    assert response.status_code == 404
    assert b"secret-name" not in response.content


def test_forbidden_page_has_a_way_back() -> None:
    request = RequestFactory().get("/admin/")
    request.user = AnonymousUser()
    page = BeautifulSoup(permission_denied(request, Exception("roles")).content, "html.parser")
    assert page.select_one("main a.btn")["href"] == "/"  # type: ignore[index]


def test_menu_marks_the_page_you_are_on() -> None:
    menu = [("Today", "/", False), ("<Reflections>", "/reflections/", True)]
    page = BeautifulSoup(render_to_string("base.html", {"navigation": menu}), "html.parser")
    assert [link.get_text() for link in page.select("nav a")] == ["Today", "<Reflections>"]
    assert [link["href"] for link in page.select("nav a[aria-current=page]")] == ["/reflections/"]


def test_htmx_evaluates_nothing_and_keeps_no_pages() -> None:
    page = BeautifulSoup(render_to_string("base.html"), "html.parser")
    config = str(page.select_one("meta[name=htmx-config]")["content"])  # type: ignore[index]
    for part in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0', '"code":"422"'):
        assert part in config


def test_signed_pages_show_no_menu_and_load_no_script() -> None:
    menu = [("Today", "/", False)]
    page = BeautifulSoup(render_to_string("signed.html", {"navigation": menu}), "html.parser")
    assert page.select("nav, script, meta[name=htmx-config]") == []
    assert page.select_one(".brand") is not None


def test_templates_hold_no_inline_style_or_handler() -> None:
    templates = Path(__file__).parents[2] / "config" / "templates"
    for file in templates.rglob("*.html"):
        assert not re.search(r"\sstyle=|\son(click|load|submit|change)=", file.read_text(encoding="utf-8")), file
