"""Looking at page after page: what every page owes everybody, and every form that comes back with faults."""

import os
from collections.abc import Iterable, Mapping, Sequence

from playwright.sync_api import Page

from tests.browser.inspection import faults_of
from tests.browser.seats import Seats

KINDS = (
    "read-it",
    "watch-it",
    "recall-it",
    "decide-it",
    "compare-it",
    "practice-it",
    "reflect-on-it",
    "plan-it",
    "rate-it",
    "meet-about-it",
)
EMPTY = """(button) => {
  button.form.noValidate = true;
  for (const one of button.form.elements) {
    if (one.matches("textarea, input:not([type=hidden], [type=submit], [type=checkbox], [type=radio])")) one.value = "";
  }
}"""


def alike(pages: Sequence[str]) -> Sequence[str]:
    """Return every third of pages that one template makes; all of them with EVERY_PASS, which `make faults` sets."""
    return pages if os.environ.get("EVERY_PASS") else pages[::3]


def in_turn(pages: Mapping[str, Iterable[str]]) -> list[tuple[str, str, int]]:
    """Return each page with who sees it and its number there, which says how `faults_of` reads it."""
    return [(who, place, turn) for who, places in pages.items() for turn, place in enumerate(places)]


def look(seats: Seats, page: Page, turn: int) -> list[str]:
    """Return every fault of the page that is shown, and everything that it did and must not do."""
    found = faults_of(page, turn) + seats.desk.witness.complaints
    seats.desk.witness.complaints.clear()
    return found


def visit(seats: Seats, who: str, place: str, turn: int) -> None:
    """Open a page; fails unless it is there (or meant to be missing), and whole."""
    address, page = seats.at(place), seats.page(who)

    answer = page.goto(address)

    assert answer is not None
    assert answer.status == (404 if "nothing" in place else 200)
    assert look(seats, page, turn) == []


def hand_in_nothing(seats: Seats, who: str, place: str, button: str, turn: int) -> None:
    """Press a button of a form whose fields are empty; fails unless the faults are told, on a whole page."""
    address, page = seats.at(place), seats.page(who)
    page.goto(address)
    pressed = page.get_by_role("button", name=button, exact=True).first

    pressed.evaluate(EMPTY)
    with page.expect_navigation():
        pressed.click()

    assert page.locator(".note.clay[tabindex], .errornote").count()
    assert look(seats, page, turn) == []
