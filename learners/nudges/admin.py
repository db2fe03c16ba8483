"""Timers, messages and the engine in the admin: to be looked at; the one thing to do is to pause."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from config.accounts.actor import ADMINISTRATOR
from config.accounts.admin_access import OrganizationAdmin, operator
from config.accounts.admin_filters import EmptyInWords, ValuesInWords
from config.support.admin import ReadOnlyAdmin, ReadOnlyInline
from config.support.clock import now
from learners.nudges.actions.engine import engine_state, pause_engine, resume_engine
from learners.nudges.models import DeliveryEvent, EngineState, NudgeDelivery, NudgeTimer, Suppression
from learners.nudges.queries.status import lease_in_words, read_status
from learners.nudges.rules.words import REASONS, fate_in_words

# Django's plain filter would name the cohorts of every organization.
OWN_COHORTS = ("cohort", admin.RelatedOnlyFieldListFilter)


class RecordOfMessages(ReadOnlyAdmin, OrganizationAdmin):
    """Facts about messages to people, for the administrators of their organization."""

    roles = frozenset({ADMINISTRATOR})


class ArmedFilter(EmptyInWords):
    """Moments that are still to come, or those for which nothing is armed any more."""

    title_in_words, empty_in_words, filled_in_words = _("whether it is armed"), _("Nothing armed"), _("Armed")


class CategoryFilter(ValuesInWords):
    """What a person can switch off, as the preferences call it."""

    words = {
        "practice": _("Practice"),
        "reflection": _("Reflection"),
        "step": _("Next step"),
        "due": _("Dates"),
        "live": _("Live session"),
        "digest": _("Summary"),
        "service": _("Welcome, requests to confirm"),
        "": _("Sends nothing"),
    }


class ReasonFilter(ValuesInWords):
    """Why a message was not sent."""

    words = {"": _("Nothing held it back"), **REASONS}


@admin.register(NudgeTimer)
class NudgeTimerPage(RecordOfMessages):
    """Armed moments: what will be planned for whom, when and why. Empty = nothing is armed any more."""

    list_display = ("recipient", "due_at", "why", "purpose", "rule_key", "subject", "fault")
    list_filter = ("purpose", ("category", CategoryFilter), ("due_at", ArmedFilter), OWN_COHORTS)
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "recipient__name", "rule_key", "subject")
    ordering = ("-due_at", "-id")
    fieldsets = (
        (None, {"fields": ("recipient", "cohort", "purpose", "rule_key", "subject", "due_at", "why")}),
        (_("Advanced"), {"fields": ("occurrence", "zone", "anchor", "expires_at", "fired_at", "fault")}),
    )


class DeliveryEventInline(ReadOnlyInline):
    """What happened to the message on its way, oldest first."""

    model = DeliveryEvent
    fields = ("at", "kind", "reason", "detail")
    ordering = ("at", "id")
    verbose_name_plural = _("on its way")


@admin.register(NudgeDelivery)
class NudgeDeliveryPage(RecordOfMessages):
    """Planned messages and what became of them: why somebody got a message, and why somebody did not."""

    list_display = ("planned_at", "recipient", "what_became_of_it", "channel", "rule_key")
    list_display_links = ("planned_at", "recipient")
    list_filter = ("state", ("reason", ReasonFilter), "channel", ("category", CategoryFilter), OWN_COHORTS)
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "recipient__name", "rule_key")
    date_hierarchy = "planned_at"
    ordering = ("-id",)
    inlines = (DeliveryEventInline,)
    fieldsets = (
        (None, {"fields": ("what_became_of_it", "why", "recipient", "cohort", "rule_key", "subject", "channel")}),
        (_("Text"), {"fields": ("text",)}),
        (
            _("Times"),
            {"fields": ("occurrence", "due_at", "planned_at", "send_after", "sent_at", "expires_at", "read_at")},
        ),
        (_("Advanced"), {"fields": ("state", "reason", "category", "attempts", "message_id", "uuid", "arm")}),
    )

    @admin.display(description=_("what became of it"))
    def what_became_of_it(self, delivery: NudgeDelivery) -> str:
        return fate_in_words(
            state=delivery.state,
            reason=delivery.reason,
            detail=delivery.detail,
            send_after=delivery.send_after,
            sent_at=delivery.sent_at,
            attempts=delivery.attempts,
        )


@admin.register(DeliveryEvent)
class DeliveryEventPage(RecordOfMessages):
    """What happened to messages on their way, over all of them."""

    organization_path = "delivery__organization"
    list_display = ("at", "recipient", "kind", "reason", "detail")
    list_filter = ("kind", ("reason", ReasonFilter))
    list_select_related = ("delivery__recipient",)
    search_fields = ("delivery__recipient__email", "delivery__recipient__name", "delivery__rule_key")
    date_hierarchy = "at"
    ordering = ("-id",)

    @admin.display(description=_("recipient"))
    def recipient(self, event: DeliveryEvent) -> str:
        return str(event.delivery.recipient)


class OperatorPage(ReadOnlyAdmin):
    """What belongs to the installation and to no organization; for whoever operates it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return operator(request)


@admin.register(Suppression)
class SuppressionPage(OperatorPage):
    """Addresses that get nothing any more, as hashes. Deleting a row lets messages go there again."""

    list_display = ("address_hash", "category", "cause", "detail", "created_at")
    list_filter = ("cause", "category")
    search_fields = ("address_hash",)
    ordering = ("-id",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return operator(request)


@admin.register(EngineState)
class EngineStatePage(OperatorPage):
    """Who drives, how late it is, and the switch that holds every message of the installation back."""

    list_display = ("__str__", "is_paused", "pause_reason", "last_tick_at", "lag_seconds", "lease", "last_fault")
    fields = (
        "is_paused",
        "pause_reason",
        "paused_at",
        "paused_by",
        "accounting",
        "last_tick_at",
        "lag_seconds",
        "lease",
        "last_fault",
        "last_fault_at",
        "epoch",
    )
    # The row itself stays read-only; these two acts are what an operator can do here.
    actions = ("pause", "resume")  # type: ignore[assignment]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        engine_state()
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("messages"))
    def accounting(self, state: EngineState) -> str:
        status = read_status(now=now())
        not_sent = ", ".join(f"{reason} {count}" for reason, count in status.suppressed.items()) or "none"
        return (
            f"planned {status.planned} = sent {status.sent} + not sent {sum(status.suppressed.values())} ({not_sent})"
            f" + failed {status.failed} + unknown {status.unknown} + open {status.open}"
        )

    @admin.display(description=_("lease"))
    def lease(self, state: EngineState) -> str:
        return lease_in_words(state, now=now())

    @admin.action(description=_("Pause: send nothing until somebody resumes"))
    def pause(self, request: HttpRequest, rows: QuerySet[EngineState]) -> None:
        pause_engine(reason=f"Paused by {request.user} in the admin", user_id=request.user.pk, now=now())
        self.message_user(request, _("Nothing is sent any more. Planning goes on, so no message loses its row."))

    @admin.action(description=_("Resume: send what is due; what came too late is not sent"))
    def resume(self, request: HttpRequest, rows: QuerySet[EngineState]) -> None:
        resume_engine()
        self.message_user(request, _("Messages go out again with the next tick."), messages.SUCCESS)
