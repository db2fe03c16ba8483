"""What learners fill in outside the activities: preferences, commitments, check-ins, an answer to a sign-off."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.accounts.models import User
from config.accounts.zone_lists import zone_choices
from config.support.forms import LongSelect
from content.kinds.shapes import SHORT
from learners.people.models import Preferences
from learners.reflections.models.commitment import Answer

CHANNEL_WAYS = {"email": _lazy("by e-mail"), "in-app": _lazy("in the app")}
CATEGORY_NAMES = {
    "practice": (_lazy("Practice"), _lazy("A thought for a moment at work, and whether the moment of your plan came")),
    "reflection": (_lazy("Reflection"), _lazy("A question to look back with")),
    "step": (_lazy("Next step"), _lazy("A module or step opens, or has waited for a while")),
    "due": (_lazy("Dates"), _lazy("A planned date comes near")),
    "live": (_lazy("Live session"), _lazy("Before you meet")),
}
WEEKDAYS = (
    ("0", _lazy("Mon")),
    ("1", _lazy("Tue")),
    ("2", _lazy("Wed")),
    ("3", _lazy("Thu")),
    ("4", _lazy("Fri")),
    ("5", _lazy("Sat")),
    ("6", _lazy("Sun")),
)


class PreferencesForm(forms.Form):
    """Where and when messages reach a person, and how the pages look. All times are the person's own."""

    time_zone = forms.ChoiceField(
        label=_lazy("Your time zone"),
        help_text=_lazy("All times that you see are in this zone."),
        widget=LongSelect({"class": "wide"}),
    )
    locale = forms.ChoiceField(label=_lazy("Language"), widget=forms.Select({"class": "wide"}))
    quiet_from = forms.TimeField(
        label=_lazy("Quiet from"), widget=forms.TimeInput({"type": "time", "class": "wide"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_lazy("Quiet until"), widget=forms.TimeInput({"type": "time", "class": "wide"}, format="%H:%M")
    )
    quiet_days = forms.MultipleChoiceField(
        label=_lazy("Days without messages"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    paused_until = forms.DateField(
        label=_lazy("Pause all messages until"),
        help_text=_lazy("Nothing that is planned reaches you before this day. Leave it empty to go on."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    theme = forms.ChoiceField(
        label=_lazy("Colors"),
        choices=[("system", _lazy("As this device")), ("light", _lazy("Light")), ("dark", _lazy("Dark"))],
        widget=forms.RadioSelect,
    )

    use_required_attribute = False
    field_order = ("time_zone", "quiet_from", "quiet_until", "quiet_days", "paused_until", "theme", "locale")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        person: User,
        preferences: Preferences,
        choices: Mapping[tuple[str, str], bool],
        now: datetime,
    ) -> None:
        self.now = now
        self._choices = choices
        super().__init__(data, initial=_initial(person, preferences, now))
        self.fields["time_zone"].choices = zone_choices(now, current=person.time_zone)  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) > 1:
            self.fields["locale"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        else:
            del self.fields["locale"]
        for category, (label, _detail) in CATEGORY_NAMES.items():
            for channel, way in CHANNEL_WAYS.items():
                self.fields[f"{category}:{channel}"] = forms.BooleanField(
                    label=_("%(what)s %(way)s") % {"what": label, "way": way},
                    required=False,
                    initial=choices.get((category, channel), True),
                )

    def matrix(self) -> Iterator[tuple[Any, Any, list[forms.BoundField]]]:
        """Yield a row for each kind of message: its name, what it is, and a box for each channel."""
        for category, (label, detail) in CATEGORY_NAMES.items():
            yield label, detail, [self[f"{category}:{channel}"] for channel in CHANNEL_WAYS]

    def changed_choices(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the (category, channel, on) that differ from what the person chose before."""
        for category in CATEGORY_NAMES:
            for channel in CHANNEL_WAYS:
                is_on = self.cleaned_data[f"{category}:{channel}"]
                if is_on != self._choices.get((category, channel), True):
                    yield category, channel, is_on

    def clean_quiet_days(self) -> list[int]:
        days = [int(day) for day in self.cleaned_data["quiet_days"]]
        if len(days) == 7:
            raise forms.ValidationError(_("Leave at least one day free. To stop all messages, pause them below."))
        return days

    def clean(self) -> dict[str, Any]:
        """Read the day of the pause in the zone that is chosen in the same form."""
        values: dict[str, Any] = super().clean() or {}
        day, zone = values.get("paused_until"), values.get("time_zone")
        if day and zone:
            until = datetime.combine(day, time.min, ZoneInfo(zone))
            if until <= self.now:
                self.add_error("paused_until", _("Choose a day that is still to come, or leave this empty."))
            values["paused_until"] = until
        return values


def _initial(person: User, preferences: Preferences, now: datetime) -> dict[str, Any]:
    until = preferences.paused_until
    still_paused = until.astimezone(ZoneInfo(person.time_zone)).date() if until and until > now else None
    return {
        "time_zone": person.time_zone,
        "locale": person.locale,
        "quiet_from": preferences.quiet_from,
        "quiet_until": preferences.quiet_until,
        "quiet_days": [str(day) for day in preferences.quiet_days],
        "paused_until": still_paused,
        "theme": preferences.theme,
    }


class CommitmentForm(forms.Form):
    """An if-then plan that was made before and is changed now."""

    cue = forms.CharField(
        label=_lazy("If"),
        help_text=_lazy("A moment you can see coming, in 300 characters at most"),
        max_length=SHORT,
        error_messages={"required": _lazy("Write the moment you can see coming")},
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    response = forms.CharField(
        label=_lazy("Then I will"),
        help_text=_lazy("Something a colleague could notice, in 300 characters at most"),
        max_length=SHORT,
        error_messages={"required": _lazy("Write what you will do then")},
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    use_required_attribute = False

    def clean_cue(self) -> str:
        return " ".join(self.cleaned_data["cue"].split())

    def clean_response(self) -> str:
        return " ".join(self.cleaned_data["response"].split())


class CheckInForm(forms.Form):
    """Did the moment come, and one line about it if the person likes."""

    answer = forms.ChoiceField(
        label=_lazy("Did the moment come?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose one of the three answers.")},
    )
    note = forms.CharField(
        label=_lazy("One line about it, if you like"),
        help_text=_lazy("Only you can read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )

    use_required_attribute = False


class SignOffForm(forms.Form):
    """What somebody who was asked says about a practice."""

    verdict = forms.ChoiceField(
        label=_lazy("Your answer"),
        choices=[("confirmed", _lazy("Yes, I can confirm this")), ("not_yet", _lazy("Not yet"))],
        error_messages={"required": _lazy("Choose one of the two answers.")},
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_lazy("What would you suggest trying next time?"),
        help_text=_lazy("Optional. Name what you saw, in a line or two."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )

    use_required_attribute = False


class AskForm(forms.Form):
    """Whom to ask to confirm a practice."""

    name = forms.CharField(
        label=_lazy("Name"),
        max_length=150,
        error_messages={"required": _lazy("Write the name of the person you ask.")},
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_lazy("E-mail"),
        error_messages={
            "required": _lazy("Write their e-mail address."),
            "invalid": _lazy("Write an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    shows_report = forms.BooleanField(label=_lazy("Let this person read my report"), required=False)

    use_required_attribute = False


class AudienceForm(forms.Form):
    """Who may read a reflection that was saved before."""

    audience = forms.ChoiceField(
        label=_lazy("Who may read this"),
        error_messages={
            "required": _lazy("Choose who may read this."),
            "invalid_choice": _lazy("Choose one of these."),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, offered: list[str]) -> None:
        super().__init__(data, error_class=ErrorList)
        self.fields["audience"].choices = [(value, value) for value in offered]  # type: ignore[attr-defined]
