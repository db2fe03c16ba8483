"""Which days an organization works, where that is not simply what a country does."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.models import Organization
from config.support.personal_data import NOTHING_PERSONAL


class Base(models.TextChoices):
    """Whose public holidays and weekends a calendar begins with."""

    LEARNER = "learner", _("The country where each learner is")
    COUNTRY = "country", _("One country for everybody")
    NONE = "none", _("No public holidays")


class OrganizationCalendarQuerySet(models.QuerySet["OrganizationCalendar"]):
    """Calendars of one organization."""

    def visible_to(self, actor: Actor) -> "OrganizationCalendarQuerySet":
        return self.filter(organization_id=actor.organization_id)


class OrganizationCalendar(models.Model):
    """
    A calendar that cohorts of an organization can choose. Unique per (organization, name).

    country: ISO 3166, with a part where wanted (DE-BY); only with the base COUNTRY. weekend: the weekdays that are
    off, Monday = 0; None = those of the base. exceptions: [{on, works, reason}] in the order of the dates, each date
    once. No personal data.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="calendars")
    name = models.CharField(_("name"), max_length=100)
    base = models.CharField(_("public holidays of"), max_length=8, choices=Base, default=Base.LEARNER)
    country = models.CharField(_("country"), max_length=8, blank=True)
    weekend = models.JSONField(_("weekend"), null=True, blank=True)
    exceptions = models.JSONField(_("exceptions"), default=list, blank=True)
    updated_at = models.DateTimeField()

    objects = OrganizationCalendarQuerySet.as_manager()
    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="calendar_once"),
            models.CheckConstraint(
                condition=models.Q(base="country", country__gt="") | models.Q(~models.Q(base="country"), country=""),
                name="calendar_country_where_named",
            ),
        ]

    def __str__(self) -> str:
        return self.name
