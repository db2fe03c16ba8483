"""Keys for other tools, and the memory of their repeated writes."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from config.accounts.models.organization import Organization
from config.accounts.models.user import User
from config.support.personal_data import About, Cut, Delete, PersonalData


def _ended(now: datetime) -> Coalesce:
    return Coalesce(F("revoked_at"), Value(now))


def _own_requests(person: User) -> Q:
    return Q(caller=f"user:{person.uuid}")


class ApiKey(models.Model):
    """
    A secret that speaks for one organization, with scopes and an expiry.

    The secret is shown once; kept are its first characters and the SHA-256 of the whole (it has 256 random bits, so a
    slow hash would add cost and no safety). last_used_at is written at most once a minute. Limits to single cohorts are
    rows in learners.cohorts. No personal data but the name of who made it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("starts with"), max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    PERSONAL_DATA = PersonalData(
        about=(About("created_by", erase=Cut({"revoked_at": _ended}), export=("name", "created_at", "expires_at")),),
        why="Whoever made a key has seen its secret, so it ends with them.",
    )

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class ClientOrganization(models.Model):
    """
    Which organization an OAuth2 client speaks for. A client without a row here gets tokens that open nothing.

    client_id names allauth's Client; no foreign key, because allauth's tables come after ours (they point at User).
    uuid names the caller in logs and idempotency. No personal data but who made it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_id = models.CharField(_("client"), max_length=100, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_clients")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    PERSONAL_DATA = PersonalData(
        about=(About("created_by", erase=Delete(), export=("client_id", "created_at")),),
        why="Without this row a client opens nothing; whoever made it has seen its secret.",
    )

    class Meta:
        verbose_name = _("OAuth client of an organization")
        verbose_name_plural = _("OAuth clients of organizations")

    def __str__(self) -> str:
        return self.client_id


class IdempotentRequest(models.Model):
    """
    The first answer to a write that carried an Idempotency-Key, kept for 24 hours.

    Unique per (caller, key): caller is "key:<uuid>", "client:<uuid>" or "user:<uuid>", so that nobody can read
    another's answer. fingerprint is the SHA-256 of method, path and body. The row is written in the transaction of the
    write, so it exists when and only when the write does; status is empty while that transaction runs.
    """

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    PERSONAL_DATA = PersonalData(
        about=(About("caller", erase=Delete(), export=("created_at", "status"), find=_own_requests),),
        why="Kept for 24 hours. Answers to others that name the person are found by their words.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="idempotent_request_once")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
