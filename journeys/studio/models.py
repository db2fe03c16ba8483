"""What designers have written in a form and not saved yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.support.personal_data import About, Delete, PersonalData
from journeys.authoring.models import JourneyVersion


class HeldForm(models.Model):
    """
    The entries of one designer in one form, as they were typed, valid or not. Unique per (version, user, place).

    It is no part of the draft: nobody else sees what it says, and saving or discarding ends it. place: the form's
    address below the version. edits: how many edits the page knew of. fields: name → every value sent under it.
    """

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)
    edits = models.PositiveIntegerField()
    fields = models.JSONField()
    held_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(about=(About("user", erase=Delete(), export=("place", "fields", "held_at")),))

    class Meta:
        verbose_name = _("entries not saved yet")
        verbose_name_plural = _("entries not saved yet")
        constraints = [models.UniqueConstraint(fields=["version", "user", "place"], name="held_form_once")]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.place}"
