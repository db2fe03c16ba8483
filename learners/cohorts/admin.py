"""The part of the admin that staff of cohorts work in: its door, its bases, and the limits of keys."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.accounts.actor import ADMINISTRATOR
from config.accounts.admin_access import OrganizationAdmin, operator
from config.accounts.session import actor_of
from config.support.admin import ReadOnlyAdmin
from learners.cohorts.models import ApiKeyCohort, Cohort
from learners.cohorts.queries import facilitated_by, runs_a_cohort


def works_with_cohorts(request: HttpRequest) -> bool:
    """Tell whether the person administers, or runs any cohort; at most one query a request."""
    actor = actor_of(request)
    if operator(request) or (actor is not None and actor.is_administrator):
        return True
    if not hasattr(request, "_waymark_runs_a_cohort"):
        request._waymark_runs_a_cohort = actor is not None and runs_a_cohort(actor)  # type: ignore[attr-defined]
    return bool(request._waymark_runs_a_cohort)  # type: ignore[attr-defined]


def cohorts_seen(request: HttpRequest) -> QuerySet[Cohort]:
    """Return the cohorts that the person may look at in the admin."""
    actor = actor_of(request)
    if operator(request):
        return Cohort.objects.all()
    return Cohort.objects.none() if actor is None else Cohort.objects.visible_to(actor)


def cohorts_led(request: HttpRequest) -> QuerySet[Cohort]:
    """Return the cohorts whose people the person may enroll and adjust."""
    actor = actor_of(request)
    if operator(request):
        return Cohort.objects.all()
    return Cohort.objects.none() if actor is None else facilitated_by(actor)


def leads_any(request: HttpRequest) -> bool:
    """Tell whether there is any cohort whose people the person may adjust; one query a request."""
    if not hasattr(request, "_waymark_leads_any"):
        request._waymark_leads_any = cohorts_led(request).exists()  # type: ignore[attr-defined]
    return bool(request._waymark_leads_any)  # type: ignore[attr-defined]


class StaffPage(OrganizationAdmin):
    """
    A page about cohorts or what is in them: everything for administrators, their own cohorts for staff.

    cohort_path: the way from the model to its cohort; "" = the model is the cohort.
    """

    cohort_path = "cohort"

    def may(self, request: HttpRequest, obj: Any = None) -> bool:
        return works_with_cohorts(request)

    def scoped(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        way = f"{self.cohort_path}__in" if self.cohort_path else "pk__in"
        return rows if operator(request) else rows.filter(**{way: cohorts_seen(request)})


class RecordPage(ReadOnlyAdmin, StaffPage):
    """Facts about people in cohorts, to be looked at by the staff of these cohorts."""


@admin.register(ApiKeyCohort)
class KeyLimitPage(OrganizationAdmin):
    """Limits of keys to single cohorts; a key without any reaches all cohorts of its organization."""

    roles = frozenset({ADMINISTRATOR})
    organization_path = "cohort__organization"
    list_display = ("api_key", "cohort")
    list_select_related = ("api_key", "cohort")
    search_fields = ("api_key__name", "cohort__name")
    autocomplete_fields = ("api_key", "cohort")

    class Media:
        js = ("js/admin-names.js",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
