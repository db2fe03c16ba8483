"""What stands in a version: modules, steps and nudge rules, in order."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import NOTHING_PERSONAL
from content.activities.models import Activity, ActivityRevision
from content.skills.models import Skill
from journeys.authoring.models.journey import JourneyVersion


class Module(models.Model):
    """
    An ordered part of a version with a skill focus. Unique per (version, key); the key is minted once and never reused.

    position orders, with gaps; equal positions fall back to id. opens and due are rule trees (docs/bundle.md) as
    validated JSON; empty means the default. why_* are the three conditions of transfer: capability, opportunity,
    motivation.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="modules")
    key = models.SlugField(_("key"), max_length=64)
    position = models.PositiveIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=200)
    outcome = models.CharField(_("you will be able to …"), max_length=300)
    why_capability = models.TextField(_("how it is practiced"), blank=True)
    why_opportunity = models.TextField(_("when it occurs at work"), blank=True)
    why_motivation = models.TextField(_("why it is worth it"), blank=True)
    opens = models.JSONField(_("opens"), null=True, blank=True)
    due = models.JSONField(_("due"), null=True, blank=True)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="module_key_once")]
        indexes = [models.Index(fields=["version", "position"], name="module_order")]

    def __str__(self) -> str:
        return self.title


class ModuleSkill(models.Model):
    """A skill that a module practices, with its weight, in the order the designer gave."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveIntegerField(default=0)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("skill of the module")
        verbose_name_plural = _("skills of the module")
        constraints = [models.UniqueConstraint(fields=["module", "skill"], name="module_skill_once")]

    def __str__(self) -> str:
        return str(self.skill)


class Serves(models.TextChoices):
    """What a step does for a skill."""

    KNOWS = "knows", _("Knows")
    PRACTICES = "practices", _("Practices")
    REFLECTS = "reflects", _("Reflects")
    EVIDENCE = "evidence", _("Evidence")


class Step(models.Model):
    """
    The ordered place of one activity in a module. Unique per (version, key): the key addresses it everywhere.

    version repeats the module's, so that the database can hold keys unique across the version. revision is empty in a
    draft (it follows the activity's newest) and pinned by publishing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="steps")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="steps")
    key = models.SlugField(_("key"), max_length=64)
    position = models.PositiveIntegerField(_("position"), default=0)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="steps")
    revision = models.ForeignKey(ActivityRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    serves = models.CharField(_("serves"), max_length=12, choices=Serves, default=Serves.KNOWS)
    required = models.BooleanField(_("required"), default=True)
    opens = models.JSONField(_("opens"), null=True, blank=True)
    due = models.JSONField(_("due"), null=True, blank=True)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="step_key_once")]
        indexes = [models.Index(fields=["module", "position"], name="step_order")]

    def __str__(self) -> str:
        return self.key


class NudgeRule(models.Model):
    """
    What message, at which moment, to whom, unless what. Unique per (version, key).

    trigger, wait and unless are trees (docs/bundle.md) as validated JSON; texts are wordings used in turn; channels are
    "email" and "in-app". category decides caps, crash policy and what an opt-out stops.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="nudge_rules")
    key = models.SlugField(_("key"), max_length=64)
    position = models.PositiveIntegerField(_("position"), default=0)
    category = models.CharField(_("category"), max_length=16)
    trigger = models.JSONField(_("trigger"))
    wait = models.JSONField(_("wait"), null=True, blank=True)
    unless = models.JSONField(_("unless"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list)
    texts = models.JSONField(_("texts"), default=list)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("nudge rule")
        verbose_name_plural = _("nudge rules")
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="nudge_rule_key_once")]

    def __str__(self) -> str:
        return self.key
