"""Forms of the admin: cohorts, people to enroll, adjustments, live sessions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from config.accounts.zone_lists import ZoneField
from config.support.errors import InvalidInput
from journeys.schedule.calendar import to_instant, zone_named
from journeys.schedule.outline import Outline
from learners.cohorts.actions.cohorts import check_cohort
from learners.cohorts.models import Cohort
from learners.cohorts.rules.enrollment_list import MAX_BYTES, read_day


class DaysField(forms.CharField):
    """Dates, one a line, as 2027-05-03."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        try:
            days = {read_day(line) for line in text.replace(",", "\n").splitlines() if line.strip()}
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return sorted(day.isoformat() for day in days if day is not None)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return sorted(initial or []) != self.to_python(data)
        except ValidationError:
            return True


class CohortForm(forms.ModelForm):  # type: ignore[type-arg]
    """A cohort's journey, dates and calendar; says what to mend before anything is written."""

    time_zone = ZoneField(required=False, help_text=_("Empty means your organization’s."))
    days_off = DaysField(label=_("Extra days off"), required=False, help_text=_("One date a line, such as 2027-05-03."))

    class Meta:
        model = Cohort
        fields = (
            "name",
            "version",
            "clock",
            "starts_on",
            "ends_on",
            "time_zone",
            "zone_rule",
            "country",
            "calendar",
            "days_off",
        )
        labels = {"clock": _("Dates")}
        help_texts = {
            "version": _("The version that new people run. Those in the cohort keep theirs."),
            "starts_on": _("The first day. Needed for shared dates."),
            "clock": _("Shared: everyone starts on the cohort’s date. Individual: each person on the day they join."),
            "country": _("Two letters, such as JP. Empty means the public holidays where each learner is."),
            "calendar": _("One of your organization’s, in place of a country’s holidays."),
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    def clean_time_zone(self) -> str:
        version = self.cleaned_data.get("version") or getattr(self.instance, "version", None)
        zone: str = self.cleaned_data["time_zone"] or self.instance.time_zone
        return self.cleaned_data["time_zone"] or (version.journey.organization.time_zone if version else zone)

    def _update_errors(self, errors: ValidationError) -> None:
        # What the database would refuse, check_cohort says at its field and in words.
        errors.error_dict.pop(NON_FIELD_ERRORS, None)
        super()._update_errors(errors)  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            check_cohort(self.instance)
        except InvalidInput as refusal:
            for fault in refusal.faults:
                name = fault.pointer.removeprefix("/")
                if name in self.fields and name not in self.errors:
                    self.add_error(name, fault.detail)


class PersonForm(forms.Form):
    """One person to enroll."""

    email = forms.CharField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    time_zone = ZoneField(required=False)
    manager_email = forms.CharField(label=_("Line manager’s e-mail address"), max_length=254, required=False)
    starts_on = forms.CharField(
        label=_("Own start"), required=False, help_text=_("Empty means the cohort’s. Write it as 2027-03-03.")
    )


class ListForm(forms.Form):
    """A list of people as a CSV file, or as text when the file has been read already."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_(
            "The first line names the columns: e-mail, and if you like name, time zone, manager e-mail, start date."
        ),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        upload = data.get("file")
        if upload is None and not data.get("text"):
            self.add_error("file", _("Choose a CSV file."))
        elif upload is not None and upload.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 5 MB. Split it into smaller lists."))
        return data

    def content(self) -> bytes:
        """Return what the list holds; call it once the form is valid."""
        upload = self.cleaned_data.get("file")
        return upload.read() if upload is not None else str(self.cleaned_data["text"]).encode()


class ReasonForm(forms.Form):
    """An adjustment that needs nothing but, if staff like, a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For facilitators and administrators; whoever it is about finds it in their data."),
    )

    def __init__(self, *args: Any, outline: Outline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outline = outline
        self.set_choices()
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def set_choices(self) -> None:
        """Offer what the journey holds; nothing here."""

    def values(self) -> dict[str, Any]:
        """Return what the action takes beside the enrollment; call it once the form is valid."""
        return dict(self.cleaned_data)


class ShiftForm(ReasonForm):
    """By how many days everything still to come is moved."""

    days = forms.IntegerField(
        label=_("Days"), min_value=-365, max_value=365, help_text=_("Later by so many days; negative is earlier.")
    )


class ExtendForm(ReasonForm):
    """Which last day moves, and to when."""

    key = forms.ChoiceField(label=_("What"), required=False)
    until_on = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def set_choices(self) -> None:
        everything = [("", _("Everything that has a last day"))]
        self.fields["key"].choices = [*everything, *places(self.outline)]  # type: ignore[attr-defined]


class StepForm(ReasonForm):
    """Which step a person need not do."""

    key = forms.ChoiceField(label=_("Step"))

    def set_choices(self) -> None:
        steps = [place for place in places(self.outline) if "/" in place[0]]
        self.fields["key"].choices = steps  # type: ignore[attr-defined]


class PlaceForm(ReasonForm):
    """Which module or step opens by hand."""

    key = forms.ChoiceField(label=_("Module or step"))

    def set_choices(self) -> None:
        self.fields["key"].choices = places(self.outline)  # type: ignore[attr-defined]


class EventForm(ReasonForm):
    """Which event has taken place."""

    key = forms.ChoiceField(label=_("Event"), help_text=_("It counts as of now, for this person only."))

    def set_choices(self) -> None:
        self.fields["key"].choices = list(self.outline.events.items())  # type: ignore[attr-defined]


def places(outline: Outline) -> list[tuple[str, str]]:
    """Return every module and step of a journey with its title, in order, steps set in."""
    found: list[tuple[str, str]] = []
    for number, module in enumerate(outline.modules, start=1):
        found.append((module.key, f"{number}. {module.title}"))
        found += [(str(step.reference), f"— {step.title}") for step in module.steps]
    return found


class SessionForm(forms.Form):
    """When and where one live session takes place, in the cohort's time zone."""

    starts_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts_at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600)
    place = forms.CharField(label=_("Place or link"), max_length=300, required=False)

    def moment(self, zone: str) -> datetime:
        """Return the start as an instant; call it once the form is valid."""
        day: date = self.cleaned_data["starts_on"]
        return to_instant(day, self.cleaned_data["starts_at"], zone_named(zone))


class HappenedForm(forms.Form):
    """When something outside the journey took place, in the cohort's time zone."""

    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    happened_at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def moment(self, zone: str) -> datetime:
        """Return it as an instant; call it once the form is valid."""
        day: date = self.cleaned_data["happened_on"]
        return to_instant(day, self.cleaned_data["happened_at"], zone_named(zone))


class AttendanceForm(forms.Form):
    """Who took part in a live session."""

    people = forms.TypedMultipleChoiceField(
        label=_("Who took part"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Sequence[tuple[int, str]] = list(people)
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
