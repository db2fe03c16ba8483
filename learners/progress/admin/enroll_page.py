"""The page on which staff enroll one person, or a list after seeing what would become of each row."""

from collections import Counter
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.support.clock import now
from config.support.errors import DomainError
from config.support.sheets import csv_line
from learners.cohorts.actions import enroll, enroll_many
from learners.cohorts.admin import cohorts_led, cohorts_seen
from learners.cohorts.models import Cohort, Enrollment
from learners.cohorts.rules.enrollment_list import SAMPLE, EnrollmentList, EnrollmentRow, read_enrollment_csv
from learners.people.words import manager_sentences
from learners.progress.forms import ListForm, PersonForm
from learners.progress.queries.enrolling import ORDER, ListLine, lines_of, members_named

# A spreadsheet reads a file without this mark in the alphabet of its own country.
BYTE_ORDER_MARK = "\ufeff"


def cohort_to_lead(request: HttpRequest, cohort_id: int) -> Cohort:
    """Return a cohort whose people the person looks after; 404 for a stranger, 403 for somebody who may only look."""
    cohort = cohorts_seen(request).select_related("version__journey", "organization").filter(pk=cohort_id).first()
    if cohort is None:
        raise Http404
    if not cohorts_led(request).filter(pk=cohort_id).exists():
        raise PermissionDenied
    return cohort


class EnrollPage:
    """Adds the page to the admin of cohorts. A POST says with its button what is meant: person, check or enroll."""

    admin_site: AdminSite
    model: type[Model]

    def enroll(self, request: HttpRequest, cohort_id: int) -> HttpResponse:
        """Show the two forms, check a list without writing anything, or enroll."""
        cohort = cohort_to_lead(request, cohort_id)
        act = request.POST.get("act", "") if request.method == "POST" else ""
        if act == "person":
            return self._person(request, cohort)
        if act in ("check", "enroll"):
            return self._list(request, cohort, dry_run=act == "check")
        return self._page(request, cohort)

    def sample(self, request: HttpRequest) -> HttpResponse:
        """Hand out a list to begin with, as a spreadsheet opens it."""
        answer = HttpResponse(
            BYTE_ORDER_MARK + "".join(csv_line(list(row)) for row in SAMPLE), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = 'attachment; filename="people.csv"'
        return answer

    def _person(self, request: HttpRequest, cohort: Cohort) -> HttpResponse:
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self._page(request, cohort, person=form)
        row = EnrollmentRow(1, form.cleaned_data["email"], manager_email=form.cleaned_data["manager_email"])
        before = members_named(cohort, [row])
        here = Enrollment.objects.filter(cohort=cohort, user__email=row.email.strip().lower()).exists()
        try:
            made = enroll(cohort_id=cohort.pk, actor_id=cast(User, request.user).pk, now=now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, cohort, person=form)
        messages.success(request, _("%(name)s is in the cohort.") % {"name": made.user})
        said = manager_sentences(
            email=made.user.email, manager_email=row.manager_email.strip().lower(), members=before, is_done=True
        )
        for sentence in () if here else said:
            messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("admin:learners_cohort_enroll", args=[cohort.pk]))

    def _list(self, request: HttpRequest, cohort: Cohort, *, dry_run: bool) -> HttpResponse:
        form = ListForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, cohort, people=form)
        content = form.content()
        found = read_enrollment_csv(content)
        if found.faults:
            for fault in found.faults:
                form.add_error("file", str(fault))
            return self._page(request, cohort, people=form)
        before = members_named(cohort, found.rows)
        try:
            results = enroll_many(
                cohort_id=cohort.pk,
                rows=found.rows,
                actor_id=cast(User, request.user).pk,
                now=now(),
                dry_run=dry_run,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, cohort, people=form)
        lines = lines_of(cohort, found.rows, results, before=before, is_done=not dry_run)
        return self._results(request, cohort, found, lines, text=_text(content) if dry_run else "")

    def _results(
        self, request: HttpRequest, cohort: Cohort, found: EnrollmentList, lines: list[ListLine], *, text: str
    ) -> HttpResponse:
        counts: Counter[str] = Counter(line.result.outcome for line in lines)
        context = {
            **self._context(request, cohort),
            "lines": lines,
            "counts": {outcome: counts.get(outcome, 0) for outcome in ORDER},
            "ignored": found.ignored,
            "text": text,
            "dry_run": bool(text),
        }
        return TemplateResponse(request, "learners/progress/admin/enroll_results.html", context)

    def _page(self, request: HttpRequest, cohort: Cohort, **forms: Any) -> HttpResponse:
        context = {
            **self._context(request, cohort),
            "person": forms.get("person") or PersonForm(),
            "people": forms.get("people") or ListForm(),
        }
        status = 422 if forms else 200
        return TemplateResponse(request, "learners/progress/admin/enroll.html", context, status=status)

    def _context(self, request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "cohort": cohort,
            "title": _("Enroll people into %(cohort)s") % {"cohort": cohort},
        }


def _text(content: bytes) -> str:
    """Return the list as text that a form can carry; it was read once, so it can be read again."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return content.decode(encoding)
