"""What learners did, to be looked at: never what they wrote."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from learners.cohorts.admin import RecordPage
from learners.progress.models import Attempt, Completion, SignOff


class OfEnrollment(RecordPage):
    """A record of one person in one cohort."""

    cohort_path = "enrollment__cohort"
    list_select_related: ClassVar[Any] = ("enrollment__user", "enrollment__cohort")
    search_fields = ("enrollment__user__name", "enrollment__user__email", "step_key")
    list_filter: ClassVar[Any] = (("enrollment__cohort", admin.RelatedOnlyFieldListFilter),)

    @admin.display(description=_("person"), ordering="enrollment__user__name")
    def person(self, row: Any) -> str:
        return str(row.enrollment.user)

    @admin.display(description=_("cohort"), ordering="enrollment__cohort__name")
    def cohort(self, row: Any) -> str:
        return str(row.enrollment.cohort)


@admin.register(Completion)
class CompletionPage(OfEnrollment):
    """Completions: the one truth of progress, written by completing and never by hand."""

    list_display = ("person", "cohort", "step_key", "completed_at", "passed_at", "how", "recorded_by")
    list_select_related = (*OfEnrollment.list_select_related, "recorded_by")
    list_filter = (*OfEnrollment.list_filter, "how")
    date_hierarchy = "completed_at"
    ordering = ("-completed_at", "-id")
    fields = ("person", "cohort", "step_key", "completed_at", "passed_at", "how", "recorded_by", "recorded_at")


@admin.register(Attempt)
class AttemptPage(OfEnrollment):
    """Attempts, without the answers: those are read by the learner alone."""

    list_display = ("person", "cohort", "step_key", "number", "state", "waiting_on", "saved_at")
    list_filter = (*OfEnrollment.list_filter, "state")
    date_hierarchy = "started_at"
    ordering = ("-saved_at", "-id")
    fields = ("person", "cohort", "step_key", "number", "state", "waiting_on", "started_at", "saved_at")


@admin.register(SignOff)
class SignOffPage(OfEnrollment):
    """Requests to confirm a practice, without whom was asked and what they wrote back: that is the learner's."""

    list_display = ("person", "cohort", "step_key", "asked_as", "state", "asked_at", "answered_at")
    list_filter = (*OfEnrollment.list_filter, "state")
    date_hierarchy = "asked_at"
    ordering = ("-asked_at", "-id")
    fields = ("person", "cohort", "step_key", "asked_as", "state", "asked_at", "expires_at", "answered_at")
