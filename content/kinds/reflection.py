"""The learner's own account of a practice or of feedback: private unless they decide otherwise."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.forms import ResponseForm, SpecForm, answer_field, choice_field, line_field, markdown_field, needed
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Line, Markdown, OwnWords, Response, Spec, Words

Audience = Literal["private", "facilitator", "cohort"]
AUDIENCES: tuple[Audience, ...] = ("private", "facilitator", "cohort")
AUDIENCE_LABELS: dict[Audience, Words] = {
    "private": _lazy("Only you"),
    "facilitator": _lazy("Your facilitator"),
    "cohort": _lazy("Your cohort"),
}
STEP = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$")


class ReflectionSpec(Spec):
    """
    after: MODULE/STEP, the practice or feedback it follows. quote: which of the learner's own words stand above it.

    audience: the widest that a learner may choose; every narrower one may be chosen too.
    """

    prompt: Markdown = Field(description="the question to think about")
    starters: tuple[Line, ...] = Field(default=(), max_length=12)
    after: Line | None = None
    quote: Literal["commitment", "practice", "none"] = "none"
    audience: Audience = "private"

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The audiences a learner may choose from, narrowest first."""
        return AUDIENCES[: AUDIENCES.index(self.audience) + 1]

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield a quote without a source and a source that cannot be a step."""
        if self.after and not STEP.match(self.after):
            yield Fault("/after", _("Name a module and a step, such as ask-first/ask-two-people."))
        if self.quote != "none" and not self.after:
            yield Fault("/after", _("Say which step is quoted here, such as ask-first/ask-two-people."))


class ReflectionResponse(Response):
    """The learner's text and who may read it. It is never kept as an answer: reflections have their own place."""

    text: OwnWords = ""
    audience: Audience = "private"

    def faults(self, spec: ReflectionSpec) -> Iterator[Fault]:
        """Yield an audience that is wider than the designer allows."""
        if self.audience not in spec.audiences:
            yield Fault(
                "/audience", _("This reflection can be shared no wider than: %(widest)s.") % {"widest": spec.audience}
            )


def judge(spec: ReflectionSpec, response: ReflectionResponse) -> Outcome:
    """Take any text as a reflection: no length is asked for and nothing is graded."""
    return Outcome(completed=bool(response.text.strip()))


def words(spec: ReflectionSpec, response: ReflectionResponse) -> str:
    """Return the learner's text; the caller must ask who may read it."""
    return response.text


class StarterForm(RowForm):
    """One way to begin."""

    text = line_field(_lazy("Starter"))


class ReflectionSpecForm(SpecForm[ReflectionSpec]):
    """The question, what stands above it, and how far the text may be shared."""

    spec_class = ReflectionSpec
    rows = {
        "starters": Rows(
            StarterForm, _lazy("Sentence starters"), _lazy("starter"), _lazy("Shown on request."), spare=0, value="text"
        )
    }

    prompt = needed(markdown_field(_lazy("Question")))
    after = line_field(
        _lazy("Follows the step"), _lazy("The practice or feedback it looks back on; it must come before this step.")
    )
    quote = choice_field(
        _lazy("Quote the learner's own words"),
        [
            ("none", _lazy("Quote nothing")),
            ("practice", _lazy("Their report of the practice")),
            ("commitment", _lazy("Their plan")),
        ],
        first="none",
    )
    audience = choice_field(
        _lazy("Widest audience a learner may choose"),
        [
            ("private", _lazy("Only themselves")),
            ("facilitator", _lazy("Their facilitator")),
            ("cohort", _lazy("Their cohort")),
        ],
        _lazy("Every reflection begins private; this is how far a learner may open it."),
        first="private",
    )


class ReflectionForm(ResponseForm[ReflectionSpec, ReflectionResponse]):
    """The text, and who may read it: only the learner unless they choose otherwise."""

    response_class = ReflectionResponse
    act = _lazy("Save")
    # Who may read it stands above what is written.
    field_order = ("audience", "text")

    text = answer_field(
        _lazy("Your reflection"), _lazy("Write a line before you save. There is no length to reach."), lines=9
    )
    audience = forms.ChoiceField(
        label=_lazy("Who may read this"),
        initial="private",
        widget=forms.RadioSelect,
        error_messages={
            "required": _lazy("Choose who may read this."),
            "invalid_choice": _lazy("Choose one of the audiences offered here."),
        },
    )

    def __init__(
        self,
        spec: ReflectionSpec,
        data: Mapping[str, Any] | None = None,
        response: ReflectionResponse | None = None,
    ) -> None:
        super().__init__(spec, data, response)
        field = cast(forms.ChoiceField, self.fields["audience"])
        field.choices = [(audience, label) for audience, label in AUDIENCE_LABELS.items() if audience in spec.audiences]


KIND = Kind(
    key="reflection",
    label=_lazy("Reflection"),
    act=_lazy("Reflect"),
    about=_lazy("A question about what was tried, answered in the learner’s own words, private unless they share it."),
    Spec=ReflectionSpec,
    Response=ReflectionResponse,
    judge=judge,
    spec_form=ReflectionSpecForm,
    response_form=ReflectionForm,
    private=True,
    words=words,
)
