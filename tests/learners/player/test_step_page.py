"""The player in a browser: every kind, with and without a script."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from config.events.models import ActivityEvent
from learners.progress.actions.adjusting import pause, release
from learners.progress.actions.signing_off import answer_sign_off
from learners.progress.models import Attempt, Completion, SignOff
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.models import Reflection
from tests.factories.learners import LiveSessionFactory
from tests.learners.player.journey import CANARY, FIRST, NOW, do

pytestmark = pytest.mark.django_db

SCRIPT = {"HTTP_X_AUTOSAVE": "1", "HTTP_ACCEPT": "application/json"}
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(enrollment, key):
    return f"/journeys/{enrollment.uuid}/steps/{key}/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def text(response):
    return " ".join(soup(response).get_text(" ").split())


@pytest.mark.parametrize("key", FIRST)
def test_each_kind_is_shown_with_its_place_and_its_bar(page, enrollment, key):
    shown = soup(page.get(url(enrollment, key)))

    number = list(FIRST).index(key) + 1
    assert f"Step {number} of 9" in shown.select_one(".ptop").get_text()
    assert shown.select_one("h1").get_text(strip=True) == key.replace("-", " ").capitalize()
    assert [button.get_text(strip=True)[:4] for button in shown.select(".bar .btn")][0] == "Back"
    assert len(shown.select(".bar .btn")) == 2
    assert not shown.select("script:not([src])")


def test_reading_on_completes_and_leads_to_the_next_step(page, enrollment):
    answer = page.post(url(enrollment, "read"))

    assert (answer.status_code, answer.headers["Location"]) == (302, url(enrollment, "watch"))
    assert Completion.objects.get().step_key == "read"


def test_back_leads_to_the_step_before_and_from_the_first_one_to_the_map(page, enrollment):
    first = soup(page.get(url(enrollment, "read"))).select_one(".bar a")
    second = soup(page.get(url(enrollment, "watch"))).select_one(".bar a")

    assert (first["href"], second["href"]) == (f"/journeys/{enrollment.uuid}/", url(enrollment, "read"))


def test_the_last_open_step_of_a_module_leads_to_its_end(page, enrollment):
    do(enrollment, "look-back")

    onward = soup(page.get(url(enrollment, "meet"))).select(".bar a")[-1]

    assert onward["href"] == f"/journeys/{enrollment.uuid}/modules/first/"


def test_a_quiz_stays_to_explain_and_can_be_answered_again(page, enrollment):
    wrong = {"answer-first": "1", "sure-first": "guess"}

    stays = page.post(url(enrollment, "recall"), wrong)
    explained = page.get(url(enrollment, "recall"))
    page.post(url(enrollment, "recall"), {"replay": "1"})
    again = page.get(url(enrollment, "recall"))

    assert stays.headers["Location"] == url(enrollment, "recall")
    assert "It is the other." in text(explained)
    assert soup(again).select("input[type=radio]")
    assert Completion.objects.get().passed_at is None


def test_a_scenario_is_resumed_where_it_was_left(page, enrollment):
    page.post(url(enrollment, "decide"), {"scene": "door", "choice": "1", "why": "Habit."})

    resumed = page.get(url(enrollment, "decide"))

    assert "Jo answers." in text(resumed)
    assert "Jo learns nothing new." in text(resumed)
    assert "Habit." in text(resumed)


def test_htmx_gets_the_parts_that_change(page, enrollment):
    answer = page.post(url(enrollment, "decide"), {"scene": "door", "choice": "0", "why": "To learn."}, **HTMX)

    shown = soup(answer)
    assert answer.status_code == 200
    assert not shown.select("html")
    assert shown.select_one("title").get_text() == "Decide, The first week · Waymark"
    assert {part["id"] for part in shown.select("[hx-swap-oob]")} == {"ptop", "bar"}
    assert "Jo answers." in text(answer)


def test_an_empty_answer_comes_back_with_what_was_written(page, enrollment):
    answer = page.post(url(enrollment, "try-it"), {"report-0": CANARY, "report-1": ""})

    shown = soup(answer)
    assert answer.status_code == 422
    assert shown.title.get_text().startswith("Error:")
    summary = shown.select_one("[autofocus]")
    assert [link["href"] for link in summary.select("a")] == ["#id_report-1"]
    assert summary.select_one("a").get_text() == "And then? Write a line here. A few words are enough."
    assert shown.select_one("#id_report-0").get_text().strip() == CANARY
    assert shown.select_one("#id_report-1")["aria-invalid"] == "true"
    assert shown.select_one("#answer")["data-autosave-state"] == "dirty", "The script keeps what was refused."
    assert Attempt.objects.count() == 0


def test_each_error_of_a_choice_leads_to_a_control_that_exists(page, enrollment):
    for key in ("recall", "decide", "look-back"):
        shown = soup(page.post(url(enrollment, key), {}))
        for link in shown.select("[data-summary] a"):
            assert shown.select(link["href"]), (key, link)


def test_a_refusal_of_the_domain_stands_beside_its_field(page, enrollment):
    own = {"report-0": "a", "report-1": "b", "signer_name": "Me", "signer_email": enrollment.user.email}

    answer = page.post(url(enrollment, "try-it"), own)

    assert answer.status_code == 422
    assert "Name somebody else" in soup(answer).select_one("#id_signer_email_error").get_text()
    assert Completion.objects.count() == 0


def test_a_script_keeps_a_draft_and_learns_its_revision(page, enrollment):
    blank = soup(page.get(url(enrollment, "look-back")))
    first = page.post(url(enrollment, "look-back"), {"text": "Half a", "audience": "private"}, **SCRIPT)
    second = page.post(
        url(enrollment, "look-back"),
        {"text": "Half a sentence", "audience": "private", "revision": first.json()["revision"]},
        **SCRIPT,
    )

    # The script writes the answer's revision into this field, so a page that saw no text yet has it too.
    assert blank.select_one("form#answer [name=revision]")["value"] == ""
    # NOW is noon in Paris, where the learner is; the browser may be anywhere.
    assert (first.json(), second.json()) == ({"revision": "1", "saved": "12:00"}, {"revision": "2", "saved": "12:00"})
    assert Reflection.objects.get().saved_at is None
    assert soup(page.get(url(enrollment, "look-back"))).select_one("[name=revision]")["value"] == "2"


def test_a_second_tab_is_told_and_both_versions_are_shown(page, enrollment):
    page.post(url(enrollment, "look-back"), {"text": "From tab one", "audience": "private"}, **SCRIPT)
    stale = {"text": "From tab two", "audience": "private", "revision": ""}

    script = page.post(url(enrollment, "look-back"), stale, **SCRIPT)
    form = page.post(url(enrollment, "look-back"), stale)

    assert script.status_code == form.status_code == 409
    assert soup(form).select_one("#answer")["data-autosave-state"] == "wait", "Nothing replaces either by itself."
    assert "From tab one" in text(form)
    assert soup(form).select_one("textarea").get_text().strip() == "From tab two"
    assert Reflection.objects.get().text == "From tab one"

    seen = stale | {"revision": soup(form).select_one("[name=revision]")["value"]}
    page.post(url(enrollment, "look-back"), seen)
    assert Reflection.objects.get().text == "From tab two"


def test_without_a_script_a_button_keeps_the_draft(page, enrollment):
    answer = page.post(url(enrollment, "try-it"), {"report-0": CANARY, "report-1": "", "intent": "draft"}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert "Saved. Go on whenever you like." in text(answer)
    assert Attempt.objects.get().state == "started"
    assert CANARY in text(page.get(url(enrollment, "try-it")))


def test_a_reflection_quotes_the_practice_and_names_its_readers(page, enrollment):
    do(enrollment, "try-it")

    shown = text(page.get(url(enrollment, "look-back")))

    assert CANARY in shown
    assert "Nadia Rahman" in shown


def test_who_may_read_a_reflection_stands_above_the_field_to_write_in(page, enrollment):
    form = soup(page.get(url(enrollment, "look-back"))).select_one("#answer")

    names = [control["name"] for control in form.select("textarea, input[type=radio]")]
    assert names == ["audience", "audience", "audience", "text"]


def test_the_buttons_words_follow_the_audience(page, enrollment):
    button = soup(page.get(url(enrollment, "look-back"))).select_one(".bar button")

    assert [span["class"] for span in button.select("span")] == [["for-private"], ["for-facilitator"], ["for-cohort"]]


def test_a_step_that_is_not_open_says_why_and_when(page, enrollment):
    shown = page.get(url(enrollment, "again"))

    assert "Opens Wednesday 10 March, 09:00" in text(shown)
    assert not soup(shown).select("form#answer")
    assert "About again." not in text(shown)


def test_a_step_that_is_not_open_takes_nothing(page, enrollment):
    page.post(url(enrollment, "again"))
    page.post(url(enrollment, "last-look"), {"text": CANARY, "audience": "private"}, **SCRIPT)

    assert (Completion.objects.count(), Reflection.objects.count()) == (0, 0)


def test_a_released_step_opens(page, enrollment):
    release(enrollment_id=enrollment.pk, key="second", actor_id=None, now=NOW)
    release(enrollment_id=enrollment.pk, key="second/again", actor_id=None, now=NOW)

    assert page.post(url(enrollment, "again")).status_code == 302


def test_an_unknown_step_is_not_found(page, enrollment):
    assert page.get(url(enrollment, "nothing")).status_code == 404


def test_a_practice_says_whom_it_waits_for(page, enrollment):
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})

    shown = page.get(url(enrollment, "try-it"))

    assert re.search(r"Waits for\s+Amal\s*; nothing is held up", text(shown))
    assert soup(shown).select("form[action$='/sign-off/'] button")


@pytest.mark.parametrize("ticked", [True, False])
def test_a_report_is_shown_to_who_is_asked_only_when_the_learner_ticks_that(page, enrollment, client, ticked):
    person = {"signer_name": "Amal", "signer_email": "amal@example.com"} | ({"shows_report": "on"} if ticked else {})
    page.post(url(enrollment, "try-it"), {"report-0": CANARY, "report-1": "Then she thanked me.", **person})

    asked = SignOff.objects.get()
    assert (CANARY in text(client.get(f"/sign-off/{sign_off_token(asked)}/"))) is ticked
    assert ("who may read your report" in text(page.get(url(enrollment, "try-it")))) is ticked


@pytest.mark.parametrize("ticked", [True, False])
def test_a_report_may_be_shown_to_who_is_asked_later(page, enrollment, client, ticked):
    do(enrollment, "try-it")
    person = {"name": "Amal", "email": "amal@example.com"} | ({"shows_report": "on"} if ticked else {})
    page.post(f"{url(enrollment, 'try-it')}sign-off/", person)

    assert (CANARY in text(client.get(f"/sign-off/{sign_off_token(SignOff.objects.get())}/"))) is ticked


def test_a_request_is_taken_back_and_somebody_else_is_asked(page, enrollment):
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})
    way = url(enrollment, "try-it") + "sign-off/"

    page.post(way, {"intent": "withdraw"})
    wrong = page.post(way, {"name": "Jo", "email": "nowhere"})
    page.post(way, {"name": "Jo", "email": "jo@example.com"})

    assert wrong.status_code == 422
    assert soup(wrong).select_one("#ask #id_name")["value"] == "Jo"
    assert list(SignOff.objects.order_by("id").values_list("state", flat=True)) == ["withdrawn", "asked"]


def test_the_comment_of_who_was_asked_is_shown_to_the_learner(page, enrollment):
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})
    token = sign_off_token(SignOff.objects.get())
    answer_sign_off(token=token, answer="confirmed", comment="Ask one question less.", now=NOW)

    shown = text(page.get(url(enrollment, "try-it")))

    assert "has confirmed it" in shown
    assert "Ask one question less." in shown


def test_a_live_session_tells_its_hour_in_the_learners_zone(page, enrollment):
    LiveSessionFactory(cohort=enrollment.cohort, step_key="meet", starts_at=NOW + timedelta(days=1), place="Room 4")

    shown = text(page.get(url(enrollment, "meet")))

    assert "Thursday 4 March, 12:00" in shown
    assert "Room 4" in shown


def test_a_withdrawn_learner_reads_and_writes_no_more(page, enrollment):
    do(enrollment, "read")
    enrollment.refresh_from_db()
    enrollment.status = "withdrawn"
    enrollment.save()

    assert not soup(page.get(url(enrollment, "compare"))).select("form#answer")
    assert page.post(url(enrollment, "compare"), {"answer": "x"}).status_code == 422
    assert Completion.objects.count() == 1


def test_a_paused_learner_may_go_on_reading(page, enrollment):
    do(enrollment, "read")
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert page.get(url(enrollment, "read")).status_code == 200


@pytest.mark.parametrize("key", ["read", "recall", "try-it", "look-back", "meet"])
def test_a_step_costs_at_most_twelve_queries(page, enrollment, key, django_assert_max_num_queries):
    do(enrollment, "try-it")
    page.get(url(enrollment, key))

    with django_assert_max_num_queries(12):
        page.get(url(enrollment, key))


def test_the_first_visit_is_noted_once(page, enrollment):
    assert enrollment.status == "invited"

    page.get(url(enrollment, "read"))
    page.get(url(enrollment, "read"))

    enrollment.refresh_from_db()
    assert (enrollment.status, enrollment.joined_at) == ("active", NOW)
    assert ActivityEvent.objects.filter(verb="enrollment.joined").count() == 1


def test_a_draft_that_cannot_be_kept_whole_is_not_kept_at_all(page, enrollment):
    page.post(url(enrollment, "look-back"), {"text": CANARY, "audience": "private"}, **SCRIPT)
    too_long = {"text": "a" * 50_001, "audience": "private", "revision": "1"}

    script = page.post(url(enrollment, "look-back"), too_long, **SCRIPT)
    form = page.post(url(enrollment, "look-back"), {**too_long, "intent": "draft"})

    assert (script.status_code, form.status_code) == (422, 422)
    assert Reflection.objects.get().text == CANARY


def test_a_lost_session_leads_to_sign_in_also_for_htmx(enrollment):
    answer = Client().post(url(enrollment, "decide"), {"choice": "0"}, **HTMX)

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/?next=")


def test_a_script_is_not_told_that_a_closed_step_was_saved(page, enrollment):
    closed = page.post(url(enrollment, "last-look"), {"text": CANARY, "audience": "private"}, **SCRIPT)

    assert closed.status_code == 403


def test_a_quiz_answered_in_two_tabs_is_answered_twice(page, enrollment):
    for choice in ("1", "0"):
        page.post(url(enrollment, "recall"), {"answer-first": choice, "sure-first": "sure"})

    assert Attempt.objects.count() == 2
    assert Completion.objects.get().passed_at == NOW
