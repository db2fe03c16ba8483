"""What a draft was before each edit, who edited it, and when."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import signed
from journeys.authoring.models.journey import JourneyVersion


class Act(models.TextChoices):
    """What an edit did, as its own words for it; what exactly changed is told by comparing the two states."""

    DESCRIBED = "described", _("Title, summary or length changed")
    AIMED = "aimed", _("Skills chosen")
    BEHAVIORS = "behaviors", _("Behaviors chosen")
    EVENTS = "events", _("Events named")
    EXPECTED = "expected", _("Expectations changed")
    MODULE_ADDED = "module-added", _("Module added")
    MODULE_CHANGED = "module-changed", _("Module changed")
    MODULE_MOVED = "module-moved", _("Module moved")
    MODULE_COPIED = "module-copied", _("Module copied")
    MODULE_REMOVED = "module-removed", _("Module removed")
    STEP_ADDED = "step-added", _("Step added")
    STEP_CHANGED = "step-changed", _("Step changed")
    STEP_MOVED = "step-moved", _("Step moved")
    STEP_COPIED = "step-copied", _("Step copied")
    STEP_REMOVED = "step-removed", _("Step removed")
    STEPS_CHANGED = "steps-changed", _("Several steps changed")
    STEPS_REMOVED = "steps-removed", _("Several steps removed")
    NUDGE_ADDED = "nudge-added", _("Nudge added")
    NUDGE_CHANGED = "nudge-changed", _("Nudge changed")
    NUDGE_MOVED = "nudge-moved", _("Nudge moved")
    NUDGE_COPIED = "nudge-copied", _("Nudge copied")
    NUDGE_REMOVED = "nudge-removed", _("Nudge removed")
    IMPORTED = "imported", _("Replaced by a bundle")
    RESTORED = "restored", _("Earlier state brought back")
    UNDONE = "undone", _("Last change undone")
    PUBLISHED = "published", _("Published")


class DraftEdit(models.Model):
    """
    One edit of a draft, with the state it began from. Append-only; unique per (version, number).

    number: how many edits the draft counted with this one. Acts that one click gathers are one edit, so that numbers
    have gaps. before: the draft as it stood (queries/history.py), with ids of immutable rows in place of wordings; the
    state after an edit is what the next one began from. It is emptied once the edit is old (actions/history.py); who,
    when and what stay. act: one of Act. lost: the keys
    that the edit before this one took away, so that they are never given again.
    """

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=24, blank=True)
    # The database's own clock signs what a script does without saying when.
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True)
    lost = models.JSONField(default=list)

    PERSONAL_DATA = signed("made_by")

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="draft_edit_once")]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.number}"

    @property
    def words(self) -> str:
        """What the edit did, in words of its own."""
        return str(Act(self.act).label) if self.act in Act else gettext("Changed")
