"""If-then plans, and whether the moment came."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Delete, PersonalData
from learners.cohorts.models import Enrollment


class Commitment(models.Model):
    """
    An if-then plan: a moment the learner can see coming, and what they will do then. Unique per (enrollment, step_key).

    check_in_at: when we ask whether the moment came; empty = not asked. Read by its author alone. Personal data.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="commitments")
    step_key = models.SlugField(max_length=64)
    cue = models.CharField(_("if"), max_length=300)
    response = models.CharField(_("then I will"), max_length=300)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    check_in_at = models.DateTimeField(null=True)

    PERSONAL_DATA = PersonalData(about=(About("enrollment__user", erase=Delete(), texts=("cue", "response")),))

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [models.UniqueConstraint(fields=["enrollment", "step_key"], name="commitment_once")]

    def __str__(self) -> str:
        return f"{self.step_key} {self.uuid}"


class Answer(models.TextChoices):
    """The three full answers to a check-in."""

    HAPPENED = "happened", _("It happened")
    NOT_YET = "not_yet", _("Not yet")
    DID_NOT_COME_UP = "did_not_come_up", _("It didn’t come up")


class CheckIn(models.Model):
    """Did the moment come, and did you do it? Append-only; the newest answer counts. The note is the author's alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="check_ins")
    answer = models.CharField(max_length=16, choices=Answer)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(about=(About("commitment__enrollment__user", erase=Delete(), texts=("note",)),))

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        indexes = [models.Index(fields=["commitment", "answered_at"], name="check_in_order")]

    def __str__(self) -> str:
        return self.answer
