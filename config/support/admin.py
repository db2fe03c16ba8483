"""The floor of the admin: records that are looked at and never touched."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst


class HeadedList(admin.ModelAdmin):  # type: ignore[type-arg]
    """Heads its list with what it holds, not with an order to select."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})


class ReadOnlyAdmin(HeadedList):
    """
    Shows rows and lets nobody write them.

    Completions, attempts, deliveries and events are facts that happened: whoever could mend one in a form could make a
    history that nobody lived. What follows from them is changed by actions, which say who did it and when. A class that
    inherits from this one says in its docstring which facts it holds.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Shows rows below their owner and lets nobody write them."""

    template = "admin/edit_inline/records.html"
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
