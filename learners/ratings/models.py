"""A learner's own ratings."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Delete, PersonalData
from content.kinds.self_rating import OCCASION_LABELS, OCCASIONS
from content.skills.models import BehaviorIndicator, RatingLevel
from learners.cohorts.models import Enrollment


class Rating(models.Model):
    """
    One learner, one behavior, one level, one day, one occasion. Unique per (enrollment, step_key, indicator).

    indicator and level are the wording of that day: both never change, so a rating keeps the anchors it was given on.
    step_key is the step that asked. Given by the learner about themselves and read by nobody else: there is no
    visible_to, only the person's own.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="ratings")
    step_key = models.SlugField(max_length=64)
    indicator = models.ForeignKey(
        BehaviorIndicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("behavior")
    )
    level = models.ForeignKey(RatingLevel, on_delete=models.PROTECT, related_name="+", verbose_name=_("level"))
    occasion = models.CharField(_("occasion"), max_length=10, choices=OCCASION_LABELS)
    rated_at = models.DateTimeField(_("rated"))

    PERSONAL_DATA = PersonalData(about=(About("enrollment__user", erase=Delete()),))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "step_key", "indicator"], name="rating_once"),
            models.CheckConstraint(condition=models.Q(occasion__in=OCCASIONS), name="rating_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.step_key} {self.occasion} {self.uuid}"
