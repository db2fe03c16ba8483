"""The forms of a version, a module, a step and a nudge rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from content.kinds.forms import line_field, markdown_field, needed
from content.kinds.rows import RowForm, RowGroup, Rows, is_adding
from content.kinds.shapes import Words

Choices = Sequence[tuple[str, Words]]
CATEGORIES: Choices = (
    ("practice", _("Practice: try it at work")),
    ("reflection", _("Reflection: look back")),
    ("step", _("Step: what is open")),
    ("due", _("Due: a date comes near")),
    ("live", _("Live session")),
)
CHANNELS: Choices = (("email", _("E-mail")), ("in-app", _("On the Today page")))
WEIGHTS: Choices = (("", _("No")), ("1", _("Also")), ("2", _("Strongly")), ("3", _("Above all")))
DEFAULT_SERVES = {
    "practice": "practices",
    "commitment": "practices",
    "reflection": "reflects",
    "self_rating": "reflects",
}
SERVES: Choices = (
    ("knows", _("Knows: they learn or recall something")),
    ("practices", _("Practices: they try it, in an exercise or at work")),
    ("reflects", _("Reflects: they look back and put it into words")),
    ("evidence", _("Evidence: something comes of it that others could see")),
)


class StudioForm(forms.Form):
    """A form of the studio: says which fields must be filled, and judges nothing while a row is being added."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.quiet = is_adding(data)
        for field in self.fields.values():
            if field.required:
                needed(field)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.quiet

    def full_clean(self) -> None:
        super().full_clean()
        if self.quiet:
            self._errors = ErrorDict()


class JourneyForm(StudioForm):
    """A new journey: enough to begin with; everything else can wait."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput({"class": "wide", "dir": "auto"}))
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences a learner reads before joining."),
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=52, initial=8)
    language = forms.CharField(
        label=_("Language"), max_length=16, initial="en", help_text=_("A code such as en or ar.")
    )


class VersionForm(JourneyForm):
    """What a version says of itself, and the skills it aims at."""

    license = forms.CharField(
        label=_("License of the texts"),
        help_text=_("Who may use them, and how: such as CC-BY-4.0, or “All rights reserved”."),
        max_length=64,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        skills: Choices,
        aims: Mapping[str, int],
        events: Sequence[Mapping[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        rows = Rows(
            EventRow,
            label=_("Events that rules may wait for"),
            one_of=_("event"),
            hint=_("Something outside the journey. A facilitator records that it has taken place."),
            spare=0,
        )
        self.events = RowGroup(rows, data, known=list(events), prefix="events", quiet=self.quiet)
        self.skills = [key for key, _words in skills]
        for key, words in skills:
            self.fields[f"skill-{key}"] = forms.ChoiceField(
                label=words, choices=list(WEIGHTS), required=False, initial=str(aims.get(key, ""))
            )

    def aims(self) -> list[tuple[str, int]]:
        """Return the chosen skills with their weights, in the order of the framework."""
        chosen = ((key, self.cleaned_data[f"skill-{key}"]) for key in self.skills)
        return [(key, int(weight)) for key, weight in chosen if weight]

    def is_valid(self) -> bool:
        events_hold = self.events.is_valid()
        return super().is_valid() and events_hold

    @property
    def skill_fields(self) -> list[forms.BoundField]:
        return [self[f"skill-{key}"] for key in self.skills]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "summary", "weeks", "language", "license")]


class EventRow(RowForm):
    """Something outside the journey that rules may wait for."""

    minted = ("key", "title")

    title = needed(line_field(_("Name"), _("What people call it, such as Town hall."), longest=200))
    key = line_field(
        _("Key"), _("For files and other tools. Leave it empty, and it is made from the name."), longest=64
    )


class ModuleForm(StudioForm):
    """A module without its steps and rules."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput({"class": "wide", "dir": "auto"}))
    outcome = forms.CharField(
        label=_("You will be able to"),
        help_text=_("Starts with a verb. Could a camera see it?"),
        max_length=300,
        widget=forms.TextInput({"class": "wide", "dir": "auto"}),
    )
    why_capability = forms.CharField(
        label=_("How it is practiced"), required=False, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    why_opportunity = forms.CharField(
        label=_("When at work it occurs"), required=False, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    why_motivation = forms.CharField(
        label=_("Why it is worth it"), required=False, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills this module builds"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, skills: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = list(skills)  # type: ignore[attr-defined]


class StepForm(StudioForm):
    """What every step has, whatever its kind."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput({"class": "wide", "dir": "auto"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, initial=5)
    serves = forms.ChoiceField(
        label=_("Serves"),
        choices=list(SERVES),
        help_text=_("What this step does for the skill. The coverage of the journey counts it."),
    )
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, help_text=_("One skill it is about, where the module builds several.")
    )
    required = forms.BooleanField(label=_("Needed to finish the module"), required=False, initial=True)
    body = markdown_field(_("Text"), _("What the learner reads first."), lines=10)

    def __init__(self, *args: Any, skills: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("None")), *skills]  # type: ignore[attr-defined]


class WordingRow(RowForm):
    """One wording of a nudge."""

    text = needed(line_field(_("Wording"), _("One or two sentences, to one person."), longest=500))


class NudgeForm(StudioForm):
    """A nudge rule without its moment and its exceptions; wordings are used in turn."""

    name = forms.CharField(
        label=_("Name"), max_length=64, required=False, help_text=_("For designers only. It becomes the key.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=list(CATEGORIES))
    channels = forms.MultipleChoiceField(
        label=_("Where"), choices=list(CHANNELS), widget=forms.CheckboxSelectMultiple, initial=["email", "in-app"]
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        texts: Sequence[str] = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial) if initial else None)
        self.is_adding = self.quiet
        rows = Rows(
            WordingRow,
            label=_("Wordings"),
            one_of=_("wording"),
            hint=_("With two or more, nobody reads the same one twice running."),
            value="text",
        )
        self.wordings = RowGroup(rows, data, known=list(texts), prefix="texts", quiet=self.is_adding)

    def is_valid(self) -> bool:
        wordings_hold = self.wordings.is_valid()
        if super().is_valid() and wordings_hold and not self.is_adding:
            self.texts: list[str] = self.wordings.to_data()
            if not self.texts:
                self.wordings.errors.append(str(_("Write at least one wording.")))
        return super().is_valid() and not self.wordings.errors and wordings_hold and not self.is_adding
