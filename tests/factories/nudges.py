"""Rows of the nudge engine: one factory a model, no surprises. Tests of the loops call the loops instead."""

import uuid
from datetime import UTC, datetime, timedelta

import factory

from learners.nudges.models import ContactBudget, DeliveryEvent, NudgeDelivery, NudgeTimer, Suppression
from learners.nudges.rules.identity import dedupe_key, delivery_uuid

DUE_AT = datetime(2027, 3, 4, 15, tzinfo=UTC)


class NudgeTimerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NudgeTimer

    enrollment = factory.SubFactory("tests.factories.learners.EnrollmentFactory")
    recipient = factory.SelfAttribute("enrollment.user")
    cohort = factory.SelfAttribute("enrollment.cohort")
    organization = factory.SelfAttribute("enrollment.cohort.organization")
    scope = factory.SelfAttribute("enrollment.uuid")
    rule_key = factory.Sequence(lambda n: f"rule-{n}")
    category = "practice"
    channels = factory.LazyFunction(lambda: ["email"])
    anchor = "2027-03-04"
    occurrence = "2027-03-04T16:00"
    zone = "Europe/Paris"
    due_at = DUE_AT
    expires_at = DUE_AT + timedelta(hours=48)
    why = "every Thursday, at 16:00"


class NudgeDeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NudgeDelivery

    enrollment = factory.SubFactory("tests.factories.learners.EnrollmentFactory")
    recipient = factory.SelfAttribute("enrollment.user")
    cohort = factory.SelfAttribute("enrollment.cohort")
    organization = factory.SelfAttribute("enrollment.cohort.organization")
    scope = factory.SelfAttribute("enrollment.uuid")
    rule_key = factory.Sequence(lambda n: f"rule-{n}")
    subject = ""
    anchor = "2027-03-04"
    occurrence = "2027-03-04T16:00"
    channel = "email"
    dedupe = factory.LazyAttribute(
        lambda one: dedupe_key(
            scope=one.scope,
            recipient=one.recipient.uuid,
            rule_key=one.rule_key,
            subject=one.subject,
            anchor=one.anchor,
            occurrence=one.occurrence,
            channel=one.channel,
        )
    )
    uuid = factory.LazyAttribute(lambda one: delivery_uuid(one.dedupe))
    category = "practice"
    text = "What did you try this week?"
    why = "every Thursday, at 16:00"
    due_at = DUE_AT
    send_after = DUE_AT
    expires_at = DUE_AT + timedelta(hours=48)
    planned_at = DUE_AT


class DeliveryEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryEvent

    delivery = factory.SubFactory(NudgeDeliveryFactory)
    kind = "tried"
    at = DUE_AT


class SuppressionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suppression

    address_hash = factory.LazyFunction(lambda: uuid.uuid4().hex * 2)
    cause = "refused"
    created_at = DUE_AT


class ContactBudgetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactBudget

    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    period = "2027-03-04"
