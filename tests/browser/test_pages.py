"""Every page of visitors and learners, on a phone and on a desk, by day and by night: whole, readable, our own."""

import pytest

from tests.browser.looking import KINDS, alike, hand_in_nothing, in_turn, look, visit
from tests.browser.seats import Seats

ASKING = [kind for kind in KINDS if kind not in {"read-it", "watch-it", "meet-about-it"}]
# Forms that come back with faults when nothing is filled in.
FAULTY = (
    ("visitor", "/accounts/login/", "Sign in"),
    ("visitor", "/accounts/login/code/", "Send me a code"),
    ("visitor", "{sign_off}", "Send my answer"),
    ("learner", "{plan}", "Keep this plan"),
    ("learner", "{plan}check-in/", "Save"),
    ("learner", "/preferences/", "Save preferences"),
)
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
        *(f"{{through}}steps/{kind}/" for kind in alike(KINDS[:-1])),
    ],
    "done": ["/", "/progress/", "/progress/ratings/", "/commitments/", "/reflections/"],
}


@pytest.mark.parametrize(("who", "place", "turn"), in_turn(PAGES))
def test_page_is_whole(seats: Seats, who: str, place: str, turn: int):
    visit(seats, who, place, turn)


@pytest.mark.parametrize(("turn", "kind"), [*enumerate(alike(ASKING))])
def test_answer_with_faults_is_told_on_a_whole_page(seats: Seats, turn: int, kind: str):
    page = seats.page("new")
    page.goto(f"{seats.new}steps/{kind}/")

    page.locator("button[form=answer]").click()

    page.locator("[data-summary]").wait_for()
    assert look(seats, page, turn) == []


@pytest.mark.parametrize(("turn", "form"), [*enumerate(FAULTY)])
def test_form_with_faults_is_told_on_a_whole_page(seats: Seats, turn: int, form: tuple[str, str, str]):
    hand_in_nothing(seats, *form, turn)
