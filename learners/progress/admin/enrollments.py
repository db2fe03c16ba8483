"""People in cohorts in the admin: where they stand, and the adjustments that staff make for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts.models import User
from config.support.admin import ReadOnlyInline
from config.support.clock import now
from config.support.errors import DomainError
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import Outline
from learners.cohorts.actions import withdraw
from learners.cohorts.admin import RecordPage, cohorts_led, leads_any
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.cohorts.models.enrollment import AdjustmentKind, EnrollmentStatus
from learners.cohorts.queries import WITH_TERMS
from learners.progress.actions import (
    exempt_step,
    extend_due,
    pause,
    record_own_event,
    reinstate,
    release,
    resume,
    shift_dates,
)
from learners.progress.forms import EventForm, ExtendForm, PlaceForm, ReasonForm, ShiftForm, StepForm


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One thing that staff do for people: its name, its form and its action."""

    label: str | Promise
    form: type[ReasonForm]
    act: Callable[..., Enrollment]


ADJUSTMENTS: Mapping[str, Adjustment] = {
    "pause": Adjustment(_("Pause"), ReasonForm, pause),
    "resume": Adjustment(_("Resume"), ReasonForm, resume),
    "shift": Adjustment(_("Shift dates"), ShiftForm, shift_dates),
    "extend": Adjustment(_("Extend a last day"), ExtendForm, extend_due),
    "exempt": Adjustment(_("Exempt from a step"), StepForm, exempt_step),
    "release": Adjustment(_("Open a module or step by hand"), PlaceForm, release),
    "event": Adjustment(_("Record an event"), EventForm, record_own_event),
    "withdraw": Adjustment(_("Withdraw"), ReasonForm, withdraw),
    "reinstate": Adjustment(_("Reinstate"), ReasonForm, reinstate),
}


STATES: Mapping[str, str | Promise] = {
    "locked": _("not open yet"),
    "open": _("open"),
    "started": _("started"),
    "practiced": _("practiced"),
    "evidence": _("evidence"),
    "completed": _("completed"),
}


def titles_of(outline: Outline) -> dict[str, str]:
    """Return the title of each module and event by its key, and of each step by MODULE/STEP."""
    modules = {module.key: module.title for module in outline.modules}
    steps = {f"{module.key}/{step.key}": step.title for module in outline.modules for step in module.steps}
    return dict(outline.events) | modules | steps


def adjustments_for(status: str) -> list[tuple[str, str | Promise]]:
    """Return what can be done for somebody in this state, each with its name."""
    if status == EnrollmentStatus.WITHDRAWN:
        kinds = {"reinstate"}
    elif status == EnrollmentStatus.PAUSED:
        kinds = ADJUSTMENTS.keys() - {"pause", "reinstate"}
    else:
        kinds = ADJUSTMENTS.keys() - {"resume", "reinstate"}
    return [(kind, adjustment.label) for kind, adjustment in ADJUSTMENTS.items() if kind in kinds]


class AdjustmentInline(ReadOnlyInline):
    """What was adjusted for the person; append-only, so that the history of their dates can be told."""

    model = EnrollmentAdjustment
    fields = readonly_fields = ("effective_at", "kind", "about", "days", "until_on", "reason", "recorded_by")
    ordering = ("-id",)
    verbose_name_plural = _("Adjustments")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the reason to those who may adjust, as the board does: a manager looks, and is not told why."""
        led = obj is not None and cohorts_led(request).filter(pk=obj.cohort_id).exists()
        return self.fields if led else tuple(name for name in self.fields if name != "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        version = "enrollment__version__journey"
        return super().get_queryset(request).select_related("recorded_by", "enrollment__cohort", version)

    @admin.display(description=_("module or step"))
    def about(self, row: EnrollmentAdjustment) -> str:
        """Name it by its title, which the key of an earlier version may have lost."""
        titles = titles_of(outline_for(row.enrollment.version))
        everything = _now("Everything") if row.kind == AdjustmentKind.EXTEND else ""
        return titles.get(row.key, row.key) if row.key else everything


@admin.register(Enrollment)
class EnrollmentPage(RecordPage):
    """Enrollments: made by enrolling, changed by adjustments, and never by writing into a row."""

    change_form_template = "learners/progress/admin/enrollment.html"
    inlines = (AdjustmentInline,)
    list_display = (
        "person",
        "cohort",
        "status",
        "done",
        "practiced",
        "module",
        "last_activity_at",
        "next_due_at",
    )
    list_filter = ("status", ("cohort", admin.RelatedOnlyFieldListFilter))
    list_select_related = WITH_TERMS
    search_fields = ("user__name", "user__email", "cohort__name")
    date_hierarchy = "enrolled_at"
    ordering = ("cohort", "user__name", "id")
    fields = readonly_fields = (
        "person",
        "email",
        "cohort",
        "version",
        "status",
        "starts_on",
        "enrolled_at",
        "joined_at",
        "completed_at",
        "withdrawn_at",
        "done",
        "practiced",
        "modules",
        "last_activity_at",
        "next_opens_at",
        "next_due_at",
    )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not leads_any(request):
            return {}
        return {kind: (_action(kind), kind, adjustment.label) for kind, adjustment in ADJUSTMENTS.items()}

    def get_urls(self) -> list[URLPattern]:
        adjust = path(
            "<int:enrollment_id>/adjust/<slug:kind>/",
            self.admin_site.admin_view(self.adjust_one),
            name="learners_enrollment_adjust",
        )
        return [adjust, *super().get_urls()]

    @admin.display(description=_("person"), ordering="user__name")
    def person(self, row: Enrollment) -> str:
        return str(row.user)

    @admin.display(description=_("e-mail"))
    def email(self, row: Enrollment) -> str:
        return row.user.email

    @admin.display(description=_("required steps"), ordering="completed")
    def done(self, row: Enrollment) -> str:
        return _now("%(completed)d of %(required)d") % {"completed": row.completed, "required": row.required}

    @admin.display(description=_("current module"), ordering="current_position")
    def module(self, row: Enrollment) -> str:
        return titles_of(outline_for(row.version)).get(row.current_module, row.current_module)

    @admin.display(description=_("modules"))
    def modules(self, row: Enrollment) -> str:
        titles = titles_of(outline_for(row.version))
        return "; ".join(
            f"{titles.get(key, key)}: {STATES.get(state, state)}" for key, state in row.module_states.items()
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        led = row is not None and cohorts_led(request).filter(pk=row.cohort_id).exists()
        context = {
            "title": f"{row.user} · {row.cohort}" if row is not None else "",
            "subtitle": None,
            "adjustments": adjustments_for(row.status) if row is not None and led else [],
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def adjust_one(self, request: HttpRequest, enrollment_id: int, kind: str) -> HttpResponse:
        """Adjust one person, from their own page."""
        rows = self.get_queryset(request).filter(pk=enrollment_id)
        if kind not in ADJUSTMENTS or not rows.exists():
            raise Http404
        back = reverse("admin:learners_enrollment_change", args=[enrollment_id])
        return self.adjust(request, rows, kind, back=back, apply=request.method == "POST")

    def adjust(
        self, request: HttpRequest, rows: QuerySet[Enrollment], kind: str, *, back: str, apply: bool
    ) -> HttpResponse:
        """Ask what the adjustment needs, or make it for everybody chosen; each refusal is told by name."""
        if rows.exclude(cohort__in=cohorts_led(request)).exists():
            raise PermissionDenied
        people = list(rows.select_related(*WITH_TERMS).order_by("user__name", "id"))
        versions = {row.version_id: row.version for row in people}
        if len(versions) != 1:
            messages.error(request, _now("Choose people who run the same version of a journey."))
            return HttpResponseRedirect(back)
        outline = outline_for(next(iter(versions.values())))
        adjustment = ADJUSTMENTS[kind]
        form = adjustment.form(request.POST if apply else None, outline=outline)
        if apply and form.is_valid():
            self._apply(request, people, adjustment, form.values())
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": adjustment.label,
            "kind": kind,
            "people": people,
            "form": form,
            "back": back,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "learners/progress/admin/adjust.html", context, status=422 if apply else 200)

    def _apply(
        self, request: HttpRequest, people: list[Enrollment], adjustment: Adjustment, values: dict[str, Any]
    ) -> None:
        reading, actor_id, done = now(), cast(User, request.user).pk, 0
        for row in people:
            try:
                adjustment.act(enrollment_id=row.pk, actor_id=actor_id, now=reading, **values)
            except DomainError as refusal:
                messages.error(request, f"{row.user}: {refusal}")
            else:
                done += 1
        if done:
            sentence = ngettext("Done for %(n)d person.", "Done for %(n)d people.", done) % {"n": done}
            messages.success(request, sentence)


def _action(kind: str) -> Callable[[EnrollmentPage, HttpRequest, QuerySet[Enrollment]], HttpResponse]:
    def act(page: EnrollmentPage, request: HttpRequest, rows: QuerySet[Enrollment]) -> HttpResponse:
        return page.adjust(request, rows, kind, back=request.get_full_path(), apply="apply" in request.POST)

    return act
