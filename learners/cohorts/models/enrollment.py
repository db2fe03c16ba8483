"""One person in one cohort, with the roll-up of what they have done."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Membership
from config.support.personal_data import About, Cut, Keep, PersonalData
from journeys.authoring.models import JourneyVersion
from learners.cohorts.models.cohort import Cohort, CohortStaff


class EnrollmentStatus(models.TextChoices):
    """Where a person stands in a cohort."""

    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    """Enrollments that an actor may see: their own, or those of the cohorts they run."""

    def of_learner(self, actor: Actor) -> "EnrollmentQuerySet":
        """Return the actor's own enrollments in the active organization; none for a key."""
        if actor.user_id is None:
            return self.none()
        return self.filter(cohort__organization_id=actor.organization_id, user_id=actor.user_id)

    def visible_to(self, actor: Actor) -> "EnrollmentQuerySet":
        """
        Return enrollments of cohorts that the actor runs (all of the organization for an administrator or a key, the
        key's cohorts where it is limited), and for a person also their own and those of their direct reports.
        """
        enrollments = self.filter(cohort__organization_id=actor.organization_id)
        if actor.cohort_ids is not None:
            enrollments = enrollments.filter(cohort_id__in=actor.cohort_ids)
        if actor.user_id is not None and not actor.is_administrator:
            runs = CohortStaff.objects.filter(cohort=models.OuterRef("cohort"), user_id=actor.user_id)
            # No join: a person with memberships in two organizations would be listed twice.
            reports = Membership.objects.filter(
                user=models.OuterRef("user"),
                organization_id=actor.organization_id,
                is_active=True,
                manager__user_id=actor.user_id,
            )
            enrollments = enrollments.filter(
                models.Exists(runs) | models.Q(user_id=actor.user_id) | models.Exists(reports)
            )
        return enrollments


class Enrollment(models.Model):
    """
    One person in one cohort, on one version. Unique per (cohort, person, attempt_no).

    status: see EnrollmentStatus. completed_at is set once and stays. starts_on is the person's own start; empty = the
    cohort's. The roll-up (required … module_states) repeats what completions say and is written in their transaction;
    `manage.py rebuild_progress` recomputes it. Instants only: "behind" is next_due_at < now, computed by reads.
    needs_arming asks the nudge engine to look again. revision counts every write of the row, for ETags.
    module_states: {module key: locked | open | started | practiced | evidence | completed}, for the board.
    Personal data: exported whole; erased by cutting the person (see people.actions).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrollments", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments", db_index=False
    )
    attempt_no = models.PositiveSmallIntegerField(_("attempt"), default=1)
    version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="enrollments")
    status = models.CharField(_("status"), max_length=12, choices=EnrollmentStatus, default=EnrollmentStatus.INVITED)
    starts_on = models.DateField(_("own start"), null=True, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled"))
    joined_at = models.DateTimeField(_("first seen"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    required = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    practiced = models.PositiveIntegerField(_("practiced"), default=0)
    current_module = models.CharField(_("current module"), max_length=64, blank=True)
    current_position = models.PositiveSmallIntegerField(default=0)
    module_states = models.JSONField(default=dict)
    last_activity_at = models.DateTimeField(_("last did something"), null=True)
    next_opens_at = models.DateTimeField(_("something opens next"), null=True)
    next_due_at = models.DateTimeField(_("next last day"), null=True)
    needs_arming = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    objects = EnrollmentQuerySet.as_manager()
    PERSONAL_DATA = PersonalData(
        about=(About("user", erase=Keep("Counts stay true; it is withdrawn first, and then names nobody.")),)
    )

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user", "attempt_no"], name="enrollment_once"),
            models.CheckConstraint(condition=models.Q(attempt_no__gte=1), name="enrollment_attempt_from_one"),
            models.CheckConstraint(
                condition=models.Q(completed__lte=models.F("required")), name="enrollment_completed_within_required"
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "id"], name="enrollment_cohort_page"),
            models.Index(fields=["cohort", "updated_at"], name="enrollment_cohort_updated"),
            models.Index(fields=["user", "status"], name="enrollment_of_person"),
            # The summary of a cohort reads this index alone: a pass over the rows themselves takes four times as long.
            models.Index(
                fields=[
                    "cohort",
                    "status",
                    "version",
                    "current_position",
                    "required",
                    "completed",
                    "practiced",
                    "next_due_at",
                    "revision",
                    "updated_at",
                ],
                name="enrollment_cohort_summary",
            ),
            # The arm loop asks for these and nothing else; without the condition it would read every enrollment.
            models.Index(fields=["id"], name="enrollment_to_arm", condition=models.Q(needs_arming=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.cohort_id}"


class AdjustmentKind(models.TextChoices):
    """What staff may adjust for one person. All but leaving and coming back are facts given to the schedule."""

    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Resume")
    SHIFT = "shift", _("Shift dates")
    EXTEND = "extend", _("Extend a due date")
    EXEMPT = "exempt", _("Exempt from a step")
    RELEASE = "release", _("Release by hand")
    EVENT = "event", _("Record an event")
    WITHDRAW = "withdraw", _("Withdrawal")
    REINSTATE = "reinstate", _("Return")


class EnrollmentAdjustment(models.Model):
    """
    One adjustment; append-only, so that the history of a person's dates can be told.

    key: for extend, exempt and release a module key or MODULE/STEP ("" in extend = all), for event its key.
    days: for shift. until_on: for extend. Personal data through the enrollment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="adjustments")
    kind = models.CharField(_("adjustment"), max_length=12, choices=AdjustmentKind)
    key = models.CharField(_("module or step"), max_length=130, blank=True)
    days = models.SmallIntegerField(_("days"), null=True)
    until_on = models.DateField(_("new last day"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    effective_at = models.DateTimeField(_("from"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by")
    )

    PERSONAL_DATA = PersonalData(
        about=(About("enrollment__user", erase=Cut({"reason": ""})),),
        signed_by=("recorded_by",),
    )

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        indexes = [models.Index(fields=["enrollment", "id"], name="adjustment_order")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="shift") | models.Q(days__isnull=False), name="adjustment_shift_has_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="extend") | models.Q(until_on__isnull=False), name="adjustment_extend_has_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
