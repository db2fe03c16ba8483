"""How a learner wants to be reached, and the mails that invite people."""

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.models import Membership
from config.support.personal_data import About, Delete, PersonalData


class Preferences(models.Model):
    """
    One person's quiet hours and pause; absent means the defaults below. All times are the person's own local times.

    quiet_from to quiet_until may cross midnight; equal values mean no quiet hours. quiet_days holds weekday numbers
    (0 = Monday) on which nothing is sent. Personal data, exported and deleted with the person.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    quiet_from = models.TimeField(_("quiet from"), default=time(19, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(8, 0))
    quiet_days = models.JSONField(_("quiet days"), default=list, blank=True)
    paused_until = models.DateTimeField(_("pause all messages until"), null=True, blank=True)
    theme = models.CharField(_("colors"), max_length=8, default="system")

    PERSONAL_DATA = PersonalData(about=(About("user", erase=Delete()),))

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"


class ChannelChoice(models.Model):
    """
    One person's choice for one category on one channel; absent means on. Unique per (person, category, channel).

    Written by the preferences page and by one-click unsubscribe. Personal data, exported and deleted with the person.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_choices")
    category = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(about=(About("user", erase=Delete()),))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "category", "channel"], name="channel_choice_once")]

    def __str__(self) -> str:
        return f"{self.category} {self.channel} {self.is_on}"


class MailState(models.TextChoices):
    """What became of one mail. A waiting one is tried again; unknown = the process ended while it was sent."""

    WAITING = "waiting", _("Waits to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    UNKNOWN = "unknown", _("Nobody knows whether it left")


class InvitationMail(models.Model):
    """
    One mail that invites a member to sign in for the first time; asking again makes another row.

    uuid is in the signed link, which works until expires_at or until the person has signed in. detail: what a mail
    server answered, without the address. Unique: one that waits or is being sent per membership. Written by
    people.actions. Personal data of the member; asked_by is whoever invited them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    detail = models.CharField(max_length=300, blank=True)

    PERSONAL_DATA = PersonalData(about=(About("membership__user", erase=Delete()),), signed_by=("asked_by",))

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="invitation_mail_one_under_way",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="invitation_mail_open", condition=models.Q(state__in=["waiting", "sending"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d}"
