"""An if-then plan: a moment one can see coming, and one thing a colleague could notice."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.forms import ResponseForm, SpecForm, answer_field, choice_field, line_field, needed, whole_field
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import SHORT, ClockTime, Line, Part, Response, ShortWords, Spec, Whole

UNITS = ("working_days", "days", "weeks", "hours", "minutes")
Amount = Annotated[Whole, Field(ge=0, le=400)]


class Example(Part):
    """Somebody's plan: if this moment comes, then I do this."""

    cue: Line = Field(alias="if", description="the moment")
    action: Line = Field(alias="then", description="what you do then")


class CheckInWait(Part):
    """How long after the plan was made the learner is asked once; at: their local time."""

    working_days: Amount | None = None
    days: Amount | None = None
    weeks: Amount | None = None
    hours: Amount | None = None
    minutes: Amount | None = None
    at: ClockTime | None = None

    def in_words(self) -> str:
        """Say the wait in words, such as "3 working days later, at 16:00"."""
        texts = {
            "working_days": ngettext("%(n)d working day later", "%(n)d working days later", self.working_days or 0),
            "days": ngettext("%(n)d day later", "%(n)d days later", self.days or 0),
            "weeks": ngettext("%(n)d week later", "%(n)d weeks later", self.weeks or 0),
            "hours": ngettext("%(n)d hour later", "%(n)d hours later", self.hours or 0),
            "minutes": ngettext("%(n)d minute later", "%(n)d minutes later", self.minutes or 0),
        }
        unit = next(name for name in UNITS if getattr(self, name) is not None)
        wait = texts[unit] % {"n": getattr(self, unit)}
        return _("%(wait)s, at %(time)s") % {"wait": wait, "time": self.at} if self.at else wait


class CommitmentSpec(Spec):
    """check_in: when we ask whether the moment came. rehearsal_seconds: 0 leaves the rehearsal out."""

    examples: tuple[Example, ...] = Field(
        min_length=1, max_length=10, description="plans that others could make, at least one"
    )
    check_in: CheckInWait = Field(description="when to ask whether the moment came")
    rehearsal_seconds: Annotated[Whole, Field(ge=0, le=300)] = 20

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield a check-in that names no wait, or two."""
        named = [name for name in UNITS if getattr(self.check_in, name) is not None]
        if len(named) != 1:
            yield Fault("/check_in", _("Give one wait, in %(units)s.") % {"units": ", ".join(UNITS)})


class CommitmentResponse(Response):
    """The plan: the moment, and what the learner will do then."""

    cue: ShortWords = ""
    action: ShortWords = ""


def judge(spec: CommitmentSpec, response: CommitmentResponse) -> Outcome:
    """Take a plan with both halves as made; whether it is kept is for the check-in."""
    return Outcome(completed=bool(response.cue.strip() and response.action.strip()))


def words(spec: CommitmentSpec, response: CommitmentResponse) -> str:
    """Return the plan as one sentence."""
    if not (response.cue or response.action):
        return ""
    return _("If %(cue)s, then I will %(action)s") % {"cue": response.cue, "action": response.action}


class ExampleForm(RowForm):
    """One plan that somebody could make."""

    paths = {"cue": "if", "action": "then"}

    cue = needed(line_field(_lazy("If"), _lazy("A moment one can see coming")))
    action = needed(
        line_field(_lazy("then"), _lazy("Something a colleague could notice, such as: I ask what it is for"))
    )


class CommitmentSpecForm(SpecForm[CommitmentSpec]):
    """Examples, the rehearsal, and when we ask whether the moment came."""

    spec_class = CommitmentSpec
    paths = {"amount": "check_in", "unit": "check_in/unit", "at": "check_in/at"}
    rows = {
        "examples": Rows(
            ExampleForm, _lazy("Examples"), _lazy("example"), _lazy("Three from ordinary work are enough.")
        )
    }

    amount = needed(whole_field(_lazy("Ask how it went after"), most=400))
    unit = choice_field(
        _lazy("Unit"),
        [
            ("working_days", _lazy("working days")),
            ("days", _lazy("days")),
            ("weeks", _lazy("weeks")),
            ("hours", _lazy("hours")),
            ("minutes", _lazy("minutes")),
        ],
        first="working_days",
    )
    at = line_field(_lazy("At"), _lazy("The learner's local time, such as 16:00; may be empty."), longest=5)
    rehearsal_seconds = whole_field(
        _lazy("Seconds to rehearse"), _lazy("0 leaves the rehearsal out; 20 is a good length."), most=300
    )

    @classmethod
    def initial_from(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        wait = known.get("check_in") or {"working_days": 3, "at": "16:00"}
        unit = next((unit for unit in UNITS if unit in wait), "working_days")
        return {
            "amount": wait.get(unit),
            "unit": unit,
            "at": wait.get("at"),
            "rehearsal_seconds": known.get("rehearsal_seconds", 20),
        }

    def own_data(self) -> dict[str, Any]:
        values = self.cleaned_data
        wait = {values.get("unit") or "working_days": values.get("amount"), "at": values.get("at") or None}
        data = {
            "check_in": {name: value for name, value in wait.items() if value is not None},
            "rehearsal_seconds": values.get("rehearsal_seconds"),
        }
        return {name: value for name, value in data.items() if value is not None}


class CommitmentForm(ResponseForm[CommitmentSpec, CommitmentResponse]):
    """The two halves of the plan."""

    response_class = CommitmentResponse
    act = _lazy("Make this commitment")

    cue = answer_field(
        _lazy("If"),
        _lazy("Name a moment you can see coming."),
        lines=2,
        longest=SHORT,
        hint=_lazy("A moment you can see coming, in 300 characters at most"),
    )
    action = answer_field(
        _lazy("Then I will"),
        _lazy("Name one thing you will do then."),
        lines=2,
        longest=SHORT,
        hint=_lazy("Something a colleague could notice, in 300 characters at most"),
    )


KIND = Kind(
    key="commitment",
    label=_lazy("Commitment"),
    act=_lazy("Plan"),
    about=_lazy("An if-then plan for a moment people can see coming; Waymark asks once whether it came."),
    Spec=CommitmentSpec,
    Response=CommitmentResponse,
    judge=judge,
    spec_form=CommitmentSpecForm,
    response_form=CommitmentForm,
    private=True,
    words=words,
)
