"""The form that begins a journey from a copy."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.support.forms import LongSelect
from journeys.schedule.calendar import UnknownCountry, WorkCalendar, calendar_for
from journeys.studio.forms.outline import StudioForm
from journeys.studio.forms.simulate import FIRST_YEAR, LAST_YEAR, holiday_countries


def _day(label: Any, hint: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput({"type": "date", "class": "wide"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("That is not a day of the calendar. Choose one, such as 2027-03-03.")},
    )


class CopyForm(StudioForm):
    """What to begin from, what to call it, and where its fixed dates move. sources: choices in groups."""

    source = forms.ChoiceField(
        label=_("Begin from"),
        widget=LongSelect({"class": "wide"}),
        error_messages={
            "required": _("Choose the journey to begin from."),
            "invalid_choice": _("This journey is no longer there. Choose another one."),
        },
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Leave it empty to keep the title."),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "wide", "dir": "auto"}),
    )
    new_start = _day(
        _("New start"), _("Moves dates that are fixed in its rules. What counts from the start needs nothing.")
    )
    old_start = _day(
        _("They were made for a start on"), _("Leave it empty for the start that its expectations imagine.")
    )
    calendar = forms.ChoiceField(label=_("Holidays"), required=False, widget=LongSelect({"class": "wide"}))

    def __init__(self, data: Any = None, *, sources: list[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["source"].choices = [("", _("Choose a journey")), *sources]  # type: ignore[attr-defined]
        holidays = [("", _("Those of your organization’s country")), *holiday_countries()]
        self.fields["calendar"].choices = holidays  # type: ignore[attr-defined]

    def clean_new_start(self) -> date | None:
        return _plausible(self.cleaned_data["new_start"])

    def clean_old_start(self) -> date | None:
        return _plausible(self.cleaned_data["old_start"])

    def work_calendar(self, zone: str) -> WorkCalendar:
        """Return the calendar that was chosen; zone: whose country counts where none was."""
        try:
            return calendar_for(self.cleaned_data["calendar"] or None, zone)
        except UnknownCountry:
            return calendar_for(None, zone)


def _plausible(day: date | None) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("Choose a day in the years 2000 to 2199."))
    return day
