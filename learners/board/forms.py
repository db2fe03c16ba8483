"""What staff fill in on a board: which people to show, live sessions, attendance, and changes of one person's dates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.support.errors import DomainError
from journeys.schedule.zones import to_instant
from learners.board.queries.grid import GridView
from learners.board.queries.person import Choices, exemptible, extendable, openable
from learners.board.queries.sessions import Guest, SessionLine
from learners.board.rules import PLACES
from learners.board.words import PLACE_WORDS
from learners.progress.queries import Standing

SORTS = (
    ("name", gettext_lazy("Sort: name")),
    ("activity", gettext_lazy("Sort: quiet the longest")),
    ("due", gettext_lazy("Sort: next date")),
)
FREE_TEXT = 300


def put_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    """Write a refusal beside the field that it is about, so that nothing that was typed is lost."""
    for fault in refusal.faults:
        name = fault.pointer.strip("/").split("/")[-1]
        form.add_error(name if name in form.fields else None, fault.detail)
    if not refusal.faults:
        form.add_error(None, str(refusal))


class ViewForm(forms.Form):
    """Which people of the grid are shown, and in which order. Whatever an address holds gives a view."""

    q = forms.CharField(label=gettext_lazy("Find a person"), required=False, max_length=100)
    place = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=SORTS)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="view-%s")
        places: Choices = [(place, PLACE_WORDS[place]) for place in PLACES]
        self.fields["place"] = forms.ChoiceField(
            label=_("Who"), required=False, choices=[("", _("Everybody")), *places]
        )
        self.full_clean()

    @property
    def view(self) -> GridView:
        """The view that the address asks for; what cannot be used is left out."""
        known: Mapping[str, Any] = self.cleaned_data
        return GridView(search=known.get("q", ""), place=known.get("place", ""), sort=known.get("sort", "") or "name")

    @property
    def query(self) -> str:
        """The part of the address that stands for this view, "" for everybody by name."""
        view, query = self.view, QueryDict(mutable=True)
        for name, value, usual in (("q", view.search, ""), ("place", view.place, ""), ("sort", view.sort, "name")):
            if value != usual:
                query[name] = value
        return query.urlencode()


class SessionForm(forms.Form):
    """When and where a live session takes place; the hour is the cohort's."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=gettext_lazy("Starts at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=600)
    place = forms.CharField(
        label=gettext_lazy("Room or link"),
        help_text=gettext_lazy("A link that begins with https:// can be followed from the step."),
        required=False,
        max_length=FREE_TEXT,
    )
    leader = forms.ChoiceField(label=gettext_lazy("Who leads it"), required=False)

    def __init__(
        self, data: QueryDict | None, *, line: SessionLine, zone: str, leaders: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data, initial=_known(line, zone))
        self.zone = zone
        self.fields["at"].help_text = _("In the cohort's time zone, %(zone)s.") % {"zone": zone}
        known = {str(pk): name for pk, name in leaders}
        if line.session and line.session.facilitator:
            known[str(line.session.facilitator_id)] = str(line.session.facilitator)
        self.fields["leader"] = forms.ChoiceField(
            label=_("Who leads it"), required=False, choices=[("", _("Not said")), *known.items()]
        )

    def values(self) -> dict[str, Any]:
        """Return what schedule_live_session takes; for a form without errors."""
        known = self.cleaned_data
        return {
            "starts_at": to_instant(known["day"], known["at"], self.zone),
            "minutes": known["minutes"],
            "place": known["place"],
            "facilitator_id": int(known["leader"]) if known["leader"] else None,
        }


def _known(line: SessionLine, zone: str) -> dict[str, Any]:
    if line.session is None:
        return {"minutes": line.step.minutes or 50}
    local = line.session.starts_at.astimezone(ZoneInfo(zone))
    return {
        "day": local.date(),
        "at": local.time(),
        "minutes": line.session.minutes,
        "place": line.session.place,
        "leader": str(line.session.facilitator_id or ""),
    }


class AttendanceForm(forms.Form):
    """Who took part: those who are ticked, or everybody who is not recorded yet."""

    people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict | None, *, guests: Sequence[Guest]) -> None:
        super().__init__(data)
        self.open = {str(guest.uuid): guest for guest in guests if not guest.is_recorded}
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Who took part"),
            required=False,
            choices=[(key, guest.name) for key, guest in self.open.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("The list has changed meanwhile. Look at it again, then record.")},
        )

    def clean(self) -> dict[str, Any]:
        known = super().clean() or {}
        if not self.errors and not self.is_for_everybody and not known.get("people"):
            self.add_error("people", _("Tick at least one person, or record everybody."))
        return known

    @property
    def is_for_everybody(self) -> bool:
        """Whether the button for everybody was pressed."""
        return self.data.get("who") == "everybody"

    def chosen(self) -> list[Guest]:
        """Return the people to record; for a form without errors."""
        keys = self.open if self.is_for_everybody else self.cleaned_data["people"]
        return [self.open[key] for key in keys]

    def enrollment_ids(self) -> list[int]:
        """Return the enrollments to record; for a form without errors."""
        return [guest.id for guest in self.chosen()]


class OpenForm(forms.Form):
    """Which part of the journey is opened for everybody."""

    key = forms.ChoiceField()

    def __init__(self, data: QueryDict, *, keys: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["key"] = forms.ChoiceField(choices=[(key, key) for key in keys])


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For facilitators and administrators; whoever it is about finds it in their data."),
        required=False,
        max_length=FREE_TEXT,
    )


class ChangeForm(forms.Form):
    """One change of one person; its fields are what the action takes. offers: whether there is anything to choose."""

    def __init__(self, data: QueryDict | None = None, *, act: str, standing: Standing, now: datetime) -> None:
        super().__init__(data, auto_id=f"{act}-%s")
        self.fill(standing, now)

    def fill(self, standing: Standing, now: datetime) -> None:
        """Give the fields their choices."""

    def choose(self, name: str, choices: Choices) -> None:
        """Let a field choose among these."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def offers(self) -> bool:
        """Whether there is anything to choose."""
        choosing = (field for field in self.fields.values() if isinstance(field, forms.ChoiceField))
        return all(any(True for _choice in field.widget.choices) for field in choosing)


class ReasonForm(ChangeForm):
    """A change that needs nothing but, perhaps, a reason."""

    reason = _reason()


class ShiftForm(ChangeForm):
    """By how many days everything that is still to come moves."""

    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        help_text=gettext_lazy("7 is a week later, -7 a week earlier."),
        min_value=-365,
        max_value=365,
    )
    reason = _reason()


class ExtendForm(ChangeForm):
    """A later last day for something, or for all of it."""

    key = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    until_on = forms.DateField(
        label=gettext_lazy("New last day"),
        help_text=gettext_lazy("In the person's own time zone."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = _reason()

    def fill(self, standing: Standing, now: datetime) -> None:
        """Offer what has a date that is not met."""
        dated = extendable(standing)
        self.choose("key", [("", _("Everything that has a date")), *dated] if dated else [])


class ExemptForm(ChangeForm):
    """A step that this person need not do."""

    key = forms.ChoiceField(label=gettext_lazy("Step"))
    reason = _reason()

    def fill(self, standing: Standing, now: datetime) -> None:
        """Offer the required steps that are not done."""
        self.choose("key", exemptible(standing))


class ReleaseForm(ChangeForm):
    """A module or step to open for this person."""

    key = forms.ChoiceField(label=gettext_lazy("What to open"))
    reason = _reason()

    def fill(self, standing: Standing, now: datetime) -> None:
        """Offer what is closed."""
        self.choose("key", openable(standing, now=now))
