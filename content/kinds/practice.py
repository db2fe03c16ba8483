"""A deliberate try at work, told in a short report; another person may be asked to confirm it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.faults import pointer_of
from content.kinds.forms import (
    ResponseForm,
    SpecForm,
    answer_field,
    choice_field,
    line_field,
    markdown_field,
    needed,
    unmarked,
)
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Flag, Line, Markdown, OwnWords, Part, Response, Slug, Spec


class PracticeSpec(Spec):
    """report: the prompts to answer afterwards. indicator: the key of the behavior that this makes visible."""

    situation: Markdown = Field(description="when and with whom this is tried")
    steps: tuple[Markdown, ...] = Field(min_length=1, max_length=20, description="what to do, one act a step")
    sign_off: Literal["none", "peer", "manager"] = "none"
    report: tuple[Markdown, ...] = Field(min_length=1, max_length=10, description="what to write down afterwards")
    indicator: Slug | None = None


class SignOffPerson(Part):
    """Who is asked to confirm the practice. shows_report: whether they may read what the learner reported."""

    name: Line
    email: Line
    shows_report: Flag = False


class PracticeResponse(Response):
    """The answers to the report's prompts, in their order, and whom the learner named."""

    report: tuple[OwnWords, ...] = ()
    sign_off: SignOffPerson | None = None

    def faults(self, spec: PracticeSpec) -> Iterator[Fault]:
        """Yield answers without a prompt, and a person who cannot be asked."""
        if len(self.report) > len(spec.report):
            yield Fault("/report", _("There are %(count)d prompts to answer.") % {"count": len(spec.report)})
        if self.sign_off is None:
            return
        if spec.sign_off == "none":
            yield Fault("/sign_off", _("This practice asks nobody to confirm it. Leave the person out."))
        try:
            validate_email(self.sign_off.email)
        except ValidationError:
            yield Fault(pointer_of("sign_off", "email"), _("Write an e-mail address such as name@example.com."))


def judge(spec: PracticeSpec, response: PracticeResponse) -> Outcome:
    """Complete the practice by its report; a named person is waited for, and blocks nothing."""
    written = sum(bool(answer.strip()) for answer in response.report)
    if written < len(spec.report):
        return Outcome(completed=False)
    if spec.sign_off == "none" or response.sign_off is None:
        return Outcome(completed=True)
    return Outcome(completed=True, waiting_on=spec.sign_off)


def words(spec: PracticeSpec, response: PracticeResponse) -> str:
    """Return the report as the learner wrote it, a paragraph for each answer."""
    return "\n\n".join(answer for answer in response.report if answer.strip())


class StepForm(RowForm):
    """One act."""

    text = needed(markdown_field(_lazy("Step"), lines=2))


class PromptForm(RowForm):
    """One thing to write down afterwards."""

    text = needed(markdown_field(_lazy("Prompt"), lines=2))


class PracticeSpecForm(SpecForm[PracticeSpec]):
    """When it is tried, what to do, and what to write down afterwards."""

    spec_class = PracticeSpec
    rows = {
        "steps": Rows(StepForm, _lazy("Steps"), _lazy("step"), _lazy("One act a step."), spare=1, value="text"),
        "report": Rows(
            PromptForm,
            _lazy("Report"),
            _lazy("prompt"),
            _lazy("What the learner writes down afterwards. Three prompts are enough."),
            value="text",
        ),
    }

    situation = needed(markdown_field(_lazy("Situation"), _lazy("When at work, and with whom, is this tried?")))
    sign_off = choice_field(
        _lazy("Who confirms it"),
        [("none", _lazy("Nobody")), ("peer", _lazy("A colleague")), ("manager", _lazy("The manager"))],
        _lazy("The person gets one short e-mail. It never holds the learner back."),
        first="none",
    )
    indicator = line_field(_lazy("Behavior that this makes visible"), _lazy("One of the behaviors of the journey."))


class PracticeForm(ResponseForm[PracticeSpec, PracticeResponse]):
    """A text area for each prompt, and the person to ask where one is asked."""

    response_class = PracticeResponse
    act = _lazy("Save report")

    def __init__(
        self,
        spec: PracticeSpec,
        data: Mapping[str, Any] | None = None,
        response: PracticeResponse | None = None,
    ) -> None:
        super().__init__(spec, data, response)
        for index, prompt in enumerate(spec.report):
            self.fields[f"report-{index}"] = answer_field(
                unmarked(prompt), _("Write a line here. A few words are enough.")
            )
        if spec.sign_off != "none":
            self.fields["signer_name"] = line_field(_("Name"), longest=150)
            self.fields["signer_email"] = forms.EmailField(
                label=_("E-mail"),
                required=False,
                widget=forms.EmailInput({"class": "wide", "autocomplete": "off"}),
                error_messages={"invalid": _("Write an e-mail address such as name@example.com.")},
            )
            self.fields["shows_report"] = forms.BooleanField(label=_("Let this person read my report"), required=False)

    def initial_from(self, response: PracticeResponse) -> dict[str, Any]:
        values: dict[str, Any] = {f"report-{index}": text for index, text in enumerate(response.report)}
        if response.sign_off:
            asked = response.sign_off
            values |= {"signer_name": asked.name, "signer_email": asked.email, "shows_report": asked.shows_report}
        return values

    def clean(self) -> dict[str, Any]:
        """Refuse half a person: a name without an address, or an address without a name."""
        values = self.cleaned_data
        name, email = values.get("signer_name"), values.get("signer_email")
        if name and not email and "signer_email" not in self.errors:
            self.add_error("signer_email", _("Add their e-mail address, or leave the name empty too."))
        if email and not name:
            self.add_error("signer_name", _("Add their name, or leave the address empty too."))
        return values

    def built(self, values: Mapping[str, Any]) -> PracticeResponse:
        name, email = values.get("signer_name"), values.get("signer_email")
        asked = None
        if name and email:
            asked = SignOffPerson(name=name, email=email, shows_report=bool(values.get("shows_report")))
        report = tuple(values.get(f"report-{index}", "") for index in range(len(self.spec.report)))
        return PracticeResponse(report=report, sign_off=asked)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A prompt, the field to answer it (while it can be answered) and the answer so far."""

    prompt: str
    field: forms.BoundField | None
    answer: str


def present(spec: PracticeSpec, response: PracticeResponse | None, form: PracticeForm | None) -> list[ReportLine]:
    """Return the prompts, each with its field and answer."""
    answers = response.report if response else ()
    return [
        ReportLine(
            prompt=prompt,
            field=form[f"report-{index}"] if form else None,
            answer=answers[index] if index < len(answers) else "",
        )
        for index, prompt in enumerate(spec.report)
    ]


KIND = Kind(
    key="practice",
    label=_lazy("Practice"),
    act=_lazy("Practice"),
    about=_lazy(
        "Something to try at work, step by step, with a short report; a colleague or the manager can confirm it."
    ),
    Spec=PracticeSpec,
    Response=PracticeResponse,
    judge=judge,
    spec_form=PracticeSpecForm,
    response_form=PracticeForm,
    present=present,
    private=True,
    words=words,
)
