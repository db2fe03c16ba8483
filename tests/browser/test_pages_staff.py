"""Every page of those who run journeys: boards, studio and administration; whole, readable, our own."""

import pytest

from tests.browser.looking import KINDS, alike, hand_in_nothing, in_turn, look, visit
from tests.browser.seats import Seats

ADMIN_LISTS = (
    "accounts/organization",
    "accounts/membership",
    "accounts/user",
    "accounts/apikey",
    "content/activity",
    "content/skillframework",
    "content/behaviorindicator",
    "journeys/journey",
    "learners/cohort",
    "learners/enrollment",
    "learners/completion",
    "learners/nudgedelivery",
    "learners/enginestate",
)
ADMIN_ROWS = (
    "accounts/organization",
    "accounts/membership",
    "accounts/apikey",
    "content/activity",
    "learners/cohort",
    "learners/enrollment",
    "learners/nudgedelivery",
)
# Forms that come back with faults when nothing is filled in.
FAULTY = (
    ("facilitator", "{session}", "Save date and place"),
    ("designer", "{draft}about/", "Save"),
    ("designer", "{draft}modules/", "Save module"),
    ("designer", "{draft}nudges/", "Save nudge"),
    ("designer", "{draft}steps/recall-it/", "Save step"),
    ("administrator", "/admin/accounts/membership/add/", "Send the invitation"),
    ("administrator", "/admin/learners/cohort/add/", "Save"),
    ("administrator", "/admin/journeys/organizationcalendar/add/", "Save"),
)
PAGES = {
    "manager": ["/cohorts/", "{board}", "{person}", "/"],
    "facilitator": ["/cohorts/", "{board}", "{person}", "{session}"],
    "designer": [
        "/",
        "/admin/",
        "/admin/studio/",
        "/admin/studio/new/",
        "{published}",
        "{published}publish/",
        "{draft}",
        "{draft}about/",
        "{draft}expectations/",
        "{draft}publish/",
        "{draft}discard/",
        "{draft}modules/",
        "{draft}modules/everything/",
        "{draft}modules/everything/steps/",
        "{draft}nudges/",
        "{nudge}",
        "{draft}behaviors/",
        "{draft}behaviors/new/",
        "{draft}simulate/?end=2027-05-28&other_zone=Asia/Tokyo",
        "{draft}as-learner/",
        "{draft}as-learner/today/?day=30&pace=new&direction=rtl",
        "{draft}as-learner/map/",
        "{draft}as-learner/steps/practice-it/",
        "{draft}as-learner/phone/?width=narrow",
        *(f"{{draft}}steps/{kind}/" for kind in alike(KINDS)),
        *(f"{{draft}}steps/{kind}/preview/" for kind in alike(KINDS)),
    ],
    "administrator": [
        "/admin/",
        "/admin/accounts/membership/add/",
        "/admin/learners/cohort/add/",
        "/admin/learners/apikeycohort/add/",
        "/admin/journeys/organizationcalendar/",
        "/admin/journeys/organizationcalendar/add/",
        "{events}",
        "/cohorts/",
        "{people}",
        "{move}",
        "{log}",
    ],
}


@pytest.mark.parametrize(("who", "place", "turn"), in_turn(PAGES))
def test_page_is_whole(seats: Seats, who: str, place: str, turn: int):
    visit(seats, who, place, turn)


@pytest.mark.parametrize(("turn", "model"), [*enumerate(alike(ADMIN_LISTS))])
def test_list_of_the_administration_is_whole(seats: Seats, turn: int, model: str):
    page = seats.page("administrator")

    page.goto(f"/admin/{model}/")

    assert look(seats, page, turn) == []


@pytest.mark.parametrize(("turn", "model"), [*enumerate(alike(ADMIN_ROWS))])
def test_row_of_the_administration_is_whole(seats: Seats, turn: int, model: str):
    page = seats.page("administrator")

    page.goto(seats.admin_row(model))

    assert look(seats, page, turn) == []


@pytest.mark.parametrize(("turn", "form"), [*enumerate(FAULTY)])
def test_form_with_faults_is_told_on_a_whole_page(seats: Seats, turn: int, form: tuple[str, str, str]):
    hand_in_nothing(seats, *form, turn)


def test_field_that_searches_while_you_type_is_called_by_its_label(seats: Seats):
    page = seats.page("administrator")
    page.goto(seats.admin_row("accounts/membership"))

    box = page.get_by_role("combobox", name="Manager")
    box.click()
    page.get_by_role("searchbox", name="Manager").fill("facilitator@")
    page.get_by_role("option").first.click()

    assert box.inner_text().strip()
