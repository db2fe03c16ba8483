"""What an administrator does in the administration, by labels and buttons as they are read on the page."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import follow

ADMIN = "/admin/"


def found_organization(page: Page, *, name: str, slug: str, zone: str) -> None:
    """Create an organization."""
    _add(page, "Organizations")
    field(page, "Name").fill(name)
    field(page, "Short name").fill(slug)
    field(page, "Time zone").select_option(zone)
    _save(page)


def invite(page: Page, *, organization: str, email: str, name: str, roles: Sequence[str]) -> None:
    """Invite a member; roles as the page names them: Learner, Designer, Administrator."""
    _add(page, "Members")
    field(page, "Organization").select_option(label=organization)
    field(page, "E-mail address").fill(email)
    field(page, "Name").fill(name)
    for role in ("Learner", "Designer", "Administrator"):
        field(page, role).set_checked(role in roles)
    follow(page.get_by_role("button", name="Send the invitation"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def open_cohort(page: Page, *, name: str, version: str, starts_on: str, staff: Mapping[str, str]) -> None:
    """Create a cohort of a published version, with its staff as person → role."""
    _add(page, "Cohorts")
    field(page, "Name").fill(name)
    field(page, "Version").select_option(label=version)
    field(page, "Starts on").fill(starts_on)
    for number, (person, role) in enumerate(staff.items()):
        if number:
            page.get_by_role("link", name=re.compile("Add another")).click()
        page.locator(f"select[name$='-{number}-user']").select_option(label=person)
        page.locator(f"select[name$='-{number}-role']").select_option(label=role)
    follow(page.get_by_role("button", name="Save and continue editing"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def check_list(page: Page, people: Path) -> None:
    """From a cohort's page, choose a list of people and look at what would become of each row."""
    follow(page.get_by_role("link", name="Enroll people"))
    page.get_by_label("CSV file").set_input_files(people)
    follow(page.get_by_role("button", name="Check the list"))
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()


def make_key(page: Page, *, organization: str, name: str, scopes: Sequence[str]) -> str:
    """Create an API key and return its secret, which the page shows once."""
    _add(page, "API keys")
    field(page, "Organization").select_option(label=organization)
    field(page, "Name").fill(name)
    for scope in scopes:
        page.get_by_label(re.compile(scope)).check()
    follow(page.get_by_role("button", name="Save", exact=True))
    return field(page, "Secret").inner_text().strip()


def field(page: Page, label: str) -> Locator:
    """Find a field by its label; the administration writes a colon behind it."""
    return page.get_by_label(re.compile(f"^{re.escape(label)}:?$"))


def _add(page: Page, what: str) -> None:
    page.goto(ADMIN)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=what, exact=True))
    follow(row.get_by_role("link", name="Add"))


def _save(page: Page) -> None:
    follow(page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".messagelist .success")).to_be_visible()
