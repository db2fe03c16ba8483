"""The library in the admin: to find an activity and read its wordings. They are written in the studio."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.accounts.session import actor_of
from config.support.admin import HeadedList
from content.activities.models import Activity, ActivityRevision
from content.activities.queries import list_activities
from content.kinds.registry import KINDS
from content.skills.models import Skill


def may_read(request: HttpRequest, obj: Any = None) -> bool:
    """Say whether the person designs or administers; learners meet activities in their journeys."""
    actor = actor_of(request)
    return actor is not None and (actor.is_designer or actor.is_administrator)


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, kind.label) for key, kind in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class RevisionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActivityRevision
    extra = 0
    fields = readonly_fields = ("number", "title", "minutes", "topic", "created_at", "created_by")
    ordering = ("-number",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Activity)
class ActivityAdmin(HeadedList):
    list_display = ("title", "kind_label", "skill", "minutes", "archived")
    list_filter = (KindFilter, "is_archived")
    search_fields = ("latest__title", "latest__topic", "latest__body")
    date_hierarchy = "created_at"
    fields = readonly_fields = ("title", "kind_label", "topic", "minutes", "is_archived", "created_at", "text")
    inlines = (RevisionInline,)

    @admin.display(description=_("title"), ordering="latest__title")
    def title(self, activity: Activity) -> str:
        return activity.latest.title if activity.latest else ""

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, activity: Activity) -> Any:
        return KINDS[activity.kind].label if activity.kind in KINDS else activity.kind

    @admin.display(description=_("topic"), ordering="latest__topic")
    def topic(self, activity: Activity) -> str:
        return activity.latest.topic if activity.latest else ""

    @admin.display(description=_("skill"), ordering="latest__topic")
    def skill(self, activity: Activity) -> str:
        return getattr(activity, "skill_title", None) or self.topic(activity)

    # A cross for "not archived" would look like a fault.
    @admin.display(description=_("archived"), ordering="is_archived", empty_value="")
    def archived(self, activity: Activity) -> Any:
        return _("Archived") if activity.is_archived else None

    @admin.display(description=_("minutes"), ordering="latest__minutes")
    def minutes(self, activity: Activity) -> int | None:
        return activity.latest.minutes if activity.latest else None

    @admin.display(description=_("text"))
    def text(self, activity: Activity) -> str:
        return activity.latest.body if activity.latest else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        actor = actor_of(request)
        if actor is None or not may_read(request):
            return Activity.objects.none()
        named = Skill.objects.filter(key=OuterRef("latest__topic")).order_by("id").values("title")[:1]
        return list_activities(actor, with_archived=True).annotate(skill_title=Subquery(named))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
