"""How people come in: by password, by a mailed code (on its pages, or with none shown), or by one click in a demo."""

import re
from collections.abc import Callable

from playwright.sync_api import APIResponse, BrowserContext, Page, expect

from tests.browser.chromium import follow

ADDRESS = re.compile("^E-?mail")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)


def by_password(page: Page, email: str, password: str) -> None:
    """Sign in with a password, and end where the product leads."""
    page.goto("/accounts/login/")
    page.get_by_label(ADDRESS).fill(email)
    page.get_by_label("Password").fill(password)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def by_code(page: Page, email: str, mailed: Callable[[], str]) -> None:
    """Ask for a code, take it from the mail that `mailed` waits for, and enter it."""
    page.goto("/accounts/login/")
    follow(page.get_by_role("link", name="Send me a sign-in code"))
    page.get_by_label(ADDRESS).fill(email)
    follow(page.get_by_role("button", name="Send me a code"))
    expect(page.get_by_role("heading", name="Enter your sign-in code")).to_be_visible()
    page.get_by_label("Code").fill(_code(mailed()))
    follow(page.get_by_role("button", name="Continue"))
    page.wait_for_url(lambda url: "/accounts/" not in url)


def by_code_unseen(context: BrowserContext, email: str, mailed: Callable[[], str]) -> None:
    """As by_code, by the same forms, without showing a page: the cookies of the window are what is meant."""
    asking = context.request.get("/accounts/login/code/")
    asked = _send(context, asking, email=email)
    entered = _send(context, asked, code=_code(mailed()))
    assert "/accounts/" not in entered.url, entered.text()


def _send(context: BrowserContext, page: APIResponse, **fields: str) -> APIResponse:
    """Hand in the form of a page and return the page that comes."""
    token = TOKEN.search(page.text())
    assert token, f"No form on {page.url}: {page.status}"
    answer = context.request.post(page.url, form={"csrfmiddlewaretoken": token.group(1), **fields})
    assert answer.ok, (page.url, answer.status)
    return answer


def _code(mail: str) -> str:
    found = CODE.search(mail)
    assert found, "The mail holds no code."
    return found.group(1)


def by_one_click(page: Page, name: str) -> None:
    """Press the button of one of the five people of the demo."""
    page.goto("/accounts/login/")
    follow(page.get_by_role("button", name=name, exact=True))
    page.wait_for_url(lambda url: "/accounts/" not in url)
