"""The calendar of the engine: one row for each moment that may come."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import About, Delete, PersonalData
from learners.cohorts.models import Cohort, Enrollment


class Purpose(models.TextChoices):
    """What a due timer does: plan a message, or bring the roll-up up to date and send nothing."""

    NUDGE = "nudge", _("Message")
    OPENS = "opens", _("Something opens")
    DUE = "due", _("Something is due")


class NudgeTimerQuerySet(models.QuerySet["NudgeTimer"]):
    """Timers that an actor may see."""

    def visible_to(self, actor: Actor) -> "NudgeTimerQuerySet":
        """Return the timers of the actor's organization, cut to the key's cohorts; only an administrator sees any."""
        if actor.is_person and not actor.is_administrator:
            return self.none()
        timers = self.filter(organization_id=actor.organization_id)
        if actor.cohort_ids is not None:
            timers = timers.filter(cohort_id__in=actor.cohort_ids)
        return timers


class NudgeTimer(models.Model):
    """
    One armed moment of one person. Unique per (recipient, scope, purpose, rule_key, subject).

    scope: the enrollment's uuid, else the cohort's, else the organization's. subject: module, step or commitment key.
    anchor: the value the moment hangs on (an instant or a local date); occurrence: the nominal local time, in zone.
    due_at empty = not armed. fired_at: when (anchor, occurrence) was planned; arming never arms the same one again.
    repeats_days: the next occurrence is so many local days later, if not after until_at; 0 = it does not repeat.
    A stale timer is harmless: the first guard asks again. Written by arm, plan and fire alone. Personal data through
    the recipient: which reminders are waiting; deleted with the person.
    """

    # Every index of this table is written again whenever a timer moves, so it has those that are asked for alone.
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.CASCADE, related_name="nudge_timers")
    cohort = models.ForeignKey(Cohort, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    scope = models.UUIDField()
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.NUDGE)
    rule_key = models.CharField(_("rule"), max_length=64, blank=True)
    subject = models.CharField(_("subject"), max_length=130, blank=True)
    category = models.CharField(_("category"), max_length=16, blank=True)
    channels = models.JSONField(default=list)
    anchor = models.CharField(max_length=64, blank=True)
    occurrence = models.CharField(_("nominal local time"), max_length=32, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)
    expires_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    repeats_days = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(_("why"), max_length=400, blank=True)
    fired_at = models.DateTimeField(_("fired"), null=True)
    fault = models.CharField(_("fault"), max_length=300, blank=True)

    objects = NudgeTimerQuerySet.as_manager()
    PERSONAL_DATA = PersonalData(
        about=(
            About("recipient", erase=Delete(), export=("purpose", "rule_key", "subject", "category", "due_at", "why")),
            About("enrollment__user", erase=Delete(), export=()),
        )
    )

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "scope", "purpose", "rule_key", "subject"], name="nudge_timer_once"
            ),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="nudge_timer_purpose"),
            models.CheckConstraint(
                condition=~models.Q(purpose="nudge")
                | models.Q(due_at__isnull=True)
                | models.Q(expires_at__isnull=False),
                name="nudge_timer_expires",
            ),
        ]
        indexes = [
            # The plan loop reads the head of the first index, the fire loop that of the second; both cost O(due).
            models.Index(
                fields=["due_at"], name="nudge_timer_to_plan", condition=models.Q(due_at__isnull=False, purpose="nudge")
            ),
            models.Index(
                fields=["due_at"],
                name="nudge_timer_to_fire",
                condition=models.Q(due_at__isnull=False) & ~models.Q(purpose="nudge"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.rule_key} {self.subject}".strip()
