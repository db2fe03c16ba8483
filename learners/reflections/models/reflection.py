"""A learner's own text."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Delete, PersonalData
from learners.cohorts.models import Enrollment


class Audience(models.TextChoices):
    """Who may read a text, besides its author."""

    PRIVATE = "private", _("Only you")
    FACILITATOR = "facilitator", _("You and your facilitators")
    COHORT = "cohort", _("You and your cohort")


class Reflection(models.Model):
    """
    A learner's own account. Unique per (enrollment, step_key).

    text is the only copy anywhere: no history, no event, no log holds it; whoever wants to read it passes can_read.
    saved_at empty = a draft, which nobody but the author can read whatever the audience says. revision counts saves, so
    that a second tab cannot overwrite a newer text unseen. Personal data of the most private kind.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="reflections")
    step_key = models.SlugField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reflections")
    prompt = models.TextField(blank=True)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.PRIVATE)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)

    PERSONAL_DATA = PersonalData(about=(About("author", erase=Delete(), texts=("prompt", "text")),))

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        constraints = [models.UniqueConstraint(fields=["enrollment", "step_key"], name="reflection_once")]
        indexes = [models.Index(fields=["author", "-changed_at"], name="reflection_of_author")]

    def __str__(self) -> str:
        return f"{self.step_key} {self.uuid}"
