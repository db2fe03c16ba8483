"""Organizations and who belongs to them."""

import secrets
import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.models.user import validate_zone
from config.support.personal_data import NOTHING_PERSONAL, About, Cut, Delete, PersonalData

_ROLES: Final = ("is_administrator", "is_designer", "is_learner")


def new_salt() -> str:
    """Return 32 random hex digits: the organization's part of every trial draw."""
    return secrets.token_hex(16)


class Organization(models.Model):
    """
    A tenant: every root row belongs to exactly one. Nobody sees another organization's rows.

    time_zone is the fallback for a person without one. salt draws trial arms and never changes. No personal data.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("short name"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """
    One person in one organization, with roles there and a line manager.

    Unique per (person, organization) and per (organization, external_id). A learner has no flag: every member may be
    enrolled. Personal data: who works where and for whom; exported, erased with the person.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    is_active = models.BooleanField(_("active"), default=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_designer = models.BooleanField(_("designer"), default=False)
    is_learner = models.BooleanField(_("learner"), default=True)
    external_id = models.CharField(_("id in your HR system"), max_length=128, null=True, blank=True)
    manager = models.ForeignKey(
        "self",
        verbose_name=_("line manager"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    PERSONAL_DATA = PersonalData(
        about=(
            About("user", erase=Delete(), export=("organization", "is_active", *_ROLES, "external_id", "created_at")),
            About("manager__user", erase=Cut({"manager": None}), export=()),
        )
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once"),
            models.UniqueConstraint(fields=["organization", "external_id"], name="membership_external_id"),
            models.CheckConstraint(condition=~models.Q(manager=models.F("id")), name="membership_own_manager"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
