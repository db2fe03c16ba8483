"""Choosing whom a version reaches, and saying why."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.cohorts.models import Cohort
from learners.rollout.models import Policy

LONGEST_NOTE = 2_000


class ChoiceForm(forms.Form):
    """Who moves, in which cohorts. Unknown cohorts are refused; none chosen means all."""

    policy = forms.ChoiceField(
        label=_("Who moves"), choices=Policy.choices, initial=Policy.NOT_STARTED, widget=forms.RadioSelect
    )
    cohorts = forms.TypedMultipleChoiceField(
        label=_("Cohorts"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: object, *, cohorts: Sequence[Cohort]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._cohorts = {cohort.uuid: cohort.pk for cohort in cohorts}
        self.fields["cohorts"].choices = [(str(cohort.uuid), cohort.name) for cohort in cohorts]  # type: ignore[attr-defined]

    def cohort_ids(self) -> list[int]:
        """Return the row ids of the chosen cohorts; after is_valid."""
        chosen = self.cleaned_data["cohorts"] or list(self._cohorts)
        return [self._cohorts[uuid] for uuid in chosen]


class NoteForm(forms.Form):
    """Why, for the log."""

    note = forms.CharField(
        label=_("Why, for the log"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Colleagues read this in the log of the journey. Learners do not."),
    )
