"""The moment of a nudge, in words: when a module opens, before or after a deadline, after quiet days, each week."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.kinds.shapes import Words
from journeys.schedule.fields import MAX_ATTEMPTS
from journeys.schedule.grammar import parse_trigger, parse_wait
from journeys.schedule.tree import UNITS, RuleError
from journeys.studio.forms.outline import StudioForm
from journeys.studio.forms.rule import DAY, UNIT

Choices = Sequence[tuple[str, Words]]
EVENTS: Choices = (
    ("module-opened", _("After a module opens")),
    ("step-due-soon", _("Before something is due")),
    ("overdue", _("After something was due, if it is not done")),
    ("moment", _("Some time after a moment")),
    ("inactive", _("After days without activity, while something is open")),
    ("weekly", _("Every week on the same day, while the journey runs")),
)
FIELD_OF: dict[str, str] = {
    "module": "module",
    "step": "subject",
    "before": "amount",
    "after": "amount",
    **{str(unit): "amount" for unit in UNITS},
    "from": "anchor",
    "attempts": "attempts",
    "weekday": "weekday",
    "at": "at",
}


class TriggerForm(StudioForm):
    """
    A nudge's trigger and wait. Which fields count follows from the event; the page hides the others.

    After is_valid(), `trigger` and `wait` (None where the event takes none) are the data of the rule.
    """

    event = forms.ChoiceField(label=_("Send"), choices=list(EVENTS))
    module = forms.ChoiceField(label=_("Which module"), required=False)
    subject = forms.ChoiceField(label=_("What is due"), required=False)
    anchor = forms.ChoiceField(label=_("Which moment"), required=False)
    attempts = forms.IntegerField(
        label=_("How many attempts without passing"), required=False, min_value=1, max_value=MAX_ATTEMPTS
    )
    amount = forms.IntegerField(
        label=_("How long"),
        help_text=_("After it. For so long before the start or the end, write a minus: -2."),
        required=False,
        min_value=-400,
        max_value=400,
        initial=2,
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=list(UNIT), required=False, initial="working_days")
    weekday = forms.ChoiceField(label=_("Weekday"), choices=list(DAY), required=False)
    at = forms.TimeField(
        label=_("At (the learner’s time)"),
        required=False,
        initial="16:00",
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        trigger: Mapping[str, Any] | None,
        wait: Mapping[str, Any] | None,
        modules: Choices,
        parts: Choices,
        anchors: Choices,
    ) -> None:
        """anchors: the moments that a message can count from."""
        super().__init__(data, initial=_initial(trigger, wait) if trigger else None, prefix="moment")
        self.fields["module"].choices = list(modules)  # type: ignore[attr-defined]
        everything = ("", _("every required step and module with a due date"))
        self.fields["subject"].choices = [everything, *parts]  # type: ignore[attr-defined]
        self.fields["anchor"].choices = [("", _("Choose")), *anchors]  # type: ignore[attr-defined]
        self.trigger: dict[str, Any] = {}
        self.wait: dict[str, Any] | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        self.trigger, self.wait = _trigger(said), _wait(said)
        try:
            parse_trigger(self.trigger, pointer="")
            if self.wait is not None:
                parse_wait(self.wait, pointer="")
        except RuleError as error:
            for fault in error.faults:
                self.add_error(FIELD_OF.get(fault.pointer.rsplit("/", 1)[-1], "event"), fault.message)
        return said


def _hour(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": f"{said['at']:%H:%M}"} if said["at"] else {}


def _length(said: Mapping[str, Any]) -> dict[str, Any]:
    return {said["unit"] or "working_days": said["amount"] or 0, **_hour(said)}


def _trigger(said: Mapping[str, Any]) -> dict[str, Any]:
    event = said["event"]
    if event == "module-opened":
        return {"event": event, "module": said["module"]}
    if event == "weekly":
        return {"event": event, "weekday": said["weekday"], **_hour(said)}
    if event == "inactive":
        return {"event": event, **_length(said)}
    if event == "moment":
        attempts = said["attempts"] if said["anchor"].startswith("failed:") else None
        counted = {"attempts": attempts} if attempts else {}
        return {"event": event, "from": said["anchor"], **_length(said), **_weekday(said), **counted}
    subject = said["subject"]
    named = {"step" if "/" in subject else "module": subject} if subject else {}
    return {"event": event, **named, "after" if event == "overdue" else "before": _length(said)}


def _weekday(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"weekday": said["weekday"]} if said["weekday"] else {}


def _wait(said: Mapping[str, Any]) -> dict[str, Any] | None:
    if said["event"] != "module-opened":
        return None
    return _length(said) | _weekday(said)


def _initial(trigger: Mapping[str, Any], wait: Mapping[str, Any] | None) -> dict[str, Any]:
    event = trigger["event"]
    length = wait or {} if event == "module-opened" else trigger.get("before", trigger.get("after", trigger))
    unit = next((unit for unit in UNITS if unit in length), "working_days")
    return {
        "event": event,
        "module": trigger.get("module", ""),
        "subject": trigger.get("step") or trigger.get("module", ""),
        "anchor": trigger.get("from", ""),
        "attempts": trigger.get("attempts"),
        "unit": unit,
        "amount": length.get(unit, 0),
        "at": length.get("at", ""),
        "weekday": length.get("weekday") or trigger.get("weekday", ""),
    }
