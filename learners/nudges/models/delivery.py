"""Planned messages and what became of them."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import About, Cut, PersonalData
from learners.cohorts.models import Cohort, Enrollment


class Channel(models.TextChoices):
    """Where a message arrives."""

    EMAIL = "email", _("E-mail")
    IN_APP = "in-app", _("In the app")


class DeliveryState(models.TextChoices):
    """
    The fate of one message. Open: planned, claimed, sending, retry. Final: sent, suppressed, failed, unknown.

    claimed: a worker holds it and has sent nothing. sending: the intent is written, bytes may be on their way.
    unknown: a worker died in `sending`, and the category prefers a missing message to a doubled one.
    """

    PLANNED = "planned", _("Planned")
    CLAIMED = "claimed", _("Claimed")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Waiting to try again")
    SENT = "sent", _("Sent")
    SUPPRESSED = "suppressed", _("Not sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")


WAITING = (DeliveryState.PLANNED, DeliveryState.RETRY)
HELD = (DeliveryState.CLAIMED, DeliveryState.SENDING)
OPEN = (*WAITING, *HELD)


class NudgeDeliveryQuerySet(models.QuerySet["NudgeDelivery"]):
    """Deliveries that an actor may see."""

    def visible_to(self, actor: Actor) -> "NudgeDeliveryQuerySet":
        """
        Return the deliveries of the actor's organization (cut to the key's cohorts) for an administrator or a key, and
        a person's own for everybody else.
        """
        deliveries = self.filter(organization_id=actor.organization_id)
        if actor.cohort_ids is not None:
            deliveries = deliveries.filter(cohort_id__in=actor.cohort_ids)
        if actor.is_person and not actor.is_administrator:
            deliveries = deliveries.filter(recipient_id=actor.user_id)
        return deliveries


_WORDLESS: Final = Cut(
    {"text": "", "why": "", "detail": "", "target": "", "message_id": "", "provider_id": "", "read_at": None}
)
_TOLD: Final = (
    *("enrollment", "rule_key", "subject", "channel", "category", "text", "why", "state", "reason", "detail"),
    *("due_at", "planned_at", "sent_at", "ended_at", "read_at", "message_id"),
)


class NudgeDelivery(models.Model):
    """
    One message on one channel, from its plan to its end. Unique by dedupe; uuid is derived from it, so that the same
    message has the same Message-ID whatever happens in between.

    dedupe: scope | recipient uuid | rule_key | subject | anchor | nominal local occurrence | channel; never row ids.
    reason: the guard or the error that decided, stable; detail: the same in words. On a waiting row: why it waits.
    text: the designer's wording chosen at plan; turn counts wordings of one rule. target: the step the button opens.
    arm: the trial arm, drawn once at plan ("" = no trial). spent_on: the local day whose budget this message used up; a
    message on two channels uses it once. lease_*: whose hands it is in. In-app messages are these very rows (read_at).
    Written by plan, dispatch and reap alone. Personal data: who was told what and when; the address is not kept here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.CASCADE, related_name="nudge_deliveries")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    scope = models.UUIDField()
    rule_key = models.CharField(_("rule"), max_length=64)
    subject = models.CharField(_("subject"), max_length=130, blank=True)
    anchor = models.CharField(max_length=64, blank=True)
    occurrence = models.CharField(_("nominal local time"), max_length=32)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    dedupe = models.CharField(max_length=450, editable=False)
    category = models.CharField(_("category"), max_length=16)
    priority = models.PositiveSmallIntegerField(default=5)
    text = models.TextField(_("text"), blank=True)
    turn = models.PositiveIntegerField(default=0)
    target = models.CharField(max_length=64, blank=True)
    why = models.CharField(_("why this person gets it"), max_length=400, blank=True)
    arm = models.CharField(_("trial arm"), max_length=10, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PLANNED)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    detail = models.CharField(_("in words"), max_length=400, blank=True)
    due_at = models.DateTimeField(_("due"))
    send_after = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("of no use after"))
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    message_id = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    spent_on = models.DateField(null=True)
    planned_at = models.DateTimeField(_("planned"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NudgeDeliveryQuerySet.as_manager()
    PERSONAL_DATA = PersonalData(
        about=(
            About("recipient", erase=_WORDLESS, export=_TOLD),
            # A request to confirm a practice goes to somebody else and names the learner.
            About("enrollment__user", erase=_WORDLESS, export=()),
        ),
        why="What became of a message is counted for cohorts and trials; its words and addresses go.",
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            # Not unique=True, which on PostgreSQL keeps a second index of these long keys for searches by prefix.
            models.UniqueConstraint(fields=["dedupe"], name="nudge_delivery_once"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="nudge_delivery_state"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="nudge_delivery_channel"),
            models.CheckConstraint(
                condition=~models.Q(state__in=HELD) | models.Q(lease_until__isnull=False, lease_token__isnull=False),
                name="nudge_delivery_held_has_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="nudge_delivery_sent_has_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["suppressed", "failed", "unknown"]) | ~models.Q(reason=""),
                name="nudge_delivery_unsent_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "send_after"],
                name="nudge_delivery_to_send",
                condition=models.Q(state__in=WAITING),
            ),
            models.Index(fields=["lease_until"], name="nudge_delivery_to_reap", condition=models.Q(state__in=HELD)),
            models.Index(fields=["recipient", "sent_at"], name="nudge_delivery_sent", condition=models.Q(state="sent")),
            models.Index(fields=["organization", "-id"], name="nudge_delivery_of_org"),
            # What ended lately is counted every few seconds, however much has ended before.
            models.Index(
                fields=["ended_at", "state"],
                name="nudge_delivery_ended",
                condition=models.Q(ended_at__isnull=False),
            ),
            # A cohort's summary counts what became of its messages; only ended ones are in it, and those never change.
            models.Index(
                fields=["cohort", "state", "reason"],
                name="nudge_delivery_outcomes",
                condition=models.Q(state__in=["sent", "suppressed", "failed", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_key} {self.channel} {self.state}"


class DeliveryEventKind(models.TextChoices):
    """What happened to a message on its way; the last three come from a mail provider."""

    HELD = "held", _("Held back for now")
    TRIED = "tried", _("Tried, to be tried again")
    REFUSED = "refused", _("Refused for good")
    REAPED = "reaped", _("Its worker stopped")
    LATE = "late", _("Found to be sent after all")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Reported as unwanted")


_WORDLESS_EVENT: Final = Cut({"detail": "", "provider_event_id": None})


class DeliveryEvent(models.Model):
    """
    One thing that happened to a delivery; append-only. Unique per (provider, provider_event_id) where one reported it.

    detail is words without addresses. Personal data through the delivery.
    """

    delivery = models.ForeignKey(NudgeDelivery, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=DeliveryEventKind)
    at = models.DateTimeField(_("when"))
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    detail = models.CharField(_("in words"), max_length=400, blank=True)
    provider = models.CharField(max_length=32, blank=True)
    provider_event_id = models.CharField(max_length=200, null=True)

    PERSONAL_DATA = PersonalData(
        about=(
            About("delivery__recipient", erase=_WORDLESS_EVENT, export=("kind", "at", "reason", "detail")),
            About("delivery__enrollment__user", erase=_WORDLESS_EVENT, export=()),
        )
    )

    class Meta:
        verbose_name = _("message event")
        verbose_name_plural = _("message events")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_event_id"], name="delivery_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
