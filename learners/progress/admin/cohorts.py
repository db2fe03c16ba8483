"""Cohorts in the admin: their dates, their staff, and the ways to enroll people and record sessions."""

from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts.admin_access import choices_within, operator
from config.accounts.admin_filters import EmptyInWords
from config.accounts.models import User
from config.accounts.session import actor_of
from config.support.clock import now
from config.support.errors import DomainError
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from learners.cohorts.actions import close_cohort, create_cohort, remove_staff, set_staff
from learners.cohorts.admin import StaffPage, cohorts_led, cohorts_seen
from learners.cohorts.models import Cohort, CohortStaff
from learners.cohorts.models.cohort import Clock
from learners.cohorts.queries import with_counts
from learners.progress.actions import update_cohort
from learners.progress.admin.enroll_page import EnrollPage
from learners.progress.admin.event_pages import EventPages
from learners.progress.admin.session_pages import SessionPages
from learners.progress.forms import CohortForm


def may_found(request: HttpRequest) -> bool:
    """Tell whether the person may create cohorts and name their staff: administrators, and operators."""
    actor = actor_of(request)
    return operator(request) or (actor is not None and actor.is_administrator)


def version_label(version: JourneyVersion) -> str:
    """Name a version in a choice; one that is retired says so."""
    if version.status == VersionStatus.RETIRED:
        return _now("%(version)s (retired; this cohort keeps it until you choose another)") % {"version": version}
    return str(version)


class StaffInline(admin.StackedInline):  # type: ignore[type-arg]
    """Who runs the cohort; rows are added and taken away, not changed."""

    model = CohortStaff
    extra = 1
    fields = ("user", "role")
    verbose_name = _("person")
    verbose_name_plural = _("Staff: facilitators change things, managers look")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not operator(request):
            kwargs["queryset"] = choices_within(db_field.related_model, actor_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"labels": {"user": _("Person")}, **kwargs})

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 + (0 if obj else len(_staff_of(request)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user").order_by("role", "user__name")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_found(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_found(request)


def earlier(request: HttpRequest) -> Cohort | None:
    """Return the cohort that a new one is to be like (?like=), of those that the person sees."""
    wanted = request.GET.get("like", "")
    if not (wanted.isdecimal() and len(wanted) < 19):
        return None
    return cohorts_seen(request).select_related("version").filter(pk=int(wanted)).first()


def _staff_of(request: HttpRequest) -> list[dict[str, Any]]:
    like = earlier(request)
    staff = CohortStaff.objects.filter(cohort=like).order_by("role", "user__name") if like else ()
    return [{"user": one.user_id, "role": one.role} for one in staff]


class DatesFilter(admin.ChoicesFieldListFilter):
    """Cohorts by whose dates count, in the words of the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _now("dates")


class JoiningFilter(EmptyInWords):
    """Cohorts that people can join, or those that were closed."""

    title_in_words, empty_in_words, filled_in_words = _("joining"), _("Open"), _("Closed: nobody joins any more")


@admin.register(Cohort)
class CohortPage(EnrollPage, SessionPages, EventPages, StaffPage):
    """Cohorts: administrators found them, facilitators look after them, managers look."""

    form = CohortForm
    inlines = (StaffInline,)
    cohort_path = ""
    change_form_template = "learners/progress/admin/cohort.html"
    list_display = (
        "name",
        "journey",
        "dates",
        "starts_on",
        "ends_on",
        "people",
        "finished_people",
        "closed_at",
        "enroll_here",
    )
    list_filter = (("closed_at", JoiningFilter), ("clock", DatesFilter))
    list_select_related = ("version__journey",)
    search_fields = ("name", "version__title", "version__journey__key")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "-id")
    actions = ("close",)
    fieldsets = (
        (None, {"fields": ("name", "version", "clock", "starts_on", "ends_on")}),
        (_("Calendar"), {"fields": ("time_zone", "zone_rule", "country", "calendar", "days_off")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted: QuerySet[Any] = with_counts(super().get_queryset(request))
        led: QuerySet[Any] = counted.annotate(may_enroll=Exists(cohorts_led(request).filter(pk=OuterRef("pk"))))
        return led

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_found(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or may_found(request):
            return self.may(request)
        return cohorts_led(request).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_close_permission(self, request: HttpRequest) -> bool:
        return may_found(request)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("enroll/people.csv", self.admin_site.admin_view(self.sample), name="learners_cohort_sample"),
            path("<int:cohort_id>/enroll/", self.admin_site.admin_view(self.enroll), name="learners_cohort_enroll"),
            path(
                "<int:cohort_id>/sessions/", self.admin_site.admin_view(self.sessions), name="learners_cohort_sessions"
            ),
            path("<int:cohort_id>/events/", self.admin_site.admin_view(self.events), name="learners_cohort_events"),
            path(
                "<int:cohort_id>/sessions/<slug:step_key>/",
                self.admin_site.admin_view(self.attendance),
                name="learners_cohort_attendance",
            ),
        ]
        return [*own, *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "version" and field is not None and field.queryset is not None:
            # What is retired stays with those who run it; nobody begins it anew.
            published = field.queryset.filter(status=VersionStatus.PUBLISHED).select_related("journey__organization")
            field.queryset = published.order_by("journey__key", "-number")
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        like = earlier(request) if obj is None else None
        if like is not None and like.starts_on:
            end = date_format(like.ends_on) if like.ends_on else "…"
            told = {"cohort": like, "start": date_format(like.starts_on), "end": end}
            form.base_fields["starts_on"].help_text = _now("“%(cohort)s” ran from %(start)s to %(end)s.") % told
        if obj is not None and "version" in form.base_fields:
            versions = cast(Any, form.base_fields["version"])
            running = Q(pk=obj.version_id) | Q(status=VersionStatus.PUBLISHED)
            of_journey = JourneyVersion.objects.filter(running, journey_id=obj.version.journey_id)
            versions.queryset = of_journey.select_related("journey__organization").order_by("-number")
            versions.label_from_instance = version_label
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill the form with what another cohort has, all but its dates; the journey in its live version."""
        like = earlier(request)
        if like is None:
            return cast("dict[str, Any]", super().get_changeform_initial_data(request))
        live = JourneyVersion.objects.filter(journey_id=like.version.journey_id, status=VersionStatus.PUBLISHED)
        kept = {name: getattr(like, name) for name in ("name", "clock", "time_zone", "zone_rule", "country")}
        return {**kept, "version": live.values_list("pk", flat=True).first()}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj.pk is None:
            kwargs["initial"] = _staff_of(request)
        return kwargs

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().render_change_form(request, {**context, "may_found": may_found(request)}, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Lead on to what a new cohort is for, unless another button was pressed."""
        if request.POST.keys() & {"_continue", "_addanother", "_popup"}:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _now("“%(cohort)s” is ready. Enroll its people now, or later.") % {"cohort": obj})
        return HttpResponseRedirect(reverse("admin:learners_cohort_enroll", args=[obj.pk]))

    @admin.display(description=_("journey"), ordering="version__title")
    def journey(self, cohort: Cohort) -> str:
        return str(cohort.version)

    @admin.display(description=_("dates"), ordering="clock")
    def dates(self, cohort: Cohort) -> str:
        return str(Clock(cohort.clock).label)

    @admin.display(description=_("more people"))
    def enroll_here(self, cohort: Any) -> str:
        """The way to enroll, for those who look after the cohort; a manager only looks."""
        if cohort.closed_at is not None or not cohort.may_enroll:
            return ""
        url = reverse("admin:learners_cohort_enroll", args=[cohort.pk])
        words = _now("Enroll people")
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, words, cohort.name, words)

    @admin.display(description=_("people"), ordering="in_cohort")
    def people(self, cohort: Any) -> str:
        url = reverse("admin:learners_enrollment_changelist") + f"?cohort__id__exact={cohort.pk}"
        return format_html('<a href="{}">{}</a>', url, cohort.in_cohort)

    @admin.display(description=_("finished"), ordering="finished")
    def finished_people(self, cohort: Any) -> int:
        return cast(int, cohort.finished)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor_id = cast(User, request.user).pk
        values = {name: form.cleaned_data[name] for name in form.Meta.fields if name in form.cleaned_data}
        values["version_id"] = values.pop("version").pk
        values["calendar_id"] = getattr(values.pop("calendar", None), "pk", None)
        values["days_off"] = [date.fromisoformat(day) for day in values["days_off"]]
        if change:
            update_cohort(cohort_id=obj.pk, actor_id=actor_id, now=now(), **values)
            return
        version = obj.version
        made = create_cohort(organization_id=version.journey.organization_id, actor_id=actor_id, now=now(), **values)
        obj.pk, obj.organization_id = made.pk, made.organization_id

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        actor_id = cast(User, request.user).pk
        for gone in formset.deleted_objects:
            remove_staff(cohort_id=form.instance.pk, user_id=gone.user_id, role=gone.role, actor_id=actor_id, now=now())
        for new in formset.new_objects:
            try:
                set_staff(cohort_id=form.instance.pk, user_id=new.user_id, role=new.role, actor_id=actor_id, now=now())
            except DomainError as refusal:
                messages.error(request, str(refusal))

    @admin.action(description=_("Close the chosen cohorts: nobody joins any more"), permissions=["close"])
    def close(self, request: HttpRequest, cohorts: QuerySet[Cohort]) -> None:
        actor_id = cast(User, request.user).pk
        done = [close_cohort(cohort_id=cohort.pk, actor_id=actor_id, now=now()) for cohort in cohorts]
        sentence = ngettext("%(n)d cohort is closed.", "%(n)d cohorts are closed.", len(done)) % {"n": len(done)}
        messages.success(request, sentence)
