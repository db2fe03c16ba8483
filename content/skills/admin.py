"""Frameworks and behaviors in the admin: the built-in ones to read, the organization's own to write."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import Actor
from config.accounts.session import actor_of
from config.support.admin import HeadedList
from content.skills.actions import save_framework, save_skill
from content.skills.models import BehaviorIndicator, RatingLevel, Skill, SkillFramework
from content.skills.rules import framework_faults, skill_faults
from content.skills.views import ImportPages


def author_of(request: HttpRequest) -> Actor | None:
    """Return the actor if they design or administer; nobody else works on skills."""
    actor = actor_of(request)
    return actor if actor and (actor.is_designer or actor.is_administrator) else None


class FrameworkForm(ModelForm):  # type: ignore[type-arg]
    """Says what to mend before anything is written. organization_id: set by the admin."""

    organization_id: int

    def clean(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name, getattr(self.instance, name)) for name in ("key", "version", "title")}
        _tell(self, framework_faults(**said))
        others = SkillFramework.objects.filter(
            organization_id=self.organization_id, key=said["key"], version=said["version"]
        ).exclude(pk=self.instance.pk)
        if not self.errors and others.exists():
            self.add_error("version", _("There is this version already. Choose another."))
        return self.cleaned_data


class SkillForm(ModelForm):  # type: ignore[type-arg]
    """Says what to mend before anything is written."""

    def clean(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name, getattr(self.instance, name)) for name in ("key", "title")}
        _tell(self, skill_faults(**said))
        if self.instance.pk and "key" in self.changed_data:
            self.add_error("key", _("A key never changes. Add a new skill instead."))
        return self.cleaned_data


def _tell(form: Any, faults: Iterable[tuple[str, str]]) -> None:
    for pointer, sentence in faults:
        name = pointer.removeprefix("/")
        if name in form.fields and name not in form.errors:
            form.add_error(name, sentence)


class SkillInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Skill
    form = SkillForm
    extra = 1
    fields = ("key", "title", "description", "position")
    show_change_link = False

    def get_readonly_fields(self, request: HttpRequest, obj: SkillFramework | None = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        return super().get_queryset(request).order_by("position", "id")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return author_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SkillFramework)
class SkillFrameworkAdmin(ImportPages, HeadedList):
    form = FrameworkForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("title", "version", "owner", "skill_count")
    list_select_related = ("organization",)
    search_fields = ("title", "key", "skills__title", "skills__key", "skills__other_names")
    fields = ("title", "key", "version", "source_uri", "license")
    inlines = (SkillInline,)

    @admin.display(description=_("belongs to"))
    def owner(self, framework: SkillFramework) -> Any:
        return framework.organization or _("Waymark (read only)")

    @admin.display(description=_("skills"))
    def skill_count(self, framework: Any) -> int:
        count: int = framework.count_of_skills
        return count

    def get_queryset(self, request: HttpRequest) -> QuerySet[SkillFramework]:
        actor = author_of(request)
        if actor is None:
            return SkillFramework.objects.none()
        return SkillFramework.objects.visible_to(actor).annotate(count_of_skills=Count("skills", distinct=True))

    def get_readonly_fields(self, request: HttpRequest, obj: SkillFramework | None = None) -> tuple[str, ...]:
        return ("key", "version", "imported_at", "all_skills") if obj else ()

    def get_fields(self, request: HttpRequest, obj: SkillFramework | None = None) -> tuple[str, ...]:
        return (*self.fields, "imported_at", "all_skills") if obj and obj.imported_at else self.fields

    def get_inlines(self, request: HttpRequest, obj: SkillFramework | None) -> Any:
        # A file brings hundreds, which nobody changes here.
        return () if obj and obj.imported_at else self.inlines

    @admin.display(description=_("skills"))
    def all_skills(self, framework: SkillFramework) -> str:
        rows = framework.skills.order_by("position", "id").values_list("title", "key")
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} <code>{}</code></li>", rows))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.import_file), name="content_skillframework_import"),
            path("import/<uuid:upload_uuid>/", view(self.import_check), name="content_skillframework_import_check"),
        ]
        return [*own, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        actor = author_of(request)
        form.organization_id = actor.organization_id if actor else 0
        return form

    def has_module_permission(self, request: HttpRequest) -> bool:
        return author_of(request) is not None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return author_of(request) is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return author_of(request) is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SkillFramework, form: Any, change: bool) -> None:
        actor = author_of(request)
        assert actor is not None  # noqa: S101  the permission methods have let nobody else through
        saved = save_framework(
            organization_id=actor.organization_id,
            framework_id=obj.pk,
            key=obj.key,
            version=obj.version,
            title=obj.title,
            source_uri=obj.source_uri,
            license=obj.license,
        )
        obj.pk, obj.organization_id = saved.pk, saved.organization_id

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor = author_of(request)
        assert actor is not None  # noqa: S101  the permission methods have let nobody else through
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for skill in formset.save(commit=False):
            save_skill(
                organization_id=actor.organization_id,
                framework_id=form.instance.pk,
                skill_id=skill.pk,
                key=skill.key,
                title=skill.title,
                description=skill.description,
                position=skill.position,
            )


class RatingLevelInline(admin.TabularInline):  # type: ignore[type-arg]
    model = RatingLevel
    extra = 0
    fields = readonly_fields = ("level", "anchor")
    ordering = ("level",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return author_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(BehaviorIndicator)
class BehaviorIndicatorAdmin(HeadedList):
    """Behaviors are written with a journey and never changed, so they are only read here."""

    list_display = ("text", "skill", "key", "revision", "organization")
    list_select_related = ("skill", "organization")
    list_filter = (("skill", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("text", "key", "skill__title")
    fields = readonly_fields = ("text", "skill", "key", "revision", "organization", "created_at", "created_by")
    inlines = (RatingLevelInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BehaviorIndicator]:
        actor = author_of(request)
        if actor is None:
            return BehaviorIndicator.objects.none()
        return BehaviorIndicator.objects.visible_to(actor)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return author_of(request) is not None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return author_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


def _is_own(request: HttpRequest, framework: SkillFramework | None) -> bool:
    actor = author_of(request)
    if actor is None:
        return False
    if framework is None or framework.pk is None:
        return True
    return framework.organization_id == actor.organization_id and framework.imported_at is None
