"""Human skills, what they look like in behavior, and the steps of each behavior."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import NOTHING_PERSONAL, signed


class SkillFrameworkQuerySet(models.QuerySet["SkillFramework"]):
    """Built-in frameworks are everyone's; the rest belongs to one organization."""

    def visible_to(self, actor: Actor) -> "SkillFrameworkQuerySet":
        return self.filter(models.Q(organization__isnull=True) | models.Q(organization_id=actor.organization_id))


class SkillFramework(models.Model):
    """
    A versioned, licensed, sourced set of skills.

    organization empty = built in and read-only. A version in use never changes, so that ratings keep their anchors; one
    that came from a file (imported_at) never changes at all, and a newer file becomes a version of its own.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.SlugField(_("key"), max_length=64)
    version = models.CharField(_("version"), max_length=32, default="1")
    title = models.CharField(_("title"), max_length=200)
    source_uri = models.URLField(_("source"), blank=True)
    license = models.CharField(_("license"), max_length=200, blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True, editable=False)

    objects = SkillFrameworkQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("skill framework")
        verbose_name_plural = _("skill frameworks")
        constraints = [
            models.UniqueConstraint(fields=["organization", "key", "version"], name="framework_once"),
            models.UniqueConstraint(
                fields=["key", "version"], condition=models.Q(organization__isnull=True), name="framework_built_in_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class SkillQuerySet(models.QuerySet["Skill"]):
    """Skills of the frameworks that the actor may use."""

    def visible_to(self, actor: Actor) -> "SkillQuerySet":
        return self.filter(
            models.Q(framework__organization__isnull=True) | models.Q(framework__organization_id=actor.organization_id)
        )


class Skill(models.Model):
    """A human skill, stated so that it can be shown. Unique by key inside its framework."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(SkillFramework, on_delete=models.PROTECT, related_name="skills")
    key = models.SlugField(_("key"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    # What files of other frameworks say besides: one name a line, and words of their own vocabularies.
    other_names = models.TextField(_("alternative names"), blank=True)
    skill_type = models.CharField(_("type"), max_length=32, blank=True)
    reuse_level = models.CharField(_("reuse level"), max_length=32, blank=True)

    objects = SkillQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [models.UniqueConstraint(fields=["framework", "key"], name="skill_once")]

    def __str__(self) -> str:
        return self.title


class SkillAlignment(models.Model):
    """A pointer from a skill to an outside concept, with how well they match (exact, close, broad, related)."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="alignments")
    uri = models.CharField(_("URI"), max_length=300)
    label = models.CharField(_("label"), max_length=200, blank=True)
    match_type = models.CharField(_("match"), max_length=16, default="related")

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("alignment")
        verbose_name_plural = _("alignments")
        constraints = [models.UniqueConstraint(fields=["skill", "uri"], name="alignment_once")]

    def __str__(self) -> str:
        return f"{self.skill} → {self.label or self.uri}"


class BehaviorIndicatorQuerySet(models.QuerySet["BehaviorIndicator"]):
    """Built-in behaviors are everyone's; the rest belongs to one organization."""

    def visible_to(self, actor: Actor) -> "BehaviorIndicatorQuerySet":
        return self.filter(models.Q(organization__isnull=True) | models.Q(organization_id=actor.organization_id))


class BehaviorIndicator(models.Model):
    """
    One observable act that shows a skill in use, with its anchored levels.

    Never changed: new wording is a new revision, so that whatever was said against the old one keeps its words.
    organization empty = part of the built-in framework.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="indicators")
    key = models.SlugField(_("key"), max_length=64)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    text = models.CharField(_("behavior"), max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = BehaviorIndicatorQuerySet.as_manager()
    PERSONAL_DATA = signed("created_by")

    class Meta:
        verbose_name = _("behavior indicator")
        verbose_name_plural = _("behavior indicators")
        constraints = [
            models.UniqueConstraint(fields=["organization", "skill", "key", "revision"], name="indicator_once"),
            models.UniqueConstraint(
                fields=["skill", "key", "revision"],
                condition=models.Q(organization__isnull=True),
                name="indicator_built_in_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RatingLevel(models.Model):
    """One anchored step of an indicator: 1 is the lowest. The anchor is what a colleague could have seen."""

    indicator = models.ForeignKey(BehaviorIndicator, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField(_("level"))
    anchor = models.CharField(_("anchor"), max_length=300)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "level"], name="level_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1), name="level_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.level}. {self.anchor}"
