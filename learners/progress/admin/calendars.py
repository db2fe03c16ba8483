"""Work calendars in the admin: which days an organization works, in words, with a list of exceptions."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.admin_access import OrganizationAdmin
from config.accounts.session import actor_of
from config.support.clock import now
from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.models.calendar import Base
from learners.progress.actions import change_calendar
from learners.progress.admin.calendar_form import CalendarForm


@admin.register(OrganizationCalendar)
class CalendarPage(OrganizationAdmin):
    """Work calendars of the organization; a change moves what is still to come in the cohorts that chose one."""

    form = CalendarForm
    list_display = ("name", "holidays", "exceptions_listed", "cohorts_listed")
    search_fields = ("name",)
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "base", "country", "weekend")}),
        (_("Days that are different"), {"fields": ("listed", "file")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(in_cohorts=Count("cohorts"))
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A calendar belongs to the organization that the person works in; operators without one look and change.
        return super().has_add_permission(request) and actor_of(request) is not None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        actor = actor_of(request)
        form.organization_id = actor.organization_id if actor is not None else None  # type: ignore[attr-defined]
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        unused = obj is None or not obj.cohorts.exists()
        return unused and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @admin.display(description=_("public holidays of"))
    def holidays(self, row: OrganizationCalendar) -> str:
        return row.country if row.base == Base.COUNTRY else str(Base(row.base).label)

    @admin.display(description=_("exceptions"))
    def exceptions_listed(self, row: OrganizationCalendar) -> str:
        off = sum(not one["works"] for one in row.exceptions)
        return _now("%(off)d off, %(working)d worked") % {"off": off, "working": len(row.exceptions) - off}

    @admin.display(description=_("cohorts"))
    def cohorts_listed(self, row: Any) -> int:
        return cast(int, row.in_cohorts)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = form.values()
        if change:
            change_calendar(calendar_id=obj.pk, now=now(), **values)
            return
        made = save_calendar(organization_id=cast(Actor, actor_of(request)).organization_id, now=now(), **values)
        obj.pk, obj.organization_id = made.pk, made.organization_id
