"""What a learner does, in every wording it ever had."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import NOTHING_PERSONAL, signed


class ActivityQuerySet(models.QuerySet["Activity"]):
    """The library of one organization."""

    def visible_to(self, actor: Actor) -> "ActivityQuerySet":
        return self.filter(organization_id=actor.organization_id)


class Activity(models.Model):
    """
    The smallest thing a learner does. Its kind never changes; everything else is in its revisions.

    latest is the newest revision; drafts follow it, published steps keep the one they pinned.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=32)
    latest = models.ForeignKey("ActivityRevision", null=True, on_delete=models.PROTECT, related_name="+")
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField()

    objects = ActivityQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class ActivityRevision(models.Model):
    """
    One wording of an activity; never changed after it is written.

    body is Markdown, spec the kind's validated JSON in its version spec_version. Unique per (activity, number).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    topic = models.CharField(_("topic"), max_length=64, blank=True)
    body = models.TextField(_("text"), blank=True)
    spec = models.JSONField(_("settings of the kind"), default=dict)
    spec_version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    PERSONAL_DATA = signed("created_by", why="What designers write belongs to their organization.")

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="revision_once"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="revision_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class AssetQuerySet(models.QuerySet["Asset"]):
    """Files of one organization."""

    def visible_to(self, actor: Actor) -> "AssetQuerySet":
        return self.filter(organization_id=actor.organization_id)


class Asset(models.Model):
    """
    A file that activities show: image, video, captions. Unique per (organization, content), so a copy costs nothing.

    content_type is what the bytes were found to be, never what the upload claimed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="assets")
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="assets/")
    sha256 = models.CharField(max_length=64, editable=False)
    content_type = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    alt = models.CharField(_("what it shows"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = AssetQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="asset_once")]

    def __str__(self) -> str:
        return self.name


class RevisionAsset(models.Model):
    """Which asset a revision means by a path such as `assets/plan.png`."""

    revision = models.ForeignKey(ActivityRevision, on_delete=models.CASCADE, related_name="assets")
    path = models.CharField(max_length=200)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "path"], name="revision_asset_once")]

    def __str__(self) -> str:
        return self.path
