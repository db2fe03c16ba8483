"""From an order to a letter: which mail it is, and where its buttons lead."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from journeys.schedule.outline import StepOutline
from learners.nudges.channels.contract import Letter
from learners.nudges.letters.check_in import CheckInNote, check_in_letter
from learners.nudges.letters.nudge import NudgeNote, nudge_letter
from learners.nudges.letters.paper import Reader, Ways, stop_words_of
from learners.nudges.letters.service import SignOffNote, WelcomeNote, sign_off_letter, welcome_letter
from learners.nudges.links import Stop, absolute, site_host, unsubscribe_link
from learners.nudges.queries.orders import Order
from learners.nudges.rules.built_in import CHECK_IN, SIGN_OFF, WELCOME
from learners.nudges.rules.identity import message_id
from learners.nudges.rules.quiet import place_of
from learners.nudges.rules.target import target_of
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.models.commitment import Answer


def letter_for(order: Order, *, now: datetime) -> Letter:
    """
    Compose the mail of an order; no query.

    Everything of the sender's kind that can go wrong in a template goes wrong here, before any intent is written.
    """
    delivery = order.delivery
    reader = _reader(order)
    ways = _ways(order, reader)
    own_id = message_id(delivery.uuid, site_host())
    if delivery.rule_key == WELCOME:
        return welcome_letter(_welcome(order, now), reader=reader, ways=ways, message_id=own_id)
    if delivery.rule_key == SIGN_OFF:
        return sign_off_letter(_sign_off(order), reader=reader, ways=ways, message_id=own_id)
    if delivery.rule_key == CHECK_IN:
        return check_in_letter(_check_in(order), reader=reader, ways=ways, message_id=own_id)
    return nudge_letter(_nudge(order, now), reader=reader, ways=ways, message_id=own_id)


def target_step(order: Order, *, now: datetime) -> StepOutline | None:
    """Return the step that the button of this message opens, None for the map."""
    standing = order.standing
    if standing is None:
        return None
    subject = order.delivery.subject
    return target_of(order.rule, standing.outline, standing.timeline, subject=subject, now=now)


def _reader(order: Order) -> Reader:
    person = order.delivery.recipient
    return Reader(
        address=person.email,
        name=person.name,
        greeting=person.name.split(" ")[0] if person.name else "",
        locale=person.locale or "en",
        zone=str(place_of(person.time_zone, order.delivery.organization.time_zone)),
    )


def _ways(order: Order, reader: Reader) -> Ways:
    delivery = order.delivery
    stop = Stop(person=delivery.recipient.uuid, category=delivery.category, channel=delivery.channel)
    with translation.override(reader.locale):
        words = stop_words_of(delivery.category)
    # Somebody who was asked to confirm a practice need not have an account, so there is nothing to set for them.
    preferences = "" if delivery.rule_key == SIGN_OFF else absolute(reverse("preferences"))
    return Ways(stop_url=unsubscribe_link(stop), stop_words=words, preferences_url=preferences)


def _nudge(order: Order, now: datetime) -> NudgeNote:
    step = target_step(order, now=now)
    return NudgeNote(
        text=order.delivery.text,
        journey=_journey(order),
        why=order.delivery.why,
        act_url=_step_url(order, step),
        step_title=step.title if step is not None else "",
        step_minutes=step.minutes if step is not None else 0,
    )


def _step_url(order: Order, step: StepOutline | None) -> str:
    enrollment = order.delivery.enrollment
    if enrollment is None:
        return absolute(reverse("today"))
    if step is None:
        return absolute(reverse("journey-map", args=[enrollment.uuid]))
    return absolute(reverse("step", args=[enrollment.uuid, step.key]))


def _journey(order: Order) -> str:
    return order.standing.outline.title if order.standing is not None else order.delivery.organization.name


def _welcome(order: Order, now: datetime) -> WelcomeNote:
    enrollment, standing = order.delivery.enrollment, order.standing
    if enrollment is None or standing is None:
        raise ValueError("A welcome belongs to an enrollment.")
    first = standing.outline.modules[0]
    placed = standing.timeline.modules[first.key]
    return WelcomeNote(
        journey=standing.outline.title,
        summary=enrollment.version.summary,
        cohort=enrollment.cohort.name,
        organization=order.delivery.organization.name,
        sign_in_url=absolute(reverse("account_request_login_code")),
        first_module=first.title,
        opens_at=placed.opens_at,
        is_open=standing.timeline.is_open(first.key, now),
    )


def _sign_off(order: Order) -> SignOffNote:
    sign_off, enrollment, standing = order.sign_off, order.delivery.enrollment, order.standing
    if sign_off is None or enrollment is None or standing is None:
        raise ValueError("A request to confirm a practice belongs to an enrollment.")
    step = standing.outline.steps_by_key.get(sign_off.step_key)
    return SignOffNote(
        learner=enrollment.user.name or enrollment.user.email,
        step_title=step.title if step is not None else sign_off.step_key,
        sign_off_url=absolute(reverse("sign-off", args=[sign_off_token(sign_off)])),
        until=sign_off.expires_at,
    )


def _check_in(order: Order) -> CheckInNote:
    plan = order.commitment
    if plan is None:
        raise ValueError("A check-in belongs to a commitment.")
    page = absolute(reverse("check-in", args=[plan.uuid]))

    def answer_url(answer: str) -> str:
        return f"{page}?answer={answer}"

    return CheckInNote(
        cue=plan.cue,
        response=plan.response,
        made_at=plan.made_at,
        journey=_journey(order),
        answer_urls=(answer_url(Answer.HAPPENED), answer_url(Answer.NOT_YET), answer_url(Answer.DID_NOT_COME_UP)),
    )
