"""The way from the admin's list of places into the studio."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from config.accounts.actor import ADMINISTRATOR, DESIGNER
from config.accounts.admin_access import OrganizationAdmin
from journeys.authoring.models import Journey


@admin.register(Journey)
class JourneyAdmin(OrganizationAdmin):
    """Journeys are authored in the studio; their entry in the admin leads there."""

    roles: ClassVar[frozenset[str]] = frozenset({DESIGNER, ADMINISTRATOR})
    search_fields = ("key",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("studio-journeys")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("studio-new")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        journey = get_object_or_404(self.get_queryset(request), pk=object_id)
        return redirect("studio-version", journey.versions.order_by("-number")[0].uuid)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
