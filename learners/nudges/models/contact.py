"""Whom we may not write to, and how much a person was already told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.support.personal_data import About, Cut, Delete, PersonalData
from learners.nudges.addresses import known_hashes


def _of_address(person: User) -> Q:
    return Q(address_hash__in=known_hashes(person.email))


class Suppression(models.Model):
    """
    An address that nothing is sent to any more, because it does not exist or its owner complained.

    Unique per (address_hash, category); category empty = everything. The address is kept as a keyed hash alone, and the
    row belongs to no organization: a dead mailbox is dead for all. An operator lifts it by deleting the row.
    """

    address_hash = models.CharField(max_length=64)
    category = models.CharField(_("category"), max_length=16, blank=True)
    cause = models.CharField(_("cause"), max_length=32)
    detail = models.CharField(_("in words"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("since"))

    PERSONAL_DATA = PersonalData(
        about=(
            About(
                "address_hash",
                erase=Cut({"detail": ""}),
                export=("category", "cause", "detail", "created_at"),
                find=_of_address,
            ),
        ),
        why="Nobody may be written to who asked not to be; the keyed hash that stays cannot be read.",
    )

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [models.UniqueConstraint(fields=["address_hash", "category"], name="suppression_once")]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]} {self.cause}"


class ContactBudget(models.Model):
    """
    How many messages a person got in one period: a local day ("2027-03-04") or an ISO week ("2027-W09").

    Unique per (user, period). Over all journeys and organizations. Spent at intent by one conditional upsert, so that
    racing workers never go over the cap; given back when the channel refuses. Personal data, deleted with the person.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=10)
    used = models.PositiveSmallIntegerField(default=0)

    PERSONAL_DATA = PersonalData(about=(About("user", erase=Delete()),))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "period"], name="contact_budget_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.period}: {self.used}"
