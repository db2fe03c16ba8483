"""Every page, as everybody who may see it, on a phone and on a desk, by day and by night: whole, readable, our own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import desk
from tests.browser.demo import Demo
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
ASKING = [kind for kind in KINDS if kind not in {"read-it", "watch-it", "meet-about-it"}]
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
    ("visitor", "/accounts/login/", "Sign in"),
    ("visitor", "/accounts/login/code/", "Send me a code"),
    ("visitor", "{sign_off}", "Send my answer"),
    ("learner", "{plan}", "Keep this plan"),
    ("learner", "{plan}check-in/", "Save"),
    ("learner", "/preferences/", "Save preferences"),
    ("facilitator", "{session}", "Save date and place"),
    ("designer", "{draft}about/", "Save"),
    ("designer", "{draft}modules/", "Save module"),
    ("designer", "{draft}nudges/", "Save nudge"),
    ("designer", "{draft}steps/recall-it/", "Save step"),
    ("administrator", "/admin/accounts/membership/add/", "Send the invitation"),
    ("administrator", "/admin/learners/cohort/add/", "Save"),
)
EMPTY = """(button) => {
  button.form.noValidate = true;
  for (const one of button.form.elements) {
    if (one.matches("textarea, input:not([type=hidden], [type=submit], [type=checkbox], [type=radio])")) one.value = "";
  }
}"""
PAGES = {
    "visitor": [
        "/accounts/login/",
        "/accounts/login/?with=passkey",
        "/accounts/login/code/",
        "/accounts/password/reset/",
        "/help/",
        "/accessibility/",
        "/demo/mail/",
        "{mail}",
        "{sign_off}",
        "{stop}",
        "/unsubscribe/nothing-behind-it/",
        "/sign-off/nothing-behind-it/",
        "/nothing-here/",
    ],
    "learner": [
        "/",
        "{journey}",
        "/reflections/",
        "{reflection}",
        "{reflection}delete/",
        "/commitments/",
        "{plan}",
        "{plan}check-in/",
        "/progress/",
        "/progress/ratings/",
        "/preferences/",
        "/privacy/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/nothing-here/",
        "/cohorts/",
    ],
    "new": [
        "/",
        "{new}",
        "{new}modules/everything/",
        "{new}steps/read-on/",
        *(f"{{new}}steps/{kind}/" for kind in KINDS),
    ],
    "through": [
        "/",
        "{through}",
        "{through}modules/everything/",
        *(f"{{through}}steps/{kind}/" for kind in KINDS[:-1]),
    ],
    "done": ["/", "/progress/", "/progress/ratings/", "/commitments/", "/reflections/"],
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
        "{draft}simulate/",
        "{draft}as-learner/",
        "{draft}as-learner/today/?day=30&pace=new&direction=rtl",
        "{draft}as-learner/map/",
        "{draft}as-learner/steps/practice-it/",
        "{draft}as-learner/phone/?width=narrow",
        *(f"{{draft}}steps/{kind}/" for kind in KINDS),
        *(f"{{draft}}steps/{kind}/preview/" for kind in KINDS),
    ],
    "administrator": [
        "/admin/",
        "/admin/accounts/membership/add/",
        "/admin/learners/cohort/add/",
        "/admin/learners/apikeycohort/add/",
        "/cohorts/",
        "{people}",
        "{move}",
        "{log}",
    ],
}


@pytest.fixture(scope="module")
def seats(browser: Browser, demo: Demo) -> Iterator[Seats]:
    with desk(browser, demo.served.url) as one:
        yield Seats(demo, one)


def look(seats: Seats, page: Page) -> list[str]:
    """Return every fault of the page that is shown, and everything that it did and must not do."""
    found = faults_of(page) + seats.desk.witness.complaints
    seats.desk.witness.complaints.clear()
    return found


@pytest.mark.parametrize(("who", "place"), [(who, place) for who, places in PAGES.items() for place in places])
def test_page_is_whole_at_each_size_and_in_both_schemes(seats: Seats, who: str, place: str):
    address, page = seats.at(place), seats.page(who)

    answer = page.goto(address)

    assert answer is not None
    assert answer.status == (404 if "nothing" in place else 200)
    assert look(seats, page) == []


@pytest.mark.parametrize("model", ADMIN_LISTS)
def test_list_of_the_administration_is_whole(seats: Seats, model: str):
    page = seats.page("administrator")

    page.goto(f"/admin/{model}/")

    assert look(seats, page) == []


@pytest.mark.parametrize("model", ADMIN_ROWS)
def test_row_of_the_administration_is_whole(seats: Seats, model: str):
    page = seats.page("administrator")

    page.goto(seats.admin_row(model))

    assert look(seats, page) == []


@pytest.mark.parametrize("kind", ASKING)
def test_answer_with_faults_is_told_on_a_whole_page(seats: Seats, kind: str):
    page = seats.page("new")
    page.goto(f"{seats.new}steps/{kind}/")

    page.locator("button[form=answer]").click()

    page.locator("[data-summary]").wait_for()
    assert look(seats, page) == []


@pytest.mark.parametrize(("who", "place", "button"), FAULTY)
def test_form_with_faults_is_told_on_a_whole_page(seats: Seats, who: str, place: str, button: str):
    address, page = seats.at(place), seats.page(who)
    page.goto(address)
    pressed = page.get_by_role("button", name=button, exact=True).first

    pressed.evaluate(EMPTY)
    with page.expect_navigation():
        pressed.click()

    assert page.locator(".note.clay[tabindex], .errornote").count()
    assert look(seats, page) == []


def test_field_that_searches_while_you_type_is_called_by_its_label(seats: Seats):
    page = seats.page("administrator")
    page.goto(seats.admin_row("accounts/membership"))

    box = page.get_by_role("combobox", name="Manager")
    box.click()
    page.get_by_role("searchbox", name="Manager").fill("facilitator@")
    page.get_by_role("option").first.click()

    assert box.inner_text().strip()
