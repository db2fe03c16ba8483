"""The thing a designer owns, and its versions."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import NOTHING_PERSONAL, signed
from content.skills.models import BehaviorIndicator, Skill


class JourneyQuerySet(models.QuerySet["Journey"]):
    """Journeys of one organization; people who neither design nor administer reach them through their cohorts."""

    def visible_to(self, actor: Actor) -> "JourneyQuerySet":
        return self.filter(organization_id=actor.organization_id)


class Journey(models.Model):
    """
    A designed sequence over weeks that aims at named skills.

    Unique by key in its organization; the key never changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="journeys")
    key = models.SlugField(_("key"), max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = JourneyQuerySet.as_manager()
    PERSONAL_DATA = signed("created_by")

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="journey_key_once")]

    def __str__(self) -> str:
        return self.key


class VersionStatus(models.TextChoices):
    """A version is drafted, published once, and later retired; it never goes back."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class JourneyVersionQuerySet(models.QuerySet["JourneyVersion"]):
    """Versions of one organization's journeys."""

    def visible_to(self, actor: Actor) -> "JourneyVersionQuerySet":
        return self.filter(journey__organization_id=actor.organization_id)


class JourneyVersion(models.Model):
    """
    One state of a journey: the draft, or an immutable published snapshot.

    Unique per (journey, number); at most one draft a journey. Once published, no row below it changes: actions refuse,
    and each step has pinned its revision. edits counts the edits of a draft, to notice two designers at once.
    findings: what the checks said on the day it was published, each with the fields of publishing's Finding; the checks
    may say more today. publish_note is the reason given for them. events: what happens outside the journey and rules
    wait for, each {key, title}.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=16, default="en")
    license = models.CharField(_("license"), max_length=64, blank=True)
    weeks = models.PositiveSmallIntegerField(_("weeks"), default=8)
    events = models.JSONField(_("events"), default=list, blank=True)
    expectations = models.JSONField(_("expectations"), default=list, blank=True)
    edits = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    publish_note = models.TextField(_("what changed, and why"), blank=True)
    findings = models.JSONField(_("noted when published"), null=True, editable=False)

    objects = JourneyVersionQuerySet.as_manager()
    PERSONAL_DATA = signed("created_by", "published_by")

    class Meta:
        verbose_name = _("journey version")
        verbose_name_plural = _("journey versions")
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="version_once"),
            models.UniqueConstraint(fields=["journey"], condition=models.Q(status="draft"), name="version_one_draft"),
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at__isnull=True)
                | models.Q(~models.Q(status="draft"), published_at__isnull=False),
                name="version_published_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT


class VersionSkill(models.Model):
    """A skill that the version aims at, with its weight (1 to 3)."""

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveIntegerField(default=0)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("skill of the journey")
        verbose_name_plural = _("skills of the journey")
        constraints = [
            models.UniqueConstraint(fields=["version", "skill"], name="version_skill_once"),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 3)), name="version_skill_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.weight})"


class VersionIndicator(models.Model):
    """A behavior that the version makes visible, in one pinned wording."""

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(BehaviorIndicator, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("behavior of the journey")
        verbose_name_plural = _("behaviors of the journey")
        constraints = [models.UniqueConstraint(fields=["version", "indicator"], name="version_indicator_once")]

    def __str__(self) -> str:
        return str(self.indicator)
