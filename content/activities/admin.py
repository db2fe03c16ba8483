"""The library in the admin: to find an activity and read its wordings. They are written in the studio."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from config.accounts.session import actor_of
from config.support.admin import HeadedList
from config.support.errors import DomainError
from content.activities.actions import bring_back
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


class SkillFilter(admin.SimpleListFilter):
    """By the skill that is the topic, among those that the library has."""

    title = _("skill")
    parameter_name = "skill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        topics = model_admin.get_queryset(request).order_by().values("latest__topic")
        return list(dict(Skill.objects.filter(key__in=topics).order_by("-id").values_list("key", "title")).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Activity]) -> QuerySet[Activity]:
        return queryset.filter(latest__topic=self.value()) if self.value() else queryset


class RevisionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActivityRevision
    extra = 0
    fields = readonly_fields = ("number", "title", "minutes", "topic", "created_at", "created_by", "again")
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("activity", "created_by")

    # Sent by the form of the page, which change_view answers.
    @admin.display(description=_("bring back"), empty_value="")
    def again(self, revision: ActivityRevision) -> Any:
        if revision.pk == revision.activity.latest_id:
            return None
        return format_html(
            '<button class="btn bare" name="bring_back" value="{}">{}<span class="hidden"> {}</span></button>',
            revision.pk,
            _("Bring this wording back"),
            revision.number,
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Activity)
class ActivityAdmin(HeadedList):
    list_display = ("title", "kind_label", "skill", "minutes", "archived")
    list_filter = (KindFilter, SkillFilter, "is_archived")
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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show an activity; POST bring_back (a revision of it) gives it an earlier wording again."""
        if request.method == "POST" and "bring_back" in request.POST:
            return self._bring_back(request, object_id, request.POST["bring_back"])
        return super().change_view(request, object_id, form_url, extra_context)

    def _bring_back(self, request: HttpRequest, object_id: str, revision_id: str) -> HttpResponse:
        actor = actor_of(request)
        if actor is None or not (object_id.isdecimal() and revision_id.isdecimal() and len(revision_id) < 19):
            raise Http404
        activity = get_object_or_404(self.get_queryset(request), pk=int(object_id))
        revision = get_object_or_404(ActivityRevision, activity=activity, pk=int(revision_id))
        try:
            bring_back(revision_id=revision.pk, author_id=actor.user_id, now=request.now)  # type: ignore[attr-defined]
        except DomainError as error:
            messages.error(request, " ".join(fault.detail for fault in error.faults) or error.detail)
        else:
            words = _(
                "Wording %(number)d is back, as the newest one. Drafts follow it; published versions keep theirs."
            )
            messages.success(request, words % {"number": revision.number})
        return redirect("admin:content_activity_change", activity.pk)

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
