"""
A rule as lines in words: "5 working days after module 2 opens, at 09:00", "Ten tasks is completed".

Every rule tree can be read into lines and built from them again: each line is a leaf or a group, and each says which
group it is part of. Top lines must all hold. The grammar is in journeys.schedule; its faults come back to their line.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.kinds.rows import Problem, RowForm, RowGroup, Rows, is_adding
from content.kinds.shapes import Words
from journeys.schedule.fields import MAX_AMOUNT, MAX_ATTEMPTS, MAX_LEVEL
from journeys.schedule.grammar import MAX_PARTS, parse_due, parse_opens, parse_unless
from journeys.schedule.tree import UNITS, RuleError

Choices = Sequence[tuple[str, Words]]
GROUPS = ("all", "any", "at_least")
LEAVES = ("from", "date", "completed", "passed", "failed", "rated", "released", "event")
WHAT: Choices = (
    ("", gettext_lazy("Choose what this line says")),
    ("from", gettext_lazy("Some time after a moment")),
    ("date", gettext_lazy("A fixed date")),
    ("completed", gettext_lazy("Something is completed")),
    ("passed", gettext_lazy("Something is passed")),
    ("failed", gettext_lazy("Something is answered without passing")),
    ("rated", gettext_lazy("Somebody rates themselves")),
    ("released", gettext_lazy("A facilitator opens it by hand")),
    ("event", gettext_lazy("An event takes place")),
    ("all", gettext_lazy("Group: all of its lines")),
    ("any", gettext_lazy("Group: any of its lines")),
    ("at_least", gettext_lazy("Group: at least so many of its lines")),
)
UNIT: Choices = (
    ("working_days", gettext_lazy("working days")),
    ("days", gettext_lazy("days")),
    ("weeks", gettext_lazy("weeks")),
    ("hours", gettext_lazy("hours")),
    ("minutes", gettext_lazy("minutes")),
)
DAY: Choices = (
    ("", gettext_lazy("any day")),
    ("mon", gettext_lazy("on the next Monday")),
    ("tue", gettext_lazy("on the next Tuesday")),
    ("wed", gettext_lazy("on the next Wednesday")),
    ("thu", gettext_lazy("on the next Thursday")),
    ("fri", gettext_lazy("on the next Friday")),
    ("sat", gettext_lazy("on the next Saturday")),
    ("sun", gettext_lazy("on the next Sunday")),
)
WEEKDAYS: Choices = (
    ("mon", gettext_lazy("Mon")),
    ("tue", gettext_lazy("Tue")),
    ("wed", gettext_lazy("Wed")),
    ("thu", gettext_lazy("Thu")),
    ("fri", gettext_lazy("Fri")),
    ("sat", gettext_lazy("Sat")),
    ("sun", gettext_lazy("Sun")),
)
# The form's own names, because the grammar's at_least is a kind of line here.
BOUND: Choices = (("least", gettext_lazy("or higher")), ("most", gettext_lazy("or lower")))
BOUNDS = {"least": "at_least", "most": "at_most"}
MOST = max(MAX_AMOUNT.values())
WINDOW = {"weekdays": "window_days", "from": "window_from", "to": "window_to"}
PARSERS = {"opens": parse_opens, "due": parse_due}


class LineForm(RowForm):
    """One line of a rule. Which fields count follows from `what`; the page hides the others."""

    what = forms.ChoiceField(label=gettext_lazy("What"), choices=list(WHAT), required=False)
    inside = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)
    negated = forms.BooleanField(
        label=gettext_lazy("Turn it around: this line counts as long as it has not happened"), required=False
    )
    amount = forms.IntegerField(label=gettext_lazy("How many"), required=False, min_value=-MOST, max_value=MOST)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=list(UNIT), required=False)
    anchor = forms.ChoiceField(label=gettext_lazy("after"), required=False)
    on = forms.DateField(
        label=gettext_lazy("Date"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(
        label=gettext_lazy("at"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    weekday = forms.ChoiceField(label=gettext_lazy("then"), choices=list(DAY), required=False)
    window_days = forms.MultipleChoiceField(
        label=gettext_lazy("only on"),
        choices=list(WEEKDAYS),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "days"}),
    )
    window_from = forms.TimeField(
        label=gettext_lazy("not before"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    window_to = forms.TimeField(
        label=gettext_lazy("not after"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    part = forms.ChoiceField(label=gettext_lazy("Which"), required=False)
    event = forms.ChoiceField(label=gettext_lazy("Which event"), required=False)
    attempts = forms.IntegerField(
        label=gettext_lazy("How many attempts"), required=False, min_value=1, max_value=MAX_ATTEMPTS
    )
    level = forms.IntegerField(label=gettext_lazy("Level"), required=False, min_value=1, max_value=MAX_LEVEL)
    bound = forms.ChoiceField(label=gettext_lazy("Higher or lower"), choices=list(BOUND), required=False)
    behavior = forms.ChoiceField(label=gettext_lazy("On which behavior"), required=False)
    ratio = forms.DecimalField(
        label=gettext_lazy("With at least this share, in percent"), required=False, min_value=0, max_value=100
    )
    count = forms.IntegerField(label=gettext_lazy("At least"), required=False, min_value=1, max_value=MAX_PARTS)

    @property
    def is_blank(self) -> bool:
        # Asking for the errors cleans the form, so that cleaned_data is there.
        wrong = any(name in self.errors for name in self.base_fields)
        return not wrong and not self.cleaned_data.get("what")

    @property
    def has_window(self) -> bool:
        """Whether the line says days or hours, so that they are in sight."""
        return any(self[name].value() for name in WINDOW.values()) or any(self[n].errors for n in WINDOW.values())

    # The time that counts where a line about a day names none; "" for the rule's own, the beginning of the day.
    usual_time = ""

    def leaf(self) -> dict[str, Any]:
        """Return this line as rule data; groups come back empty, to be filled by the rule."""
        said = self.cleaned_data
        what = said["what"]
        if what == "from":
            data = self._counted()
        elif what == "date":
            data = {"date": said["on"].isoformat() if said["on"] else ""}
        elif what == "at_least":
            return {"at_least": said["count"] or 1, "of": []}
        elif what in GROUPS:
            return {what: []}
        else:
            return self._fact(what)
        if said["at"]:
            data["at"] = f"{said['at']:%H:%M}"
        elif self.usual_time and said["unit"] not in ("hours", "minutes") and not said["window_from"]:
            data["at"] = self.usual_time
        return data

    def _fact(self, what: str) -> dict[str, Any]:
        said = self.cleaned_data
        if what == "event":
            return {"event": said["event"]}
        data: dict[str, Any] = {what: said["part"]}
        if what == "rated":
            rated = {what: said["part"], BOUNDS[said["bound"] or "least"]: said["level"]}
            return rated | ({"behavior": said["behavior"]} if said["behavior"] else {})
        if what == "passed" and said["ratio"] is not None:
            data["ratio"] = float(said["ratio"] / 100)
        if what == "passed" and said["attempts"]:
            data["within_attempts"] = said["attempts"]
        if what == "failed" and said["attempts"]:
            data["attempts"] = said["attempts"]
        return data

    def _counted(self) -> dict[str, Any]:
        said = self.cleaned_data
        data: dict[str, Any] = {"from": said["anchor"], said["unit"] or "days": said["amount"] or 0}
        if said["anchor"].startswith("failed:") and said["attempts"]:
            data["attempts"] = said["attempts"]
        if said["weekday"]:
            data["weekday"] = said["weekday"]
        window: dict[str, Any] = {"weekdays": said["window_days"]} if said["window_days"] else {}
        for name, key in (("window_from", "from"), ("window_to", "to")):
            if said[name]:
                window[key] = f"{said[name]:%H:%M}"
        return {**data, "window": window} if window else data


class RuleForm:
    """
    One rule of a module, step or nudge, as lines.

    role: "opens", "due" or "unless" (there the top lines are alternatives, and the rule is a list). anchors, parts,
    events and behaviors: what a line can name, as (reference, words). words: the rule as it is kept, said in a
    sentence. usual_time: what counts where a line about a day names no time. After is_valid(), `value` is the rule's
    data; None (or [] for unless) when no line says anything, which means the default.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        known: Any,
        prefix: str,
        role: str,
        label: Words,
        hint: Words,
        anchors: Choices,
        parts: Choices,
        events: Choices = (),
        behaviors: Choices = (),
        words: str = "",
        usual_time: str = "",
    ) -> None:
        self.prefix, self.role, self.label, self.hint, self.words = prefix, role, label, hint, words
        self.is_adding = is_adding(data)
        rows = Rows(LineForm, label=label, one_of=gettext_lazy("line"), hint=hint, spare=0 if known else 1)
        self.group = RowGroup(
            rows, data, known=lines_of(known, role=role), prefix=f"{prefix}-lines", quiet=self.is_adding
        )
        self._offer(anchors, parts, usual_time, event=events, behavior=behaviors)
        self.value: Any = None
        self._is_judged = False

    @property
    def errors(self) -> list[str]:
        """Every error in a sentence."""
        return [problem.sentence for problem in self.group.problems()]

    def problems(self) -> Iterator[Problem]:
        """Yield every error with its place, for the summary at the top of the page."""
        yield from self.group.problems(str(self.label))

    def is_valid(self) -> bool:
        """Judge the lines and then the rule that they make; faults come back to the line they are about."""
        if self.is_adding:
            return False
        if not self._is_judged:
            self._is_judged = True
            if self.group.is_valid():
                self._judge()
        return self.group.is_valid() and not self.errors

    def _judge(self) -> None:
        self.group.to_data()
        lines = self.group._kept
        rule, places = self._build(lines)
        self.value = rule
        if rule in (None, []):
            return
        try:
            if self.role == "unless":
                parse_unless(rule, pointer="")
            else:
                PARSERS[self.role](rule, pointer="")
        except RuleError as error:
            for fault in error.faults:
                self._place(fault.pointer, fault.message, places)

    def _place(self, pointer: str, message: str, places: Mapping[str, LineForm]) -> None:
        near = max((place for place in places if pointer.startswith(place)), key=len, default=None)
        if near is None:
            self.group.errors.append(message)
        elif message not in places[near].errors.get("what", []):
            places[near].add_error("what", message)

    def _build(self, lines: Sequence[RowForm]) -> tuple[Any, dict[str, LineForm]]:
        numbered = {str(self.group.forms.index(line) + 1): line for line in lines if isinstance(line, LineForm)}
        below: dict[str, list[str]] = {}
        for number, line in numbered.items():
            below.setdefault(self._home(number, line, numbered), []).append(number)
        places: dict[str, LineForm] = {}
        tops = below.get("", [])
        if self.role == "unless":
            return [self._node(n, numbered, below, places, f"/{i}") for i, n in enumerate(tops)], places
        if not tops:
            return None, places
        if len(tops) == 1:
            return self._node(tops[0], numbered, below, places, ""), places
        return {"all": [self._node(n, numbered, below, places, f"/all/{i}") for i, n in enumerate(tops)]}, places

    def _home(self, number: str, line: LineForm, numbered: Mapping[str, LineForm]) -> str:
        home = str(line.cleaned_data.get("inside") or "")
        if not home:
            return ""
        group = numbered.get(home)
        # A group may only be part of one above it, so lines can never form a circle.
        if group is None or group.cleaned_data.get("what") not in GROUPS or int(home) >= int(number):
            line.add_error("inside", _("Choose a group that stands above this line."))
            return ""
        return home

    def _node(
        self,
        number: str,
        numbered: Mapping[str, LineForm],
        below: Mapping[str, list[str]],
        places: dict[str, LineForm],
        pointer: str,
    ) -> dict[str, Any]:
        line = numbered[number]
        negated = bool(line.cleaned_data.get("negated"))
        inner = f"{pointer}/not" if negated else pointer
        places[pointer] = line
        data = line.leaf()
        key = next((name for name in ("all", "any", "of") if isinstance(data.get(name), list)), "")
        if key:
            data[key] = [
                self._node(n, numbered, below, places, f"{inner}/{key}/{i}")
                for i, n in enumerate(below.get(number, []))
            ]
        return {"not": data} if negated else data

    def _offer(self, anchors: Choices, parts: Choices, usual_time: str, *, event: Choices, behavior: Choices) -> None:
        for number, line in enumerate(self.group.forms, start=1):
            line.usual_time = usual_time  # type: ignore[attr-defined]
            groups = [("", _("the rule itself"))]
            groups += [(str(n), _("the group on line %(number)d") % {"number": n}) for n in range(1, number)]
            line.fields["inside"].choices = groups  # type: ignore[attr-defined]
            line.fields["anchor"].choices = list(anchors)  # type: ignore[attr-defined]
            line.fields["part"].choices = [("", _("Choose")), *parts]  # type: ignore[attr-defined]
            none = _("No event yet: name one under “Title and skills”")
            line.fields["event"].choices = [("", _("Choose") if event else none), *event]  # type: ignore[attr-defined]
            lowest = ("", _("the lowest of all that are rated"))
            line.fields["behavior"].choices = [lowest, *behavior]  # type: ignore[attr-defined]


def lines_of(rule: Any, *, role: str) -> list[dict[str, Any]]:
    """Return a rule's data as lines, in reading order; each group stands above its lines."""
    lines: list[dict[str, Any]] = []
    if not rule:
        return lines
    tops = rule if role == "unless" else rule["all"] if set(rule) == {"all"} else [rule]
    for top in tops:
        _add_lines(top, "", lines)
    return lines


def _add_lines(node: Mapping[str, Any], inside: str, lines: list[dict[str, Any]]) -> None:
    negated, inner = False, node
    while "not" in inner:
        negated, inner = not negated, inner["not"]
    line: dict[str, Any] = {"inside": inside, "negated": negated}
    lines.append(line)
    number = str(len(lines))
    if "from" in inner:
        unit = next((unit for unit in UNITS if unit in inner), "days")
        line |= {"what": "from", "anchor": inner["from"], "unit": unit, "amount": inner.get(unit, 0)}
    elif "date" in inner:
        line |= {"what": "date", "on": inner["date"]}
    elif "rated" in inner:
        bound = next(name for name, key in BOUNDS.items() if key in inner)
        line |= {"what": "rated", "part": inner["rated"], "bound": bound, "level": inner[BOUNDS[bound]]}
        line |= {"behavior": inner.get("behavior", "")}
    elif "of" in inner:
        line |= {"what": "at_least", "count": inner["at_least"]}
    else:
        what = next(name for name in (*GROUPS, *LEAVES) if name in inner)
        line["what"] = what
        if what in LEAVES:
            line["event" if what == "event" else "part"] = inner[what]
        if "ratio" in inner:
            # As it is written: 0.57 times 100 is not 57.
            line["ratio"] = f"{(Decimal(str(inner['ratio'])) * 100).normalize():f}"
    line |= {name: inner[name] for name in ("at", "weekday", "attempts") if name in inner}
    line |= {"attempts": inner["within_attempts"]} if "within_attempts" in inner else {}
    line |= {WINDOW[name]: value for name, value in inner.get("window", {}).items()}
    for part in inner.get("of") or inner.get("all") or inner.get("any") or []:
        _add_lines(part, number, lines)
