"""What becomes of several steps at once; every field begins with leaving things as they are."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.authoring.actions.several import StepsChange
from journeys.authoring.rules.content import VersionContent
from journeys.studio.forms.outline import SERVES, Choices, StudioForm

LEAVE: Choices = (("", _("Leave as it is")),)
# An empty value leaves things alone, so that taking something away needs a word of its own.
NONE = "-"


class SeveralForm(StudioForm):
    """Which steps, and what changes for all of them."""

    steps = forms.MultipleChoiceField(
        label=_("Steps"), required=False, error_messages={"invalid_choice": _("One of these steps is not there.")}
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), help_text=_("Leave empty to leave it as it is."), required=False, min_value=1, max_value=600
    )
    required = forms.ChoiceField(
        label=_("Needed to finish the module"),
        required=False,
        choices=[*LEAVE, ("yes", _("Required")), ("no", _("Optional"))],
    )
    serves = forms.ChoiceField(label=_("Serves"), required=False, choices=[*LEAVE, *SERVES])
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    opens_as = forms.ChoiceField(label=_("Opens"), required=False)
    due_as = forms.ChoiceField(label=_("Due"), required=False)
    module = forms.ChoiceField(
        label=_("Module"),
        required=False,
        help_text=_("They move to its end, in the order they have; what names them follows."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, content: VersionContent, skills: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        titles = {
            step.key: f"{number}.{place} {step.title}"
            for number, module in enumerate(content.modules, start=1)
            for place, step in enumerate(module.steps, start=1)
        }
        self._offer("topic", [*LEAVE, (NONE, _("No topic")), *skills])
        self._offer("opens_as", [*LEAVE, (NONE, _("By default")), *_as_others(content, titles, "opens")])
        self._offer("due_as", [*LEAVE, (NONE, _("No due date")), *_as_others(content, titles, "due")])
        self._offer("module", [*LEAVE, *((module.key, module.title) for module in content.modules)])
        self._offer("steps", list(titles.items()))

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def change_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "steps"]

    @property
    def chosen(self) -> list[str]:
        """The keys of the steps that are ticked, also where something else is refused."""
        return list(self["steps"].value() or [])

    @property
    def change(self) -> StepsChange:
        """What was chosen; after is_valid()."""
        said = self.cleaned_data
        return StepsChange(
            minutes=said["minutes"],
            required={"yes": True, "no": False}.get(said["required"]),
            serves=said["serves"] or None,
            topic=_taken(said["topic"]),
            opens_as=_taken(said["opens_as"]),
            due_as=_taken(said["due_as"]),
            module=said["module"] or None,
        )


def _taken(value: str) -> str | None:
    return "" if value == NONE else value or None


def _as_others(content: VersionContent, titles: Mapping[str, str], rule: str) -> Choices:
    """Steps that have such a rule, so that it can be copied."""
    return [
        (step.key, gettext("As %(step)s") % {"step": titles[step.key]}) for step in content.steps if getattr(step, rule)
    ]
