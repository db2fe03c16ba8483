"""Addresses that somebody guesses or was sent: whoever they are not for is told that there is nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import administrator
from tests.browser.chromium import desk
from tests.browser.demo import Demo
from tests.browser.seats import Seats

OWN = (
    "{through}",
    "{through}recap/",
    "{through}modules/everything/",
    "{through}steps/practice-it/",
    "{through}steps/reflect-on-it/",
    "{through}steps/plan-it/",
    "{private}",
    "{private}delete/",
)
OF_STAFF = ("{board}", "{board}people.csv", "{person}", "{session}")
OF_DESIGNERS = ("{published}", "{published}publish/", "{published}steps/read-it/preview/")
OF_THE_API = ("/api/v1{board}progress/", "/api/v1{board}learners/", "/api/v1{board}")
# Who must not find what. The stranger may do everything in another organization.
CLOSED = {
    "new": (*OWN, *OF_STAFF, *OF_DESIGNERS, *OF_THE_API),
    "manager": OWN,
    "facilitator": OWN,
    "stranger": (*OWN, *OF_STAFF, *OF_DESIGNERS, *OF_THE_API, "{picture}"),
}
WRITTEN = "Something that I noticed at work."


@pytest.fixture(scope="module")
def seats(browser: Browser, demo: Demo) -> Iterator[Seats]:
    with desk(browser, demo.served.url) as one:
        found = Seats(demo, one)
        office, there = found.page("administrator"), "Elsewhere Ltd"
        administrator.found_organization(office, name=there, slug="elsewhere", zone="Europe/Paris")
        roles, email = ["Learner", "Designer", "Administrator"], "stranger@elsewhere.example"
        administrator.invite(office, organization=there, email=email, name="Sam Stranger", roles=roles)
        found.pages["stranger"] = demo.sign_in(one, email)
        yield found


def test_owners_find_what_is_theirs(seats: Seats):
    for who, places in {
        "through": OWN,
        "facilitator": OF_STAFF,
        "designer": OF_DESIGNERS,
        "new": ["{picture}"],
    }.items():
        found = {place: seats.page(who).request.get(seats.at(place)).status for place in places}
        assert set(found.values()) == {200}, (who, found)
    page = seats.page("through")
    page.goto(seats.private)
    assert WRITTEN in page.content()


@pytest.mark.parametrize("who", CLOSED)
def test_a_guessed_address_shows_nothing(seats: Seats, who: str):
    addresses = {place: seats.at(place) for place in CLOSED[who]}
    page = seats.page(who)

    told = {}
    for place, address in addresses.items():
        answer = page.request.get(address)
        told[place] = (answer.status, WRITTEN in answer.text())

    assert {place: one for place, one in told.items() if one != (404, False)} == {}
