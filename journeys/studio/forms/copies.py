"""The form that begins a journey from a copy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.support.forms import LongSelect
from journeys.schedule.calendar import UnknownCountry, WorkCalendar, calendar_for
from journeys.studio.forms.days import day_field
from journeys.studio.forms.outline import StudioForm
from journeys.studio.forms.simulate import holiday_countries


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
    new_start = day_field(
        _("New start"), hint=_("Moves dates that are fixed in its rules. What counts from the start needs nothing.")
    )
    old_start = day_field(
        _("They were made for a start on"), hint=_("Leave it empty for the start that its expectations imagine.")
    )
    calendar = forms.ChoiceField(label=_("Holidays"), required=False, widget=LongSelect({"class": "wide"}))

    def __init__(self, data: Any = None, *, sources: list[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["source"].choices = [("", _("Choose a journey")), *sources]  # type: ignore[attr-defined]
        holidays = [("", _("Those of your organization’s country")), *holiday_countries()]
        self.fields["calendar"].choices = holidays  # type: ignore[attr-defined]

    def work_calendar(self, zone: str) -> WorkCalendar:
        """Return the calendar that was chosen; zone: whose country counts where none was."""
        try:
            return calendar_for(self.cleaned_data["calendar"] or None, zone)
        except UnknownCountry:
            return calendar_for(None, zone)
