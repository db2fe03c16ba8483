"""What others do while somebody imagined is under way, as dates that a form asks for and an address holds."""

from typing import Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from journeys.authoring.rules.content import VersionContent
from journeys.schedule.outside import Outside, in_order, opened_by_hand
from journeys.schedule.tree import RuleError
from journeys.studio.forms.days import day_field

END: Final = "end"
# Fields of the days on which others act begin so; what follows is the key of an event, a module or a step.
EVENT: Final = "event:"
RELEASED: Final = "released:"


class OthersDays(forms.Form):
    """A form that also asks when the cohort ends, events take place, and a facilitator opens what waits for it."""

    days_of_others: tuple[str, ...] = ()

    @property
    def others_fields(self) -> list[BoundField]:
        """The days on which others act."""
        return [self[name] for name in self.days_of_others]

    @property
    def has_others(self) -> bool:
        """Whether any of these days is said, so that they must be seen."""
        return any(self.data.get(name) for name in self.days_of_others)

    @property
    def outside(self) -> Outside:
        """What others do; the form must be valid."""
        said = {name: self.cleaned_data[name] for name in self.days_of_others if self.cleaned_data[name]}
        events, released = (
            in_order((name.removeprefix(mark), day) for name, day in said.items() if name.startswith(mark))
            for mark in (EVENT, RELEASED)
        )
        return Outside(said.get(END), events, released)

    def ask_for_days(self, content: VersionContent) -> None:
        """Add the fields that make sense for a version; of one whose rules cannot be read, those of its events."""
        asked = {END: _("The cohort ends on")}
        for event in content.events:
            asked[f"{EVENT}{event.key}"] = _("%(event)s takes place on") % {"event": event.title}
        try:
            titles = content.outline.titles
            for key in opened_by_hand(content.outline):
                asked[f"{RELEASED}{key}"] = _("A facilitator opens %(what)s on") % {"what": titles[key]}
        except RuleError:
            pass
        self.days_of_others = tuple(asked)
        for name, label in asked.items():
            self.fields[name] = day_field(label)
