"""The page behind the signed link, for somebody without an account."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from learners.progress.actions.signing_off import withdraw_sign_off
from learners.progress.models import Completion, SignOff
from learners.progress.queries.sign_offs import sign_off_token
from tests.learners.player.journey import CANARY, NOW, do

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(enrollment):
    do(enrollment, "try-it", sign_off={"name": "Amal Haddad", "email": "amal@example.com"})
    return SignOff.objects.get()


def way(asked):
    return f"/sign-off/{sign_off_token(asked)}/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response):
    return " ".join(soup(response).get_text(" ").split())


def test_it_says_who_asks_for_what_and_shows_no_report(asked):
    answer = Client().get(way(asked))

    assert answer.status_code == 200
    assert "Lena Fischer asks you to confirm a practice" in words(answer)
    assert "Try it" in words(answer)
    assert "Lena Fischer was asked to do this, in these words:" in words(answer)
    assert "as far as you saw or heard, Lena Fischer did what is described above" in words(answer)
    assert CANARY not in words(answer)


def test_it_needs_no_script_and_shows_no_menu(asked):
    shown = soup(Client().get(way(asked)))

    assert not shown.select("script")
    assert not shown.select("nav")


def test_a_look_changes_nothing(asked):
    for _look in range(3):
        Client().get(way(asked))
        Client().head(way(asked))

    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == ("asked", None)


def test_a_yes_passes_the_practice_and_thanks(asked):
    answer = Client().post(way(asked), {"verdict": "confirmed", "comment": "Clear and kind."}, follow=True)

    asked.refresh_from_db()
    assert "Thank you" in words(answer)
    assert (asked.state, asked.comment) == ("confirmed", "Clear and kind.")
    assert Completion.objects.get().passed_at == NOW


def test_not_yet_is_an_answer_too(asked):
    Client().post(way(asked), {"verdict": "not_yet"})

    asked.refresh_from_db()
    assert asked.state == "not_yet"
    assert Completion.objects.get().passed_at is None


def test_a_second_answer_changes_nothing(asked):
    Client().post(way(asked), {"verdict": "confirmed"})
    again = Client().post(way(asked), {"verdict": "not_yet"})

    asked.refresh_from_db()
    assert asked.state == "confirmed"
    assert "Thank you" in words(again)


def test_no_answer_is_named_and_the_comment_kept(asked):
    answer = Client().post(way(asked), {"comment": "Clear and kind."})

    shown = soup(answer)
    assert answer.status_code == 422
    assert shown.title.get_text().startswith("Error:")
    assert shown.select(shown.select_one("[autofocus] a")["href"])
    assert shown.select_one("#id_comment").get_text().strip() == "Clear and kind."


@pytest.mark.parametrize("end", ["expired", "withdrawn", "forged"])
def test_a_link_that_is_over_says_so_and_nothing_else(asked, clock, enrollment, end):
    link = way(asked)
    if end == "expired":
        clock.move_to(NOW + timedelta(days=31))
    elif end == "withdrawn":
        withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=asked.uuid, now=NOW)
    else:
        link = link[:-2] + "x/"

    for answer in (Client().get(link), Client().post(link, {"verdict": "confirmed"})):
        assert answer.status_code == 404
        assert "This link does not work any more" in words(answer)
        assert "Lena" not in words(answer)
    assert Completion.objects.get().passed_at is None


def test_signing_in_does_not_change_the_page(asked, page):
    assert "asks you to confirm" in words(page.get(way(asked)))
