"""The form of a work calendar: its base, its weekend, and the days that are different, one a line or as a file."""

from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from journeys.authoring.actions.calendars import calendar_faults
from journeys.authoring.models import OrganizationCalendar
from journeys.authoring.queries.calendars import own_days
from journeys.authoring.rules.calendars import EXAMPLE, DayException, read_exceptions

MOST_BYTES: Final = 200_000
WEEKDAYS: Final = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    """A work calendar; says what to mend, line by line, before anything is written."""

    weekend = forms.MultipleChoiceField(
        label=_("Days off each week"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty for the weekend of the country."),
    )
    listed = forms.CharField(
        label=_("Exceptions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One day a line: the date, off or working, and the reason that learners read. Such as %(example)s.")
        % {"example": EXAMPLE},
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        help_text=_("With the same three columns. It takes the place of the list above."),
    )

    # Set by the page, for a calendar that is new.
    organization_id: int | None = None

    class Meta:
        model = OrganizationCalendar
        fields = ("name", "base", "country")
        labels = {"base": _("Begin with the public holidays of")}
        help_texts = {"country": _("Only for one country: a code such as JP, or DE-BY for a part of one.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exceptions: tuple[DayException, ...] = ()
        if self.instance.pk is not None:
            own = own_days(self.instance)
            self.initial["weekend"] = [str(day) for day in own.weekend or ()]
            self.initial["listed"] = "\n".join(one.as_line() for one in own.exceptions)

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        if data.get("base") != "country":
            data["country"] = ""
        place, text = "listed", data.get("listed", "")
        if data.get("file") is not None:
            place, text = "file", self._text(data["file"])
        self.exceptions, faults = read_exceptions(text)
        for fault in faults:
            self.add_error(place, fault.message)
        return data

    def values(self) -> dict[str, Any]:
        """Return what the action takes; call it once the form is valid."""
        data = self.cleaned_data
        weekend = [int(day) for day in data["weekend"]] or None
        named = {name: data[name] for name in ("name", "base", "country")}
        return {**named, "weekend": weekend, "exceptions": self.exceptions}

    def _text(self, upload: Any) -> str:
        if upload.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 200 kB. A calendar holds at most 1,000 days."))
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8. Save it as “CSV UTF-8” and choose it again."))
            return ""

    def _update_errors(self, errors: ValidationError) -> None:
        # What the database would refuse, calendar_faults says at its field and in words.
        errors.error_dict.pop(NON_FIELD_ERRORS, None)
        super()._update_errors(errors)  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.instance.organization_id is None:
            self.instance.organization_id = self.organization_id
        if not self.errors:
            self.instance.weekend = [int(day) for day in self.cleaned_data["weekend"]] or None
            for fault in calendar_faults(self.instance):
                self.add_error(fault.pointer.removeprefix("/"), fault.detail)
