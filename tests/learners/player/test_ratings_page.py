"""My ratings: all four occasions in the words that were chosen, for nobody but their author."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.accounts.models import Membership
from learners.progress.models import Completion
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import BehaviorIndicatorFactory, RatingLevelFactory
from tests.factories.journeys import VersionIndicatorFactory
from tests.learners.player.journey import FIRST_STEPS, NOW, do, join, make_cohort, make_rated_version, signed_in

pytestmark = pytest.mark.django_db

WAY = "/progress/ratings/"
LATE = NOW + timedelta(days=80)
OCCASIONS = ["At the beginning", "Looking back at the beginning", "At the end", "Weeks later"]


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").find("main").get_text(" ").split())


def rows(response, number=0):
    """The occasions of one behavior, each with what stands beside it."""
    table = BeautifulSoup(response.content, "html.parser").select("table.ratings")[number]
    cells = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table.select("tbody tr")
    ]
    return {occasion: rest[0] for occasion, *rest in cells}


def rate_everything(enrollment):
    do(enrollment, "where-you-start")
    do(enrollment, "where-you-are", now=NOW + timedelta(days=51))
    do(enrollment, "where-you-began", now=NOW + timedelta(days=51, hours=1))
    do(enrollment, "what-lasted", now=LATE - timedelta(days=1))


def test_all_four_occasions_stand_side_by_side_in_their_words(rated, clock):
    rate_everything(rated)
    clock.move_to(LATE)

    answer = signed_in(rated.user).get(WAY)

    assert rows(answer) == {
        "At the beginning": "Answers at once (sentence 1 of 4)",
        "Looking back at the beginning": "Answers at once (sentence 1 of 4)",
        "At the end": "Asks first (sentence 3 of 4)",
        "Weeks later": "Asks if told (sentence 2 of 4)",
    }
    assert list(rows(answer, 1)) == OCCASIONS
    text = words(answer)
    assert "your measure has stayed the same" in text, "The first behavior: then as baseline."
    assert "you measure more strictly now" in text, "The second one: then below baseline."
    assert "Beside your first answer, you rate yourself higher at the end. Beside your look back: higher." in text
    assert "Beside your first answer, you rate yourself the same at the end. Beside your look back: higher." in text
    assert "lower than at the end" in text
    assert "this is called response shift" in text


def test_before_anything_is_rated_the_page_says_when_each_comes(rated):
    found = rows(signed_in(rated.user).get(WAY))

    assert found == {
        "At the beginning": "Rate yourself",
        "Looking back at the beginning": "Not rated yet",
        "At the end": "Not rated yet",
        "Weeks later": "Not rated yet",
    }


def test_earlier_ratings_rest_while_one_waits_and_can_be_asked_for(rated, clock):
    do(rated, "where-you-start")
    before = words(signed_in(rated.user).get(WAY))
    clock.move_to(NOW + timedelta(days=51))

    hidden, asked = words(signed_in(rated.user).get(WAY)), words(signed_in(rated.user).get(WAY + "?show=1"))
    do(rated, "where-you-are", now=NOW + timedelta(days=51))
    between = words(signed_in(rated.user).get(WAY))
    do(rated, "where-you-began", now=NOW + timedelta(days=51))
    after = words(signed_in(rated.user).get(WAY))

    chosen = "Thanks one (sentence 3 of 4)"
    assert [chosen in text for text in (before, hidden, asked, between, after)] == [True, False, True, False, True]
    assert "Your earlier ones rest" in hidden


def test_the_page_of_a_step_never_shows_an_earlier_rating(rated, clock):
    do(rated, "where-you-start")
    clock.move_to(NOW + timedelta(days=51))

    own = BeautifulSoup(
        signed_in(rated.user).get(f"/journeys/{rated.uuid}/steps/where-you-are/").content, "html.parser"
    )
    first = words(signed_in(rated.user).get(f"/journeys/{rated.uuid}/steps/where-you-start/"))

    assert own.select("input[checked]") == []
    assert "Thanks one" not in first


def test_a_rating_is_given_and_mended_by_form_without_script(rated):
    way = f"/journeys/{rated.uuid}/steps/where-you-start/"
    half = signed_in(rated.user).post(way, {"level-asks-first": "2"})
    sent = signed_in(rated.user).post(way, {"level-asks-first": "2", "level-thanks": "1"}, follow=True)
    again = BeautifulSoup(signed_in(rated.user).get(way + "?change=1").content, "html.parser")

    assert half.status_code == 422
    assert "Choose the sentence that fits best" in words(half)
    assert BeautifulSoup(half.content, "html.parser").select_one("[name=level-asks-first][checked]")["value"] == "2"
    assert "Your ratings are saved." in words(sent)
    assert "Change my ratings" in words(sent)
    assert [one["value"] for one in again.select("input[checked]")] == ["2", "1"]


def test_words_that_changed_between_two_ratings_are_shown_and_not_compared(rated, clock):
    do(rated, "where-you-start")
    version = rated.version
    version.indicators.filter(indicator__key="asks-first").delete()
    newer = BehaviorIndicatorFactory(key="asks-first", revision=2, text="Asks two questions")
    for level, anchor in enumerate(("None", "One", "Two", "Three"), start=1):
        RatingLevelFactory(indicator=newer, level=level, anchor=anchor)
    VersionIndicatorFactory(version=version, indicator=newer)
    do(rated, "where-you-are", now=NOW + timedelta(days=51))
    do(rated, "where-you-began", now=NOW + timedelta(days=51))
    clock.move_to(NOW + timedelta(days=60))

    answer = signed_in(rated.user).get(WAY)

    found = rows(answer)
    assert found["At the beginning"] == "Answers at once (sentence 1 of 4)", "The anchors of that day."
    assert found["At the end"] == "Two (sentence 3 of 4)"
    assert "are not compared" in words(answer)


def test_a_colleague_the_staff_and_another_organization_get_nothing(rated):
    do(rated, "where-you-start")
    cohort = rated.cohort
    colleague = join(cohort, email="amal@example.com", name="Amal Haddad")
    stranger = join(make_cohort(make_rated_version(OrganizationFactory())), email="far@example.org", name="Far Away")
    facilitator = cohort.staff.get(role="facilitator").user
    administrator = colleague.user
    Membership.objects.filter(user=administrator).update(is_administrator=True, is_designer=True)
    Membership.objects.filter(user=rated.user).update(manager=Membership.objects.get(user=administrator))

    for person in (colleague.user, stranger.user, facilitator):
        browser = signed_in(person)
        assert "sentence 3 of 4" not in words(browser.get(WAY))
        assert browser.get(f"/journeys/{rated.uuid}/steps/where-you-start/").status_code == 404
        board = f"/cohorts/{cohort.uuid}/"
        pages = [board, f"{board}people/{rated.uuid}/", f"/api/v1/enrollments/{rated.uuid}/", "/api/v1/events/"]
        for way in pages:
            shown = browser.get(way).content.decode()
            assert "Thanks one" not in shown, (person, way)
            assert '"level' not in shown, (person, way)


def test_somebody_without_a_rated_journey_reads_what_will_stand_there(page):
    assert "None of your journeys asks for a rating yet" in words(page.get(WAY))
    assert "My ratings" not in words(page.get("/progress/"))


def test_the_follow_up_is_shown_on_today_after_the_journey_is_finished(rated, clock):
    do(rated, *FIRST_STEPS, "where-you-start")
    do(rated, "again", "last-look", now=NOW + timedelta(days=20))
    do(rated, "where-you-are", now=NOW + timedelta(days=51))
    do(rated, "where-you-began", now=NOW + timedelta(days=51, hours=1))
    rated.refresh_from_db()
    assert rated.status == "completed", "An optional follow-up holds nobody up."
    clock.move_to(NOW + timedelta(days=60))
    rest = words(signed_in(rated.user).get("/"))
    clock.move_to(LATE)

    today = words(signed_in(rated.user).get("/"))
    do(rated, "what-lasted", now=LATE)

    assert "What lasted" not in rest
    assert "What lasted" in today
    assert Completion.objects.filter(enrollment=rated, step_key="what-lasted").exists()
    assert "What lasted" not in words(signed_in(rated.user).get("/"))


def test_the_page_asks_the_same_few_queries_whatever_was_rated(rated, clock):
    rate_everything(rated)
    clock.move_to(LATE)
    browser = signed_in(rated.user)
    browser.get(WAY)

    with CaptureQueriesContext(connection) as asked:
        browser.get(WAY)

    assert len(asked) <= 12, [one["sql"][:80] for one in asked]
