"""Who is imagined, and on which day. All of it stands in the address, and the form reads it from there."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.zone_lists import ZoneField
from config.support.forms import LongSelect
from content.kinds.forms import needed
from journeys.authoring.rules.content import VersionContent
from journeys.schedule.pace import MOST_DAYS_LATE, UnknownPace, pace_named
from journeys.studio.forms.days import day_field
from journeys.studio.forms.others import OthersDays
from journeys.studio.forms.simulate import pace_choices
from learners.preview.rules import BRAND_NEW, EARLIEST_DAY, LATEST_DAY, Persona, read_tried

NOON: Final = time(12, 0)
# Whether a pace can be read does not depend on the day.
SOME_DAY: Final = date(2027, 1, 4)
FIRST_DAY: Final = 1
_DAY: Final = _("Choose a day from -60 to 800; 1 is the day of the start.")


class PersonaForm(OthersDays):
    """Somebody imagined. The names of its fields are those of the address."""

    use_required_attribute = False

    start = day_field(_("Starts on"), needed=_("Choose the day on which the journey starts."))
    day = forms.IntegerField(
        label=_("Day of the journey"),
        required=False,
        min_value=EARLIEST_DAY,
        max_value=LATEST_DAY,
        widget=forms.NumberInput({"class": "wide"}),
        error_messages={"invalid": _DAY, "min_value": _DAY, "max_value": _DAY},
    )
    on = day_field(_("Or a date"))
    at = forms.TimeField(
        label=_("By their clock"),
        required=False,
        widget=forms.TimeInput({"type": "time", "class": "wide"}, format="%H:%M"),
        error_messages={"invalid": _("Write the hour as 09:00 or 16:30.")},
    )
    zone = ZoneField(label=_("Time zone of the learner"), widget=LongSelect({"class": "wide"}))
    pace = forms.ChoiceField(label=_("Pace"), widget=LongSelect({"class": "wide"}))
    direction = forms.ChoiceField(
        label=_("Direction of the page"),
        required=False,
        choices=[("ltr", _("Left to right")), ("rtl", _("Right to left"))],
        widget=forms.Select({"class": "wide"}),
    )
    width = forms.ChoiceField(
        label=_("Width of the page"),
        required=False,
        choices=[("", _("As wide as your window")), ("narrow", _("A phone, 320 pixels"))],
        widget=forms.Select({"class": "wide"}),
    )
    # What was done in the preview; kept by the address and asked of nobody.
    tried = forms.CharField(required=False, widget=forms.HiddenInput)
    away = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, content: VersionContent) -> None:
        super().__init__(data)
        self.modules = tuple(module.key for module in content.modules)
        choices = [(BRAND_NEW, _("Brand new: has done nothing yet")), *pace_choices(content)]
        asked = str(self.data.get("pace") or "")
        self.words = dict(_flat(choices))
        if asked and asked not in self.words and self._is_pace(asked):
            choices.append((asked, asked))
        field: Any = self.fields["pace"]
        field.choices = choices
        field.error_messages["invalid_choice"] = _("“%(value)s” is not a pace. Choose one of the list.")
        self.ask_for_days(content)
        for one in self.fields.values():
            if one.required:
                needed(one)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        start, on = cleaned.get("start"), cleaned.get("on")
        if start and on:
            cleaned["day"] = (on - start).days + 1
            if not EARLIEST_DAY <= cleaned["day"] <= LATEST_DAY:
                self.add_error("on", _("Choose a date from 61 days before the start to 799 days after it."))
        return cleaned

    @property
    def persona(self) -> Persona:
        """The person asked for; the form must be valid."""
        asked = self.cleaned_data
        day = asked.get("day")
        return Persona(
            start_on=asked["start"],
            day=FIRST_DAY if day is None else day,
            at=asked["at"] or NOON,
            zone=asked["zone"],
            pace=asked["pace"],
            direction=asked["direction"] or "ltr",
            is_narrow=asked["width"] == "narrow",
            outside=self.outside,
            tried=read_tried(asked["tried"]),
            is_put_away=bool(asked["away"]),
        )

    @property
    def person_fields(self) -> list[forms.BoundField]:
        """Who is imagined, on which day."""
        return [field for field in self.visible_fields() if field.name not in self.days_of_others]

    @property
    def pace_words(self) -> str:
        """The pace in words; the form must be valid."""
        return str(self.words.get(self.cleaned_data["pace"], self.cleaned_data["pace"]))

    def _is_pace(self, text: str) -> bool:
        try:
            return pace_named(text, self.modules, start_on=SOME_DAY).days_late <= MOST_DAYS_LATE
        except UnknownPace:
            return False


def _flat(choices: list[Any]) -> list[tuple[str, Any]]:
    return [
        (str(value), words)
        for key, group in choices
        for value, words in (group if isinstance(group, list) else [(key, group)])
    ]
