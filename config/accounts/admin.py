"""Organizations, people, keys and clients in the admin."""

from typing import Any, cast

from allauth.account import admin as _account  # noqa: F401 - registers what is taken out below, like the next three
from allauth.account.models import EmailAddress
from allauth.idp.oidc import admin as _oidc  # noqa: F401
from allauth.idp.oidc.models import Client, Token
from allauth.socialaccount import admin as _social  # noqa: F401
from allauth.socialaccount.models import SocialToken
from allauth.usersessions import admin as _sessions  # noqa: F401
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin  # noqa: F401 - registers Group, so that it can be taken out below
from django.contrib.auth.models import Group
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts.actions import (
    create_api_client,
    create_api_key,
    revoke_api_client,
    revoke_api_key,
    sign_in_with,
)
from config.accounts.actor import ADMINISTRATOR
from config.accounts.admin_access import OrganizationAdmin, operator
from config.accounts.admin_filters import EmptyInWords
from config.accounts.forms import ApiClientForm, ApiKeyForm, OperatorKeyForm, OrganizationForm, PersonForm
from config.accounts.models import ApiKey, ClientOrganization, Membership, Organization, User
from config.accounts.session import actor_of
from config.accounts.zones import move
from config.support.admin import HeadedList
from config.support.clock import now

# Roles decide here; a second list of rights would only mislead. Clients are made on our page, where they get an
# organization: one without it opens nothing. Tokens and sessions end by themselves.
# Addresses are changed with their person.
for model in (Group, EmailAddress, Client, Token, UserSession, SocialToken):
    admin.site.unregister(model)


@admin.register(Organization)
class OrganizationPage(HeadedList):
    """Tenants; for whoever operates the installation, which ModelAdmin's own rule already says."""

    form = OrganizationForm
    list_display = ("name", "slug", "time_zone", "created_at")
    search_fields = ("name", "slug")
    date_hierarchy = "created_at"
    fields = ("name", "slug", "time_zone")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonPage(OrganizationAdmin):
    """
    The people of an organization, to be found. They change their own name, address and zone; an operator may too.

    A person may belong to several organizations, so no administrator of one may change how they sign in.
    """

    form = PersonForm
    roles = frozenset({ADMINISTRATOR})
    list_display = ("name", "email", "time_zone", "is_active", "last_login")
    list_display_links = ("name", "email")
    search_fields = ("name", "email")
    ordering = ("name", "email")
    date_hierarchy = "joined_at"
    fields = (
        "name",
        "email",
        "locale",
        "time_zone",
        "is_active",
        "is_superuser",
        "last_login",
        "joined_at",
        "erased_at",
    )
    readonly_fields = ("last_login", "joined_at", "erased_at")

    def scoped(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        actor = actor_of(request)
        if operator(request) or actor is None:
            return rows if operator(request) else rows.none()
        # By ids and not by a join: someone with two memberships is still one person.
        return rows.filter(pk__in=Membership.objects.filter(organization_id=actor.organization_id).values("user_id"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        zone = obj.time_zone
        # Dates of everything the person runs hang on the zone, so it is not written like a name.
        obj.time_zone = form.initial["time_zone"]
        super().save_model(request, obj, form, change)
        if "time_zone" in form.changed_data:
            move(user_id=obj.pk, time_zone=zone, now=now())
            obj.time_zone = zone
        if "email" in form.changed_data:
            sign_in_with(user_id=obj.pk, email=obj.email)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return operator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SecretOncePage(OrganizationAdmin):
    """What is made with a secret that is shown once, and ended for good; never changed."""

    roles = frozenset({ADMINISTRATOR})
    actions = ("end",)
    made: str = ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave one button: whichever was pressed, the secret is what comes next."""
        context.update(show_save_and_add_another=False, show_save_and_continue=False)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer an operator their own organization first."""
        actor = actor_of(request)
        own = {"organization": actor.organization_id} if actor is not None else {}
        return {**own, **super().get_changeform_initial_data(request)}

    def has_end_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.made,
            "made": obj,
            "secret": obj.secret,
            "site_url": settings.SITE_URL,
        }
        answer = TemplateResponse(request, "accounts/secret_once.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def organization_of(self, request: HttpRequest, obj: Any) -> int:
        """Return whose it is: what an operator chose, else the person's own."""
        actor = actor_of(request)
        if operator(request) and obj.organization_id is not None:
            return cast(int, obj.organization_id)
        return actor.organization_id if actor is not None else cast(int, obj.organization_id)

    def ends(self, request: HttpRequest, ended: int) -> None:
        """Tell how many were ended."""
        sentence = ngettext(
            "%(n)d ended. It opens nothing any more.", "%(n)d ended. They open nothing any more.", ended
        )
        messages.success(request, sentence % {"n": ended})


class WorkingFilter(EmptyInWords):
    """Keys that were not ended, or those that were."""

    title_in_words, empty_in_words, filled_in_words = _("whether it was ended"), _("Not ended"), _("Ended for good")


@admin.register(ApiKey)
class ApiKeyPage(SecretOncePage):
    """Keys for other tools."""

    form = ApiKeyForm
    made = _("Copy the new key now")  # type: ignore[assignment]
    list_display = ("name", "begins", "may_do", "expires_at", "last_used_at", "revoked_at", "created_by")
    list_filter = (("revoked_at", WorkingFilter),)
    list_select_related = ("created_by",)
    search_fields = ("name", "prefix")
    date_hierarchy = "created_at"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            own = ("name", "scopes", "expires_on")
            return ("organization", *own) if operator(request) else own
        return ("organization", "name", "begins", "may_do", "expires_at", "last_used_at", "revoked_at", "created_by")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        # Figures of the whole installation are no organization's to give away.
        form = OperatorKeyForm if operator(request) else ApiKeyForm
        return super().get_form(request, obj, change, **options | {"form": form})

    @admin.display(description=_("starts with"), ordering="prefix")
    def begins(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @admin.display(description=_("may do"))
    def may_do(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        new = create_api_key(
            organization_id=self.organization_of(request, obj),
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            expires_at=obj.expires_at,
            created_by_id=cast(User, request.user).pk,
            now=now(),
        )
        obj.pk, obj.prefix, obj.secret = new.api_key.pk, new.api_key.prefix, new.secret

    @admin.action(description=_("End the chosen keys for good"), permissions=["end"])
    def end(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        reading = now()
        self.ends(request, sum(revoke_api_key(api_key_id=key.pk, now=reading) for key in keys))


@admin.register(ClientOrganization)
class ApiClientPage(SecretOncePage):
    """OAuth2 clients that ask for tokens."""

    form = ApiClientForm
    made = _("Copy the new client’s secret now")  # type: ignore[assignment]
    list_display = ("name", "client_id", "created_by", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("client_id",)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        named = Client.objects.filter(pk=OuterRef("client_id")).values("name")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(client_name=Subquery(named))
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("organization", "name", "scopes") if operator(request) else ("name", "scopes")
        return ("organization", "client_id", "created_by", "created_at")

    @admin.display(description=_("name"))
    def name(self, row: Any) -> str:
        return row.client_name or ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        new = create_api_client(
            organization_id=self.organization_of(request, obj),
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            created_by_id=cast(User, request.user).pk,
            now=now(),
        )
        row = ClientOrganization.objects.get(client_id=new.client_id)
        obj.pk, obj.client_id, obj.secret = row.pk, new.client_id, new.secret

    @admin.action(description=_("End the chosen clients for good"), permissions=["end"])
    def end(self, request: HttpRequest, clients: QuerySet[ClientOrganization]) -> None:
        self.ends(request, sum(revoke_api_client(client_id=row.client_id) for row in clients))
