"""The pages on which staff set the times of live sessions and record who took part."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.accounts.actor import ADMINISTRATOR, Actor
from config.accounts.models import User
from config.accounts.session import actor_of
from config.support.clock import now
from config.support.errors import DomainError
from journeys.authoring.queries import outline_for
from journeys.schedule.outline import StepOutline
from learners.cohorts.actions import schedule_live_session
from learners.cohorts.models import Cohort, Enrollment, LiveSession
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.progress.actions import record_attendance
from learners.progress.admin.enroll_page import cohort_to_lead
from learners.progress.forms import AttendanceForm, SessionForm
from learners.progress.models import Completion


def sessions_of(cohort: Cohort) -> list[StepOutline]:
    """Return the live sessions of the version that a cohort runs, in order."""
    return [step for step in outline_for(cohort.version).steps_by_key.values() if step.kind == "live_session"]


class SessionPages:
    """Adds the two pages to the admin of cohorts."""

    admin_site: AdminSite
    model: type[Model]

    def sessions(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Show a small form for each live session; one is saved at a time."""
        cohort = cohort_to_lead(request, cohort_id)
        posted = request.POST.get("step", "") if request.method == "POST" else ""
        steps = sessions_of(cohort)
        planned = {row.step_key: row for row in LiveSession.objects.filter(cohort=cohort)}
        forms = {
            step.key: SessionForm(request.POST if step.key == posted else None, **_shown(step, planned, cohort))
            for step in steps
        }
        form = forms.get(posted)
        if form is not None and form.is_valid() and self._saved(request, cohort, posted, form):
            return HttpResponseRedirect(reverse("admin:learners_cohort_sessions", args=[cohort.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "cohort": cohort,
            "title": _("Live sessions of %(cohort)s") % {"cohort": cohort},
            "sessions": [(step, forms[step.key], planned.get(step.key)) for step in steps],
        }
        status = 422 if form is not None and form.errors else 200
        return TemplateResponse(request, "learners/progress/admin/sessions.html", context, status=status)

    def _saved(self, request: HttpRequest, cohort: Cohort, step_key: str, form: SessionForm) -> bool:
        try:
            session = schedule_live_session(
                cohort_id=cohort.pk,
                step_key=step_key,
                starts_at=form.moment(cohort.time_zone),
                minutes=form.cleaned_data["minutes"],
                place=form.cleaned_data["place"],
                actor_id=cast(User, request.user).pk,
                now=now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        local = session.starts_at.astimezone(ZoneInfo(cohort.time_zone))
        messages.success(
            request,
            _("The session begins on %(when)s, %(zone)s.")
            % {"when": f"{local:%Y-%m-%d %H:%M}", "zone": cohort.time_zone},
        )
        return True

    def attendance(self, request: HttpRequest, cohort_id: int, step_key: str) -> HttpResponse:
        """Show who is in the cohort, and record those who took part."""
        cohort = cohort_to_lead(request, cohort_id)
        step = next((step for step in sessions_of(cohort) if step.key == step_key), None)
        if step is None:
            raise Http404
        there = Completion.objects.filter(enrollment__cohort=cohort, step_key=step_key)
        recorded = set(there.values_list("enrollment_id", flat=True))
        present = Enrollment.objects.filter(cohort=cohort).exclude(status=EnrollmentStatus.WITHDRAWN)
        people = [(row.pk, str(row.user)) for row in present.select_related("user").order_by("user__name", "id")]
        missing = [(pk, name) for pk, name in people if pk not in recorded]
        form = AttendanceForm(request.POST or None, people=missing)
        is_asked = request.method == "POST" and form.is_valid()
        if is_asked and "confirmed" in request.POST:
            self._record(request, cohort, step_key, form.cleaned_data["people"])
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "cohort": cohort,
            "step": step,
            "title": _("Who took part in %(session)s") % {"session": step.title},
            "form": form,
            "missing": missing,
            # A completion is never taken back: the names are shown once more before.
            "chosen": [pair for pair in missing if is_asked and pair[0] in form.cleaned_data["people"]],
            "recorded": [name for pk, name in people if pk in recorded],
        }
        return TemplateResponse(request, "learners/progress/admin/attendance.html", context)

    def _record(self, request: HttpRequest, cohort: Cohort, step_key: str, people: list[int]) -> None:
        user = cast(User, request.user)
        actor = actor_of(request)
        if user.is_superuser:
            actor = Actor(cohort.organization_id, user_id=user.pk, roles=frozenset({ADMINISTRATOR}))
        answers = record_attendance(
            actor=cast(Actor, actor), cohort_id=cohort.pk, step_key=step_key, enrollment_ids=people, now=now()
        )
        done = sum(answer.outcome == "recorded" for answer in answers)
        for answer in answers:
            if answer.outcome == "refused":
                messages.error(request, answer.detail)
        sentence = ngettext("%(n)d person is recorded.", "%(n)d people are recorded.", done) % {"n": done}
        messages.success(request, sentence)


def _shown(step: StepOutline, planned: dict[str, LiveSession], cohort: Cohort) -> dict[str, Any]:
    row = planned.get(step.key)
    initial: dict[str, Any] = {"minutes": step.minutes}
    if row is not None:
        local = row.starts_at.astimezone(ZoneInfo(cohort.time_zone))
        initial = {"starts_on": local.date(), "starts_at": local.time(), "minutes": row.minutes, "place": row.place}
    return {"initial": initial, "prefix": None, "auto_id": f"id_{step.key}_%s"}
