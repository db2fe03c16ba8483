from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from config.events.models import ActivityEvent
from learners.nudges.links import Stop, read_unsubscribe, unsubscribe_link
from learners.nudges.models import Suppression
from learners.people.models import ChannelChoice
from learners.progress.actions.completing import complete_step
from learners.progress.actions.signing_off import ask_sign_off
from learners.progress.models import Attempt
from tests.factories.accounts import MembershipFactory
from tests.learners.nudges.world import ENROLLED_AT, THURSDAY, WEEKLY, fates, learner_with, run

pytestmark = pytest.mark.django_db

ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def client():
    # As a mail program: no cookie, no CSRF token.
    return Client(enforce_csrf_checks=True)


def path_of(letter):
    return letter.extra_headers["List-Unsubscribe"][1:-1].removeprefix("http://127.0.0.1:8000")


def one_click(client, path):
    return client.post(path, ONE_CLICK, content_type="application/x-www-form-urlencoded")


def test_one_click_stops_the_category_at_once_without_signing_in(client):
    enrollment = learner_with(WEEKLY)
    run(ENROLLED_AT)
    run(THURSDAY)

    answer = one_click(client, path_of(mail.outbox[0]))

    assert answer.status_code == 200
    assert not answer.cookies
    choice = ChannelChoice.objects.get()
    assert (choice.user, choice.category, choice.channel, choice.is_on) == (
        enrollment.user,
        "practice",
        "email",
        False,
    )
    assert ActivityEvent.objects.get(verb="nudge.opted_out").data == {"category": "practice", "channel": "email"}
    run(THURSDAY + timedelta(days=7))
    assert len(mail.outbox) == 1
    assert fates()[-1] == ("weekly", "email", "suppressed", "opted_out")


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_link_changes_nothing(client, method):
    learner_with(WEEKLY)
    run(ENROLLED_AT)
    run(THURSDAY)
    events = ActivityEvent.objects.count()

    answer = getattr(client, method)(path_of(mail.outbox[0]))

    assert answer.status_code == 200
    assert ChannelChoice.objects.count() == 0
    assert ActivityEvent.objects.count() == events
    assert not answer.cookies


def test_page_behind_the_link_has_a_button_that_posts(client):
    learner_with(WEEKLY)
    run(ENROLLED_AT)
    run(THURSDAY)

    page = client.get(path_of(mail.outbox[0])).content.decode()

    assert "Stop these e-mails?" in page
    assert '<form method="post"' in page
    assert "<script" not in page


def test_one_click_twice_and_taking_it_back(client):
    learner_with(WEEKLY)
    run(ENROLLED_AT)
    run(THURSDAY)
    path = path_of(mail.outbox[0])

    assert one_click(client, path).status_code == 200
    assert one_click(client, path).status_code == 200
    assert ChannelChoice.objects.count() == 1

    assert "You get them again" in client.post(path, {"again": "1"}).content.decode()
    assert ChannelChoice.objects.get().is_on is True


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: t + "x", lambda t: "nonsense", lambda t: "x" + t])
def test_an_altered_link_stops_nothing_and_says_so(client, change):
    person = MembershipFactory().user
    link = unsubscribe_link(Stop(person.uuid, "practice", "email"))
    token = link.rstrip("/").rpartition("/")[2]

    answer = one_click(client, f"/unsubscribe/{change(token)}/")

    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()
    assert ChannelChoice.objects.count() == 0


def test_link_names_the_person_without_showing_the_address():
    person = MembershipFactory().user
    stop = Stop(person.uuid, "practice", "email")

    link = unsubscribe_link(stop)

    assert read_unsubscribe(link.rstrip("/").rpartition("/")[2]) == stop
    assert person.email not in link


def test_link_of_somebody_who_is_gone_is_broken(client):
    person = MembershipFactory().user
    link = unsubscribe_link(Stop(person.uuid, "practice", "email"))
    person.memberships.all().delete()
    person.delete()

    assert one_click(client, link.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_somebody_asked_to_confirm_a_practice_can_stop_such_requests(client):
    enrollment = learner_with()
    for step in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=step, now=ENROLLED_AT)
    Attempt.objects.create(
        enrollment=enrollment, step_key="try-it", state="judged", started_at=ENROLLED_AT, saved_at=ENROLLED_AT
    )

    def ask(now):
        ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email="jo@example.com", now=now)

    ask(ENROLLED_AT)
    run(ENROLLED_AT)

    assert one_click(client, path_of(mail.outbox[0])).status_code == 200

    assert Suppression.objects.get().category == "service"
    type(enrollment).objects.get(pk=enrollment.pk).sign_offs.update(state="withdrawn")
    ask(ENROLLED_AT + timedelta(hours=1))
    run(ENROLLED_AT + timedelta(hours=1))
    assert len(mail.outbox) == 1
    assert fates()[-1] == ("waymark:sign-off", "email", "suppressed", "suppressed")
