"""What a first visit to a page costs, in bytes as they come over the wire: headers, markup, styles and scripts."""

from collections.abc import Callable
from functools import cache

import pytest
from playwright.sync_api import Page

from tests.browser.seats import Seats

KB = 1000
WHOLE = 80 * KB
CALM, BUSY, NONE = 20 * KB, 30 * KB, 0
# A page, who sees it, and how much script it may load.
VISITS = [
    ("learner", "/", CALM),
    ("learner", "{journey}", CALM),
    ("new", "{new}steps/read-it/", BUSY),
    ("new", "{new}steps/recall-it/", BUSY),
    ("new", "{new}steps/decide-it/", BUSY),
    ("new", "{new}steps/compare-it/", BUSY),
    ("new", "{new}steps/practice-it/", BUSY),
    ("new", "{new}steps/reflect-on-it/", BUSY),
    ("new", "{new}steps/plan-it/", BUSY),
    ("manager", "{board}", BUSY),
    ("manager", "{person}", BUSY),
    ("learner", "/reflections/", CALM),
    ("learner", "/progress/", CALM),
    ("learner", "/preferences/", CALM),
    ("visitor", "/accounts/login/", NONE),
    ("visitor", "/accounts/login/code/", NONE),
    ("visitor", "{sign_off}", NONE),
    ("visitor", "{stop}", NONE),
]


@pytest.fixture(scope="module")
def window_of(seats: Seats) -> Callable[[str], Page]:
    """A window with scripts and the cookies of somebody who is signed in; it asks for each file anew."""
    return cache(lambda who: seats.desk.window(storage_state=seats.page(who).context.storage_state()))


def first_visit(page: Page, address: str) -> dict[str, int]:
    """Return how many bytes came over the wire, by the kind of file."""
    kinds: dict[str, str] = {}
    weights: dict[str, int] = {}
    wire = page.context.new_cdp_session(page)

    def arrived(event: dict) -> None:
        kind = kinds[event["requestId"]]
        weights[kind] = weights.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on("Network.loadingFinished", arrived)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="networkidle")
    wire.detach()
    return weights


@pytest.mark.parametrize(("who", "place", "script"), VISITS)
def test_first_visit_is_light(seats: Seats, window_of: Callable[[str], Page], who: str, place: str, script: int):
    address = seats.at(place)

    weights = first_visit(window_of(who), address)

    assert weights["Document"] > KB
    assert weights["Stylesheet"] > KB
    assert sum(weights.values()) <= WHOLE, weights
    assert weights.get("Script", 0) <= script, weights
