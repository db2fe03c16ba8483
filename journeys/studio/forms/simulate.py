"""What the time machine asks: who starts when, where, how, and what others do. All of it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts.zone_lists import ZoneField, country_names
from config.support.forms import LongSelect
from content.kinds.forms import needed
from journeys.authoring.rules.calendars import OwnDays, calendar_named
from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.references import ratings_in, rules_of
from journeys.schedule.calendar import UnknownCountry, WorkCalendar, calendar_for, countries_with_holidays
from journeys.schedule.pace import MOST_DAYS_LATE, UnknownPace, pace_named
from journeys.studio.forms.days import day_field
from journeys.studio.forms.others import OthersDays

DAYS_LATE: Final = (1, 2, 3, 5, 7, 14)
MORE: Final = ("cohort_zone", "other_zone", "other_pace")
NO_CALENDARS: Final[Mapping[str, OwnDays]] = {}
# Whether a pace can be read does not depend on the day.
_SOME_DAY: Final = date(2027, 1, 4)


@dataclass(frozen=True, slots=True)
class ImaginedPerson:
    """Somebody imagined: where they live, which days they work, and how soon they do things."""

    zone: str
    calendar: WorkCalendar
    pace: str
    pace_words: str


class SimulateForm(OthersDays):
    """One or two imagined people who start on one day. The names of its fields are those of the address."""

    use_required_attribute = False

    start = day_field(_("Starts on"), needed=_("Choose the day on which the journey starts."))
    zone = ZoneField(label=_("Time zone of the learner"), widget=LongSelect({"class": "wide"}))
    pace = forms.ChoiceField(label=_("Pace"), widget=LongSelect({"class": "wide"}))
    calendar = forms.ChoiceField(label=_("Holidays"), required=False, widget=LongSelect({"class": "wide"}))
    cohort_zone = ZoneField(
        label=_("Hours of the cohort"),
        help_text=_("Leave it empty where everybody gets 09:00 by their own clock."),
        required=False,
        widget=LongSelect({"class": "wide"}),
    )
    other_zone = ZoneField(
        label=_("Time zone of the second person"), required=False, widget=LongSelect({"class": "wide"})
    )
    other_pace = forms.ChoiceField(
        label=_("Pace of the second person"), required=False, widget=LongSelect({"class": "wide"})
    )

    def __init__(
        self, data: Mapping[str, Any], *, content: VersionContent, calendars: Mapping[str, OwnDays] = NO_CALENDARS
    ) -> None:
        """calendars: those of the organization, by name."""
        super().__init__(data)
        self.calendars = calendars
        self.modules = tuple(module.key for module in content.modules)
        self.steps = frozenset(step.reference for step in content.steps)
        choices = pace_choices(content)
        self._offer("pace", choices, self._pace_of)
        self._offer("other_pace", [("", _("The same")), *choices], self._pace_of)
        self._offer("calendar", calendar_choices(calendars), calendar_of)
        self.ask_for_days(content)
        for field in self.fields.values():
            if field.required:
                needed(field)

    @property
    def person_fields(self) -> list[BoundField]:
        """What everybody is asked."""
        return [self[name] for name in self.fields if name not in (*MORE, *self.days_of_others)]

    @property
    def more_fields(self) -> list[BoundField]:
        """What only some ask for."""
        return [self[name] for name in MORE]

    @property
    def has_more(self) -> bool:
        """Whether anything of it is asked for, so that it must be seen."""
        return any(self.data.get(name) for name in MORE)

    @property
    def first(self) -> ImaginedPerson:
        """The person asked for; the form must be valid."""
        return self._person(self.cleaned_data["zone"], self.cleaned_data["pace"])

    @property
    def second(self) -> ImaginedPerson | None:
        """The person to compare with, who is like the first in what is not said; None where nothing is said."""
        zone, pace = self.cleaned_data["other_zone"], self.cleaned_data["other_pace"]
        if not (zone or pace):
            return None
        return self._person(zone or self.cleaned_data["zone"], pace or self.cleaned_data["pace"])

    def _person(self, zone: str, pace: str) -> ImaginedPerson:
        calendar = calendar_named(self.cleaned_data["calendar"], zone, self.calendars)
        words = dict(_flat(self.fields["pace"].choices))  # type: ignore[attr-defined]
        return ImaginedPerson(zone, calendar, pace, str(words.get(pace, pace)))

    def _offer(self, name: str, choices: list[Any], read: Any) -> None:
        """Offer the usual answers and, where the address names another one that can be read, that one too."""
        field: Any = self.fields[name]
        asked = str(self.data.get(name) or "")
        if asked and asked not in dict(_flat(choices)) and read(asked):
            choices = [*choices, (asked, asked)]
        field.choices = choices
        field.error_messages["invalid_choice"] = (
            _("“%(value)s” has no holiday calendar. Choose one of the list.")
            if name == "calendar"
            else _("“%(value)s” is not a pace. Choose one of the list.")
        )

    def _pace_of(self, text: str) -> bool:
        try:
            found = pace_named(text, self.modules, start_on=_SOME_DAY)
        except UnknownPace:
            return False
        return found.days_late <= MOST_DAYS_LATE and (found.fails is None or found.fails in self.steps)


def pace_choices(content: VersionContent) -> list[Any]:
    """Return the paces in words: on time, late, stopped after a module, away for two weeks, a level in self-ratings."""
    late = [
        (f"{days}-days-late", ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days})
        for days in DAYS_LATE
    ]
    stops = [
        (f"stops-after:{module.key}", _now("Stops after module %(n)d: %(title)s") % {"n": n, "title": module.title})
        for n, module in enumerate(content.modules, start=1)
    ]
    away = [
        (f"absent:{week}", _now("Away in weeks %(first)d and %(second)d") % {"first": week, "second": week + 1})
        for week in range(1, content.weeks + 1)
    ]
    most = max((len(one.levels) for one in content.indicators), default=0)
    asks = any(ratings_in([data for _where, data in rules_of(content)]))
    rates = [(f"rates:{level}", _now("Gives level %(level)d") % {"level": level}) for level in range(1, most + 1)]
    groups = [(_now("Each step late"), late), (_now("Stops"), stops), (_now("Away for two weeks"), away)]
    groups += [(_now("In every self-rating"), rates)] if asks else []
    return [("on-time", _now("On time")), *((words, group) for words, group in groups if group)]


def calendar_choices(calendars: Mapping[str, OwnDays]) -> list[Any]:
    """Return the calendars in words: the learner's country, those of the organization, one country for everybody."""
    own = [(_now("Of your organization"), [(name, name) for name in calendars])] if calendars else []
    return [("", _("Those of the learner’s country")), *own, (_now("Of one country"), holiday_countries())]


def calendar_of(country: str) -> bool:
    """Say whether the holidays of a country, or of a part of one such as DE-BY, are known."""
    try:
        calendar_for(country, "UTC")
    except UnknownCountry:
        return False
    return True


def holiday_countries() -> list[tuple[str, str]]:
    """Return the countries whose holidays are known, as (code, name) by name."""
    known = countries_with_holidays()
    return sorted(((code, name) for code, name in country_names().items() if code in known), key=lambda pair: pair[1])


def _flat(choices: Any) -> list[tuple[str, Any]]:
    return [
        (str(value), words)
        for key, group in choices
        for value, words in (group if isinstance(group, list) else [(key, group)])
    ]
