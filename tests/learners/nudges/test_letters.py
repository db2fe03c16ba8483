import email
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from config.accounts.models import User
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.channels.email import compose
from learners.nudges.letters.nudge import NudgeNote, nudge_letter
from learners.nudges.letters.paper import Reader, Ways
from learners.nudges.models import NudgeDelivery
from learners.progress.actions.completing import complete_step
from learners.progress.actions.signing_off import ask_sign_off, withdraw_sign_off
from learners.progress.models import Attempt
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.models import Commitment
from tests.learners.nudges.world import AFTER_OPENING, ENROLLED_AT, THURSDAY, WEEKLY, learner_with, run

pytestmark = pytest.mark.django_db

NASTY = "Zoë <b>\"&'</mj-text><script>alert(1)</script>"


def html_of(letter):
    return BeautifulSoup(letter.alternatives[0][0], "html.parser")


def sent(rule_key=""):
    return [letter for letter in mail.outbox if rule_key in letter.subject]


def test_nudge_opens_the_step_and_says_why_and_how_to_stop():
    enrollment = learner_with({**AFTER_OPENING, "texts": ["Whom could you ask today?"]})
    User.objects.filter(pk=enrollment.user_id).update(name="Aiko Tanaka")
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=ENROLLED_AT)

    run(ENROLLED_AT)
    run(THURSDAY)

    (letter,) = mail.outbox
    page = html_of(letter)
    links = [link["href"] for link in page.find_all("a")]
    step = f"http://127.0.0.1:8000/journeys/{enrollment.uuid}/steps/try-it/"
    assert letter.subject == "Whom could you ask today?"
    assert letter.to == ["Aiko Tanaka <learner@example.com>"]
    assert page.h1.get_text() == "Whom could you ask today?"
    assert links == [step, "http://127.0.0.1:8000/preferences/", letter.extra_headers["List-Unsubscribe"][1:-1]]
    for words in ("Hello Aiko,", "Whom could you ask today?", step, "Try it, 10 minutes, in Ask first"):
        assert words in letter.body
    because = (
        "You get this because you take part in Ask first, which sends it 1 working day after Module 1 opens, at 16:00."
    )
    assert because in letter.body
    assert because in page.get_text()
    assert page.html["lang"] == "en"


def test_names_and_texts_of_any_shape_stay_text():
    enrollment = learner_with({**WEEKLY, "texts": [f"Did {NASTY} answer?"]})
    User.objects.filter(pk=enrollment.user_id).update(name=NASTY)

    run(ENROLLED_AT)
    run(THURSDAY)

    (letter,) = mail.outbox
    page = html_of(letter)
    assert page.find("script") is None
    assert page.h1.get_text() == f"Did {NASTY} answer?"
    assert f"Did {NASTY} answer?" in letter.body


@pytest.mark.parametrize("name", ["", "Ann\r\nBcc: x@example.com", "نور", 'O\'Neil, "Jo"'])
def test_headers_cannot_be_broken_by_a_name(name):
    reader = Reader(address="a@example.com", name=name, greeting=name, locale="en", zone="UTC")
    note = NudgeNote(text="Line one\r\nBcc: y@example.com", journey="J", why="now", act_url="https://x/")

    letter = nudge_letter(note, reader=reader, ways=Ways("https://x/stop", "Stop"), message_id="<1@x>")
    parsed = email.message_from_bytes(compose(letter).message().as_bytes())

    assert parsed["Bcc"] is None
    assert "a@example.com" in parsed["To"]
    assert len(parsed.get_all("To") or []) == 1


def test_mail_in_a_language_from_right_to_left_turns_round():
    reader = Reader(address="a@example.com", name="", greeting="", locale="ar", zone="UTC")
    note = NudgeNote(text="سؤال", journey="J", why="now", act_url="https://x/")

    letter = nudge_letter(note, reader=reader, ways=Ways("https://x/stop", "Stop"), message_id="<1@x>")

    assert '<html lang="ar" dir="rtl"' in letter.html


def test_welcome_says_how_to_sign_in_and_what_is_open():
    enrollment = learner_with(welcomed=False)

    run(ENROLLED_AT)

    (letter,) = mail.outbox
    assert "“first” is open now." in letter.body
    assert "To sign in you need no password: enter learner@example.com" in letter.body
    assert "http://127.0.0.1:8000/accounts/login/code/" in letter.body
    assert enrollment.cohort.organization.name in letter.body
    run(ENROLLED_AT + timedelta(days=1))
    assert len(mail.outbox) == 1


def test_welcome_before_the_start_says_what_opens_when_in_the_readers_zone():
    enrollment = learner_with(welcomed=False)
    type(enrollment.cohort).objects.update(starts_on=datetime(2027, 3, 8, tzinfo=UTC).date())
    User.objects.filter(pk=enrollment.user_id).update(time_zone="Asia/Tokyo")

    run(ENROLLED_AT)

    assert "“first” opens on Monday 8 March 2027 at 09:00 (Asia/Tokyo)." in mail.outbox[0].body


def asked():
    enrollment = learner_with()
    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT)
    Attempt.objects.create(
        enrollment=enrollment, step_key="try-it", state="judged", started_at=ENROLLED_AT, saved_at=ENROLLED_AT
    )
    sign_off = ask_sign_off(
        enrollment_id=enrollment.pk, step_key="try-it", email="jo@example.com", name="Jo", now=ENROLLED_AT
    )
    return enrollment, sign_off


def test_request_to_confirm_goes_once_to_the_person_who_was_asked():
    _, sign_off = asked()

    run(ENROLLED_AT)
    run(ENROLLED_AT + timedelta(hours=1))

    (letter,) = mail.outbox
    assert letter.to == ["Jo <jo@example.com>"]
    assert f"http://127.0.0.1:8000/sign-off/{sign_off_token(sign_off)}/" in letter.body
    assert "Try it" in letter.body
    assert "preferences" not in letter.body


def test_request_that_was_taken_back_is_not_sent():
    enrollment, sign_off = asked()
    withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=sign_off.uuid, now=ENROLLED_AT)

    run(ENROLLED_AT)

    assert mail.outbox == []


def test_check_in_quotes_the_plan_in_the_mail_and_keeps_it_out_of_subject_and_row():
    enrollment = learner_with()
    plan = Commitment.objects.create(
        enrollment=enrollment,
        step_key="plan",
        cue="Jo asks for numbers,",
        response="ask what they are for.",
        made_at=ENROLLED_AT,
        changed_at=ENROLLED_AT,
        check_in_at=THURSDAY,
    )
    run(ENROLLED_AT)

    run(THURSDAY)

    (letter,) = mail.outbox
    assert "If Jo asks for numbers, then I will ask what they are for." in letter.body
    assert "Jo" not in letter.subject
    assert letter.body.count(f"/commitments/{plan.uuid}/check-in/?answer=") == 3
    assert all("Jo" not in row.text for row in NudgeDelivery.objects.all())


def test_dispatch_again_after_everything_was_sent_does_nothing():
    learner_with(WEEKLY)
    run(ENROLLED_AT)
    run(THURSDAY)

    assert dispatch(now=THURSDAY + timedelta(hours=1)) == {}
