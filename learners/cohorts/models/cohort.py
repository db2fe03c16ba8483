"""People who run one version under one start rule, and their staff."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import ApiKey, Organization
from config.accounts.models.user import validate_zone
from config.support.personal_data import NOTHING_PERSONAL, About, Cut, Delete, PersonalData
from journeys.authoring.models import JourneyVersion, OrganizationCalendar


class Clock(models.TextChoices):
    """Shared dates: everyone starts on the cohort's date. Individual: each person has an own start."""

    SHARED = "shared", _("Shared dates")
    INDIVIDUAL = "individual", _("Individual dates")


class ZoneRule(models.TextChoices):
    """Whose local time the hours of a rule mean."""

    LEARNER = "learner", _("Each learner's own time zone")
    COHORT = "cohort", _("The cohort's time zone")


class CohortQuerySet(models.QuerySet["Cohort"]):
    """Cohorts that an actor may see as staff, as administrator, or through a key."""

    def visible_to(self, actor: Actor) -> "CohortQuerySet":
        """
        Return the cohorts of the actor's organization that they run, all for an administrator, the key's for a key.

        A learner sees no cohort here: their own enrollment is reached through Enrollment.
        """
        cohorts = self.filter(organization_id=actor.organization_id)
        if actor.cohort_ids is not None:
            cohorts = cohorts.filter(id__in=actor.cohort_ids)
        if actor.user_id is not None and not actor.is_administrator:
            cohorts = cohorts.filter(
                models.Exists(CohortStaff.objects.filter(cohort=models.OuterRef("pk"), user_id=actor.user_id))
            )
        return cohorts


class Cohort(models.Model):
    """
    People who run a version together. version is the default for new people; Enrollment.version is the truth.

    country names the holiday calendar (ISO 3166 alpha-2); empty = the public holidays of each learner's zone's country.
    calendar: one of the organization's in place of country. days_off are extra dates (ISO) on which nothing is counted.
    happened: when the journey's events took place for everybody here, key → ISO instant. No personal data.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="cohorts")
    version = models.ForeignKey(JourneyVersion, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=200)
    clock = models.CharField(_("clock"), max_length=12, choices=Clock, default=Clock.SHARED)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    zone_rule = models.CharField(_("hours are in"), max_length=8, choices=ZoneRule, default=ZoneRule.LEARNER)
    country = models.CharField(_("holiday calendar"), max_length=2, blank=True)
    days_off = models.JSONField(_("extra days off"), default=list, blank=True)
    # RESTRICT and not PROTECT: with its whole organization a calendar may go.
    calendar = models.ForeignKey(
        OrganizationCalendar,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="cohorts",
        verbose_name=_("work calendar"),
    )
    happened = models.JSONField(_("what took place"), default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CohortQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clock="individual") | models.Q(starts_on__isnull=False), name="cohort_shared_start"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="cohort_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffRole(models.TextChoices):
    """What a person does for one cohort."""

    FACILITATOR = "facilitator", _("Facilitator")
    MANAGER = "manager", _("Manager")


class CohortStaff(models.Model):
    """One person's role for one cohort. Unique per (cohort, person, role). Personal data: a work assignment."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cohort_roles")
    role = models.CharField(_("role"), max_length=12, choices=StaffRole)

    PERSONAL_DATA = PersonalData(about=(About("user", erase=Delete(), export=("cohort", "role")),))

    class Meta:
        verbose_name = _("staff")
        verbose_name_plural = _("staff")
        constraints = [models.UniqueConstraint(fields=["cohort", "user", "role"], name="cohort_staff_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class ApiKeyCohort(models.Model):
    """
    Limits an API key to a cohort; a key with no such row reaches every cohort of its organization.

    So a cohort cannot be deleted while a key is limited to it: the key would be let loose.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="cohort_limits")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("cohort limit of a key")
        verbose_name_plural = _("cohort limits of keys")
        constraints = [models.UniqueConstraint(fields=["api_key", "cohort"], name="api_key_cohort_once")]

    def __str__(self) -> str:
        return f"{self.api_key_id} → {self.cohort_id}"


class LiveSession(models.Model):
    """
    When and where a live_session step takes place for one cohort. Unique per (cohort, step_key).

    sequence counts changes, so that calendars replace the old entry.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="live_sessions")
    step_key = models.SlugField(_("step"), max_length=64)
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=50)
    place = models.CharField(_("place or link"), max_length=300, blank=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(
        about=(
            About("facilitator", erase=Cut({"facilitator": None}), export=("cohort", "step_key", "starts_at", "place")),
        )
    )

    class Meta:
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        constraints = [models.UniqueConstraint(fields=["cohort", "step_key"], name="live_session_once")]

    def __str__(self) -> str:
        return f"{self.step_key} {self.starts_at:%Y-%m-%d %H:%M}"
