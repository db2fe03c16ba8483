"""Our few scripts in a real browser: a text that saves itself, and passkeys under the strict content policy."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import include, path
from playwright.sync_api import Browser, BrowserContext, Page

from config.urls import urlpatterns as real_patterns
from tests.browser.chromium import chromium, require_chromium
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-enough-one"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Desk:
    """What the pretended server keeps of one text, and how it answers next."""

    text: str = ""
    revision: int = 1
    saves: int = 0
    answer: int = 200


DESK = Desk()


def _desk(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if DESK.answer != 200:
            return JsonResponse({}, status=DESK.answer)
        if request.POST["revision"] != str(DESK.revision):
            if request.headers.get("X-Autosave") == "1":
                return JsonResponse({}, status=409)
            return HttpResponse(f"<p>{DESK.text}</p><p>{request.POST['text']}</p>", status=409)
        DESK.text, DESK.revision, DESK.saves = request.POST["text"], DESK.revision + 1, DESK.saves + 1
        return JsonResponse({"revision": DESK.revision, "saved": "23:59"})
    status = render(request, "_autosave_status.html").content.decode()
    script = '<script src="/static/js/autosave.js" defer></script>'
    form = (
        f'<form method="post" data-autosave-url="/desk/"><input type="hidden" name="revision" value="{DESK.revision}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
        f'<textarea name="text" aria-label="Text" aria-describedby="save">{DESK.text}</textarea>{status}</form>'
    )
    return HttpResponse(f"<!doctype html><html lang=en><title>Desk</title>{script}<main>{form}</main></html>")


urlpatterns = [
    path("desk/", _desk),
    path("", include(real_patterns)),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require_chromium()
    # Playwright keeps an event loop in this thread; Django would refuse to touch the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as found:
        yield found
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.ROOT_URLCONF = __name__
    vars(DESK).update(vars(Desk()))
    # A passkey belongs to a name; an address of numbers cannot have one.
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => { window.refused = e.violatedDirective })")
    return page


def _sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _person() -> str:
    user = UserFactory.create()
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return str(user.email)


def _status(page: Page, words: str) -> None:
    page.locator("[data-autosave-status]").get_by_text(re.compile(words)).wait_for(timeout=8000)


def test_text_saves_itself_and_says_so(page: Page) -> None:
    page.goto("/desk/")
    page.type("textarea", "One thought")
    # The server says the hour, in the person's zone: the device may be in another.
    _status(page, "Saved 23:59")
    assert (DESK.text, DESK.saves) == ("One thought", 1)
    assert page.input_value("[name=revision]") == "2"
    assert page.evaluate("localStorage.length") == 0


def test_text_typed_offline_is_kept_and_saved_once(page: Page, context: BrowserContext) -> None:
    page.goto("/desk/")
    context.set_offline(True)
    page.type("textarea", "In a tunnel")
    _status(page, "Not saved, kept on this device")
    assert DESK.saves == 0
    context.set_offline(False)
    _status(page, r"Saved \d\d:\d\d")
    assert (DESK.text, DESK.saves) == ("In a tunnel", 1)


def test_text_of_a_lost_tab_comes_back(page: Page, context: BrowserContext) -> None:
    page.goto("/desk/")
    DESK.answer = 503
    page.type("textarea", "Nearly lost")
    page.close()
    again = context.new_page()
    again.goto("/desk/")
    # The server refuses until here: what the closing tab sent with its last breath must not pass for the rescue.
    _status(again, "Not saved, kept on this device")
    DESK.answer = 200
    again.get_by_role("button", name="Try again").click()
    _status(again, r"Saved \d\d:\d\d")
    assert again.input_value("textarea") == DESK.text == "Nearly lost"


def test_newer_text_elsewhere_is_never_overwritten(page: Page) -> None:
    page.goto("/desk/")
    DESK.text, DESK.revision = "Theirs", 7
    page.type("textarea", "Mine")
    _status(page, "A newer version exists")
    page.get_by_role("button", name="See both").click()
    assert page.locator("p").all_inner_texts() == ["Theirs", "Mine"]

    page.goto("/desk/")
    _status(page, "This device keeps another text")
    assert page.input_value("textarea") == DESK.text == "Theirs"
    page.get_by_role("button", name="See both").click()
    assert page.locator("p").all_inner_texts() == ["Theirs", "Mine"]
    assert DESK.text == "Theirs"


def test_passkey_is_added_and_signs_in(page: Page, context: BrowserContext) -> None:
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    _sign_in(page, _person())
    page.goto("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("input[type=password]", PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.fill("#id_name", "My laptop")
    page.check("#id_passwordless")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.evaluate("localStorage.setItem('waymark:draft:/desk/', '{}')")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("link", name="Sign out").wait_for()
    assert page.evaluate("window.refused") is None


def test_refused_passkey_is_told_in_words(page: Page, context: BrowserContext) -> None:
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    page.goto("/accounts/login/?with=passkey")
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new Error('closed')))")
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("alert").get_by_text("That passkey did not work").wait_for()


@pytest.mark.parametrize(("turn", "scheme", "width"), [(0, "light", 1280), (1, "dark", 320)])
def test_pages_of_the_frame_are_accessible(browser: Browser, site: str, turn: int, scheme: Any, width: int) -> None:
    """Each page is read once here: tests/browser/test_pages.py reads most of them again, at other sizes."""
    context = browser.new_context(base_url=site, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    faults: list[tuple[str, str]] = []
    places = count()

    def look(address: str) -> None:
        page.goto(address)
        if next(places) % 2 == turn:
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            faults.extend((address, fault["id"]) for fault in found)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append((address, "scrolls sideways"))

    for address in ("login/", "login/?with=passkey", "login/code/", "password/reset/", "signup/"):
        look(f"/accounts/{address}")
    look("/no/such/page/")
    _sign_in(page, _person())
    for address in ("email/", "password/change/", "2fa/", "sessions/", "logout/"):
        look(f"/accounts/{address}")
    context.close()
    assert faults == []
