"""The page on which staff record that what a journey waits for has taken place."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.support.clock import now
from config.support.errors import DomainError
from learners.cohorts.models import Cohort
from learners.cohorts.rules.own_facts import instants_of
from learners.progress.actions import record_event
from learners.progress.actions.happening import events_in
from learners.progress.admin.enroll_page import cohort_to_lead
from learners.progress.forms import HappenedForm


class EventPages:
    """Adds the page to the admin of cohorts."""

    admin_site: AdminSite
    model: type[Model]

    def events(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Show a small form for each event; one is recorded, or taken back, at a time."""
        cohort = cohort_to_lead(request, cohort_id)
        posted = request.POST.get("event", "") if request.method == "POST" else ""
        known, happened = events_in(cohort), instants_of(cohort.happened.items())
        forms = {
            key: HappenedForm(request.POST if key == posted else None, **_shown(key, cohort, happened)) for key in known
        }
        form = forms.get(posted)
        if form is not None and self._is_recorded(request, cohort, posted, form):
            return HttpResponseRedirect(reverse("admin:learners_cohort_events", args=[cohort.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "cohort": cohort,
            "title": _("Events of %(cohort)s") % {"cohort": cohort},
            "events": [(key, title, forms[key], key in happened) for key, title in known.items()],
        }
        status = 422 if form is not None and form.errors else 200
        return TemplateResponse(request, "learners/progress/admin/events.html", context, status=status)

    def _is_recorded(self, request: HttpRequest, cohort: Cohort, key: str, form: HappenedForm) -> bool:
        takes_back = "take_back" in request.POST
        if not takes_back and not form.is_valid():
            return False
        try:
            record_event(
                cohort_id=cohort.pk,
                key=key,
                happened_at=None if takes_back else form.moment(cohort.time_zone),
                actor_id=cast(User, request.user).pk,
                now=now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        taken_back = _("Taken back. What it opened stays open.")
        messages.success(request, taken_back if takes_back else _("Recorded. What waited for it follows."))
        return True


def _shown(key: str, cohort: Cohort, happened: dict[str, Any]) -> dict[str, Any]:
    local = happened.get(key, now()).astimezone(ZoneInfo(cohort.time_zone))
    return {"initial": {"happened_on": local.date(), "happened_at": local.time()}, "auto_id": f"id_{key}_%s"}
