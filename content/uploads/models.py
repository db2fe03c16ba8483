"""Files between the page that takes them and the page that confirms."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import About, Delete, PersonalData


class Purpose(models.TextChoices):
    """What a held file is to become."""

    BUNDLE = "bundle", _("Journey bundle")
    SKILLS = "skills", _("Skills framework")


class HeldUploadQuerySet(models.QuerySet["HeldUpload"]):
    """Only whoever sent a file meets it again, in the same organization, and not for long."""

    def visible_to(self, actor: Actor) -> "HeldUploadQuerySet":
        return self.filter(organization_id=actor.organization_id, uploaded_by_id=actor.user_id)

    def held_at(self, now: datetime) -> "HeldUploadQuerySet":
        return self.filter(expires_at__gt=now)


class HeldUpload(models.Model):
    """
    A file that somebody sent and has not confirmed yet. Unique per (organization, person, purpose): a new one replaces
    the older one and has another uuid, so a page of the older one cannot confirm it.

    The bytes lie in the row and not in a file, so that they come and go with it and no process that dies leaves any.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = HeldUploadQuerySet.as_manager()
    PERSONAL_DATA = PersonalData(
        about=(About("uploaded_by", erase=Delete(), export=("purpose", "name", "uploaded_at")),),
        why="Kept for two hours at most, until its sender confirms or forgets it.",
    )

    class Meta:
        verbose_name = _("held upload")
        verbose_name_plural = _("held uploads")
        constraints = [
            models.UniqueConstraint(fields=["organization", "uploaded_by", "purpose"], name="held_upload_once")
        ]

    def __str__(self) -> str:
        return self.name
