"""The log of who was moved from which version to which, by whom, and what was taken back."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.support.personal_data import NOTHING_PERSONAL, About, Keep, PersonalData, signed
from journeys.authoring.models import Journey, JourneyVersion
from learners.cohorts.models import Cohort, Enrollment


class Policy(models.TextChoices):
    """Whom a rollout moves."""

    KEEP = "keep", _("Nobody: everybody stays on their version")
    NOT_STARTED = "not_started", _("Those who have not started")
    EVERYONE = "everyone", _("Everybody who is under way")


class RolloutQuerySet(models.QuerySet["Rollout"]):
    """Rollouts of one organization's journeys."""

    def visible_to(self, actor: Actor) -> "RolloutQuerySet":
        return self.filter(journey__organization_id=actor.organization_id)


class Rollout(models.Model):
    """
    One decision about who moves to a version; append-only, and taking it back is a row of its own.

    journey repeats the version's, so that the database holds one unfinished rollout a journey. undoes: the rollout that
    this one takes back, at most once each. after_id: the last enrollment that was looked at, so that a batch goes on
    where a killed worker stopped. moved and stayed count people as they turned out.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="rollouts")
    version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="rollouts")
    policy = models.CharField(_("who moves"), max_length=12, choices=Policy)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    note = models.TextField(_("why"), blank=True)
    started_at = models.DateTimeField(_("when"))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)
    after_id = models.BigIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)

    objects = RolloutQuerySet.as_manager()
    PERSONAL_DATA = signed("started_by")

    class Meta:
        verbose_name = _("rollout")
        verbose_name_plural = _("rollouts")
        constraints = [
            models.UniqueConstraint(
                fields=["journey"], condition=models.Q(finished_at__isnull=True), name="rollout_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["journey", "-id"], name="rollout_log")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.policy}"


class CohortMove(models.Model):
    """A cohort that a rollout is about. Unique per (rollout, cohort). from_version: what new people would have got."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="cohorts")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    from_version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="+")

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollout", "cohort"], name="cohort_move_once")]

    def __str__(self) -> str:
        return f"{self.rollout_id} {self.cohort_id}"


class EnrollmentMove(models.Model):
    """
    One person was moved; append-only. Unique per (rollout, enrollment).

    opened: keys of the modules that opened through the move itself, which taking it back closes again where nothing was
    done in them.
    """

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="moves")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="moves")
    from_version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="+")
    opened = models.JSONField(default=list)
    moved_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(
        about=(About("enrollment__user", erase=Keep("It says which version was run, without a name.")),)
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollout", "enrollment"], name="enrollment_move_once")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.from_version_id} → {self.to_version_id}"
