"""The behaviors of a journey: chosen from those there are, or written anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.skills.rules import LONGEST
from journeys.studio.forms.outline import Choices, StudioForm

LEVELS: Sequence[tuple[str, Any, Any]] = (
    ("level_1", _("Level 1, the lowest"), _("What a colleague sees in somebody who does not do it yet.")),
    ("level_2", _("Level 2"), ""),
    ("level_3", _("Level 3"), _("What a colleague sees in somebody who does it well.")),
    ("level_4", _("Level 4, the highest"), ""),
)


class BehaviorsForm(forms.Form):
    """Which behaviors a journey makes visible, by their ids."""

    behaviors = forms.MultipleChoiceField(
        label=_("Behaviors"),
        required=False,
        error_messages={"invalid_choice": _("One of these behaviors is not offered any more. Choose again.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, offered: Sequence[int], chosen: Sequence[int]) -> None:
        super().__init__(data, initial={"behaviors": [str(pk) for pk in chosen]})
        self.offered = list(offered)
        self.fields["behaviors"].choices = [(str(pk), "") for pk in offered]  # type: ignore[attr-defined]

    def ids(self) -> list[int]:
        """Return the chosen ids in the order in which they are offered."""
        chosen = set(self.cleaned_data["behaviors"])
        return [pk for pk in self.offered if str(pk) in chosen]

    @property
    def ticked(self) -> frozenset[str]:
        """What is ticked when the page is shown, whether kept or just sent."""
        return frozenset(map(str, self["behaviors"].value() or ()))


class OwnBehaviorForm(StudioForm):
    """A behavior in the designer's own words, with what a colleague could see at each of four levels."""

    skill = forms.ChoiceField(label=_("Skill"))
    text = forms.CharField(
        label=_("Behavior"),
        help_text=_("One act that others could see, such as: Offers two framings before a solution."),
        max_length=LONGEST,
        widget=forms.TextInput({"class": "wide", "dir": "auto"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, skills: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["skill"].choices = list(skills)  # type: ignore[attr-defined]
        for name, label, hint in LEVELS:
            self.fields[name] = forms.CharField(
                label=label,
                help_text=hint,
                max_length=LONGEST,
                widget=forms.TextInput({"class": "wide", "dir": "auto"}),
            )
            self.fields[name].is_needed = True  # type: ignore[attr-defined]

    @property
    def levels(self) -> list[str]:
        """Return the anchors, lowest first."""
        return [self.cleaned_data[name] for name, _label, _hint in LEVELS]
