"""Who enters the admin and what they find there: roles decide, permission rows are not used."""

from typing import Any, ClassVar, Final

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.accounts.actor import ADMINISTRATOR, DESIGNER, Actor
from config.accounts.admin_door import is_visitor
from config.accounts.models import ApiKey, Membership, Organization, User
from config.accounts.session import actor_of
from config.support.admin import HeadedList

DOOR: Final = frozenset({ADMINISTRATOR, DESIGNER})


def operator(request: HttpRequest) -> bool:
    """Tell whether the person operates this installation, and so sees every organization."""
    user = request.user
    return not isinstance(user, AnonymousUser) and user.is_active and user.is_superuser


def may_enter(request: HttpRequest) -> bool:
    """Tell whether the person may enter the admin at all; at most two queries a request."""
    if operator(request):
        return True
    actor = actor_of(request)
    if actor is None or not request.user.is_active:
        return False
    return bool(actor.roles & DOOR) or is_visitor(actor)


class WaymarkAdmin(admin.AdminSite):
    """The admin behind the same sign-in as everything else, with its rate limits, codes and second factors."""

    site_header = site_title = "Waymark administration"
    index_title = "What you look after"

    def has_permission(self, request: HttpRequest) -> bool:
        if not hasattr(request, "_waymark_may_enter"):
            request._waymark_may_enter = may_enter(request)  # type: ignore[attr-defined]
        return bool(request._waymark_may_enter)  # type: ignore[attr-defined]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send an anonymous visitor to sign-in; tell a person who has no work here that this is not for them."""
        if not request.user.is_authenticated:
            answer: HttpResponse = secure_admin_login(super().login)(request)
            return answer
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class OrganizationAdmin(HeadedList):
    """
    A page of the admin that shows one organization's rows to people with one of its roles there.

    roles: who may look and write. organization_path: the way from the model to its organization. Whoever operates the
    installation sees all organizations. Everybody else finds their own only: in lists, by address, in choices of
    related rows, and in what a form writes.
    """

    roles: ClassVar[frozenset[str]] = frozenset({ADMINISTRATOR})
    organization_path: ClassVar[str] = "organization"
    list_per_page = 50
    show_full_result_count = False

    def may(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person works with this page; subclasses widen or narrow it."""
        actor = actor_of(request)
        return operator(request) or (actor is not None and bool(actor.roles & self.roles))

    def scoped(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Narrow rows to those that the person may see."""
        if operator(request):
            return rows
        actor = actor_of(request)
        if actor is None:
            return rows.none()
        return rows.filter(**{f"{self.organization_path}_id": actor.organization_id})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(super().get_queryset(request), request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, obj)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hide the organization from people who have only one: it is filled in for them."""
        excluded = list(super().get_exclude(request, obj) or ())
        if self.organization_path == "organization" and not operator(request):
            excluded.append("organization")
        return excluded or None

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if "queryset" not in kwargs and not operator(request):
            kwargs["queryset"] = choices_within(db_field.related_model, actor_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        actor = actor_of(request)
        if not change and actor is not None and getattr(obj, "organization_id", 0) is None:
            obj.organization_id = actor.organization_id
        super().save_model(request, obj, form, change)


def choices_within(model: type[Model], actor: Actor | None) -> QuerySet[Any]:
    """Return the rows of a model that a person may choose from: those of their organization."""
    rows: QuerySet[Any] = model._default_manager.all()
    if actor is None:
        return rows.none()
    if model is Organization:
        return rows.filter(pk=actor.organization_id)
    if model is User:
        return rows.filter(memberships__organization_id=actor.organization_id, memberships__is_active=True)
    if model in (Membership, ApiKey):
        return rows.filter(organization_id=actor.organization_id)
    visible_to = getattr(rows, "visible_to", None)
    return rows.none() if visible_to is None else visible_to(actor)
