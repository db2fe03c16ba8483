"""A worker that dies at each point: what is left, and what comes of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from config.events.models import ActivityEvent
from learners.nudges.actions import fates as fates_module
from learners.nudges.actions.arm import arm
from learners.nudges.actions.claim import claim, keep_claim
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.plan import plan
from learners.nudges.actions.reap import reap
from learners.nudges.models import ContactBudget, DeliveryEvent, NudgeDelivery
from learners.nudges.queries.status import read_status
from tests.learners.nudges.world import DUE_SOON, ENROLLED_AT, THURSDAY, WEEKLY, learner_with

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TUESDAY = ENROLLED_AT.replace(day=9, hour=9)


class Killed(BaseException):
    """The process dies: nothing in it may catch this and go on."""


class DiesBeforeSending(EmailBackend):
    def send_messages(self, messages):
        raise Killed


class DiesAfterSending(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


def due(rule, moment):
    learner_with(rule)
    arm(now=ENROLLED_AT)
    plan(now=moment)


def die(settings, backend, now):
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    with pytest.raises(Killed):
        dispatch(now=now)
    settings.EMAIL_BACKEND = kept


def later(now):
    return now + timedelta(minutes=4)


def recover(now):
    reap(now=now)
    dispatch(now=now)
    assert read_status(now=now).adds_up


def test_death_after_claim_is_provably_unsent_and_sent_once():
    due(WEEKLY, THURSDAY)
    claim(token=NudgeDelivery.objects.get().uuid, now=THURSDAY)

    reap(now=THURSDAY + timedelta(seconds=19))
    assert NudgeDelivery.objects.get().state == "claimed"
    recover(THURSDAY + timedelta(seconds=21))

    assert len(mail.outbox) == 1
    assert NudgeDelivery.objects.get().state == "sent"


def test_claim_that_is_renewed_is_not_taken_back():
    due(WEEKLY, THURSDAY)
    row = NudgeDelivery.objects.get()
    claim(token=row.uuid, now=THURSDAY)

    assert keep_claim(token=row.uuid, now=THURSDAY + timedelta(seconds=15)) == 1
    reap(now=THURSDAY + timedelta(seconds=34))
    assert NudgeDelivery.objects.get().state == "claimed"
    reap(now=THURSDAY + timedelta(seconds=36))

    assert NudgeDelivery.objects.get().state == "planned"
    assert keep_claim(token=row.uuid, now=THURSDAY + timedelta(seconds=37)) == 0


def test_claim_of_another_and_what_is_being_sent_are_not_renewed(settings):
    due(WEEKLY, THURSDAY)
    die(settings, DiesBeforeSending, THURSDAY)
    row = NudgeDelivery.objects.get()

    assert keep_claim(token=row.lease_token, now=THURSDAY + timedelta(hours=1)) == 0
    assert NudgeDelivery.objects.get().lease_until == row.lease_until


@pytest.mark.parametrize(("backend", "copies"), [(DiesBeforeSending, 0), (DiesAfterSending, 1)])
def test_death_while_sending_a_prompt_ends_as_unknown_and_is_never_doubled(settings, backend, copies):
    due(WEEKLY, THURSDAY)
    die(settings, backend, THURSDAY)
    assert NudgeDelivery.objects.get().state == "sending"

    recover(later(THURSDAY))
    recover(later(later(THURSDAY)))

    row = NudgeDelivery.objects.get()
    assert (row.state, row.reason) == ("unknown", "worker_stopped")
    assert len(mail.outbox) == copies
    assert all(letter.extra_headers["Message-ID"] == row.message_id for letter in mail.outbox)
    assert row.message_id, "An operator can look for it in the server's log."
    assert ActivityEvent.objects.filter(verb="nudge.unknown").count() == 1
    assert DeliveryEvent.objects.filter(kind="reaped").count() == 1
    assert ContactBudget.objects.get(period="2027-03-04").used == 1


@pytest.mark.parametrize(("backend", "copies"), [(DiesBeforeSending, 1), (DiesAfterSending, 2)])
def test_death_while_sending_a_deadline_tries_again_with_the_same_message_id(settings, backend, copies):
    due(DUE_SOON, TUESDAY)
    die(settings, backend, TUESDAY)

    recover(later(TUESDAY))
    recover(later(later(TUESDAY)))

    assert NudgeDelivery.objects.get().state == "sent"
    assert len(mail.outbox) == copies
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1
    assert ContactBudget.objects.get(period="2027-03-09").used == 1


def test_sending_is_not_taken_back_before_its_lease_ends(settings):
    due(WEEKLY, THURSDAY)
    die(settings, DiesBeforeSending, THURSDAY)

    reap(now=THURSDAY + timedelta(seconds=179))

    assert NudgeDelivery.objects.get().state == "sending"


def test_late_word_of_a_slow_worker_turns_unknown_into_sent(settings):
    due(WEEKLY, THURSDAY)
    die(settings, DiesAfterSending, THURSDAY)
    slow = NudgeDelivery.objects.get()
    reap(now=later(THURSDAY))

    fates_module.mark_sent(slow, message_id="<x@localhost>", provider_id="", target="", now=later(THURSDAY))

    assert NudgeDelivery.objects.get().state == "sent"
    assert DeliveryEvent.objects.filter(kind="late").count() == 1


def test_late_word_of_a_slow_worker_stops_a_retry_that_has_not_begun(settings):
    due(DUE_SOON, TUESDAY)
    die(settings, DiesAfterSending, TUESDAY)
    slow = NudgeDelivery.objects.get()
    reap(now=later(TUESDAY))

    fates_module.mark_sent(slow, message_id="<x@localhost>", provider_id="", target="", now=later(TUESDAY))

    assert dispatch(now=later(TUESDAY)) == {}
    assert len(mail.outbox) == 1


def test_late_word_after_another_worker_took_over_changes_nothing(settings):
    due(DUE_SOON, TUESDAY)
    die(settings, DiesAfterSending, TUESDAY)
    slow = NudgeDelivery.objects.get()
    recover(later(TUESDAY))
    before = NudgeDelivery.objects.values().get()

    with pytest.raises(fates_module.LeaseLost):
        fates_module.mark_sent(slow, message_id="<x@localhost>", provider_id="", target="", now=later(TUESDAY))

    assert NudgeDelivery.objects.values().get() == before


def test_worker_that_slept_through_its_lease_may_not_intend():
    due(WEEKLY, THURSDAY)
    slept = NudgeDelivery.objects.get()
    slept.lease_token = slept.uuid
    claim(token=slept.uuid, now=THURSDAY)
    reap(now=later(THURSDAY))
    claim(token=slept.scope, now=later(THURSDAY))

    with pytest.raises(fates_module.LeaseLost):
        fates_module.intend(slept, day=THURSDAY.date(), message_id="<x@localhost>", now=later(THURSDAY))

    assert NudgeDelivery.objects.get().state == "claimed"
    assert ContactBudget.objects.count() == 0
