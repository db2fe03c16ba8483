"""What a learner did, and what of it counts."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Cut, Delete, Keep, PersonalData
from content.kinds.self_rating import OCCASION_LABELS, OCCASIONS
from content.skills.models import BehaviorIndicator, RatingLevel
from journeys.authoring.models import Step
from learners.cohorts.models import Enrollment


class How(models.TextChoices):
    """How a step came to be completed."""

    DONE = "done", _("Done")
    WAIVED = "waived", _("Waived")
    REPORTED = "reported", _("Reported by staff")


class Completion(models.Model):
    """
    The step's criterion was met: the one truth of progress. Unique per (enrollment, step_key), never deleted by us.

    step is the one it was earned under; step_key carries it across versions. completed_at and passed_at are two facts.
    recorded_by: who wrote it down; empty = another tool. Personal data through the enrollment.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="completions")
    step_key = models.SlugField(max_length=64)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(_("completed"))
    passed_at = models.DateTimeField(_("passed"), null=True)
    score_scaled = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    how = models.CharField(_("how"), max_length=10, choices=How, default=How.DONE)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(
        about=(About("enrollment__user", erase=Keep("Completions stay countable, without a name.")),),
        signed_by=("recorded_by",),
    )

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "step_key"], name="completion_once"),
            models.CheckConstraint(
                condition=models.Q(score_scaled__isnull=True) | models.Q(score_scaled__range=(-1, 1)),
                name="completion_score_scaled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_key} {self.completed_at:%Y-%m-%d}"


class AttemptState(models.TextChoices):
    """Started: more is to come. Waiting: for somebody else. Judged: finished."""

    STARTED = "started", _("Started")
    WAITING = "waiting", _("Waiting")
    JUDGED = "judged", _("Judged")


class Attempt(models.Model):
    """
    One go at a step, with the learner's answer. Unique per (enrollment, step_key, number).

    response is the kind's validated JSON in the kind's response_version; empty for kinds whose answer has a keeper of
    its own (reflections, commitments). passed, score_scaled: what the kind judged of this one attempt; NULL where it
    judges neither, and while nothing is judged. Personal data: practice reports are read by the learner and, on
    request, by the person who signs off, and by nobody else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="attempts")
    step_key = models.SlugField(max_length=64)
    number = models.PositiveSmallIntegerField(default=1)
    response = models.JSONField(default=dict, blank=True)
    response_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=AttemptState, default=AttemptState.STARTED)
    waiting_on = models.CharField(max_length=16, blank=True)
    passed = models.BooleanField(_("passed"), null=True)
    score_scaled = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(about=(About("enrollment__user", erase=Delete(), texts=("response",)),))

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "step_key", "number"], name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step_key} #{self.number}"


class ModuleOpening(models.Model):
    """A module opened for a person; no later change of dates takes it back. Unique per (enrollment, module)."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="openings")
    module_key = models.SlugField(max_length=64)
    opened_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(about=(About("enrollment__user", erase=Keep("As completions.")),))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "module_key"], name="module_opening_once")]

    def __str__(self) -> str:
        return self.module_key


class SignOffState(models.TextChoices):
    """What the asked person said."""

    ASKED = "asked", _("Asked")
    CONFIRMED = "confirmed", _("Confirmed")
    NOT_YET = "not_yet", _("Not yet")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_TIMES: Final = ("asked_at", "expires_at", "answered_at")


class SignOff(models.Model):
    """
    A learner asked one person to confirm a practice. Unique per attempt while it is asked.

    signer is a person without a log-in, or a colleague. One mail carries a signed link that expires at expires_at; the
    comment is read by the learner alone. shows_report: the learner ticked that the signer may read what they wrote;
    otherwise the page shows the situation and the steps only. Personal data of both people; erased with either.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="sign_offs")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="sign_offs")
    step_key = models.SlugField(max_length=64)
    asked_as = models.CharField(max_length=8)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shows_report = models.BooleanField(_("shows the report"), default=False)
    state = models.CharField(max_length=10, choices=SignOffState, default=SignOffState.ASKED)
    comment = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    PERSONAL_DATA = PersonalData(
        about=(
            About("enrollment__user", erase=Delete(), texts=("comment",)),
            # The practice stays confirmed; who confirmed it and their words go.
            About("signer", erase=Cut({"comment": ""}), export=("uuid", "step_key", "state", "comment", *_TIMES)),
        )
    )

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(fields=["attempt"], condition=models.Q(state="asked"), name="sign_off_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.step_key} {self.state}"


class Rating(models.Model):
    """
    One learner, one behavior, one level, one day, one occasion. Unique per (enrollment, step_key, indicator).

    indicator and level are the wording of that day: both never change, so a rating keeps the anchors it was given on.
    step_key is the step that asked. Given by the learner about themselves and read by nobody else: there is no
    visible_to, only the person's own. It stands in this room because release rules ask for it; giving and showing it is
    the business of the room of ratings.
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
