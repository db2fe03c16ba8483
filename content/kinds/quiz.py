"""A retrieval check: recall, say how sure you are, then read why each choice is right or wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Literal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.faults import pointer_of
from content.kinds.forms import (
    Choices,
    PercentField,
    ResponseForm,
    SpecForm,
    flag_field,
    line_field,
    markdown_field,
    needed,
)
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Flag, Markdown, Part, Response, Slug, Spec, Whole, Words

Confidence = Literal["sure", "fairly", "guess"]
CONFIDENCE: list[tuple[str, Words]] = [
    ("sure", _lazy("Sure")),
    ("fairly", _lazy("Fairly sure")),
    ("guess", _lazy("A guess")),
]


class QuizChoice(Part):
    """One answer to choose, and why it is right or wrong."""

    text: Markdown = Field(description="what the learner can choose")
    correct: Flag
    because: Markdown = Field(description="why this choice is right or wrong, in a tone that respects whoever chose it")


class Question(Part):
    """One thing to recall. confidence: ask how sure the learner is. explain: read after answering."""

    key: Slug = Field(description="a short name that never changes, such as hidden-mark")
    prompt: Markdown = Field(description="what you ask")
    choices: tuple[QuizChoice, ...] = Field(min_length=2, max_length=8, description="what can be chosen")
    confidence: Flag = False
    explain: Markdown | None = None


class QuizSpec(Spec):
    """pass_ratio: the share of right answers that is enough, above 0 and up to 1; none = nothing to pass."""

    pass_ratio: Annotated[float, Field(gt=0, le=1)] | None = None
    questions: tuple[Question, ...] = Field(min_length=1, max_length=30, description="what to recall, at least one")

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield questions that share a key or cannot be answered rightly or wrongly."""
        keys = Counter(question.key for question in self.questions)
        for index, question in enumerate(self.questions):
            right = sum(choice.correct for choice in question.choices)
            if keys[question.key] > 1:
                yield Fault(pointer_of("questions", index, "key"), _("Give each question a key of its own."))
            if not right:
                yield Fault(pointer_of("questions", index, "choices"), _("Mark at least one choice as correct."))
            elif right == len(question.choices):
                yield Fault(
                    pointer_of("questions", index, "choices"),
                    _("Every choice is marked as correct. Leave at least one that is not."),
                )


class QuizAnswer(Part):
    """The place of the chosen answer, from 0, and how sure the learner was."""

    choice: Annotated[Whole, Field(ge=0)]
    confidence: Confidence | None = None


class QuizResponse(Response):
    """The answers by the key of their question."""

    answers: dict[str, QuizAnswer] = Field(default_factory=dict)

    def faults(self, spec: QuizSpec) -> Iterator[Fault]:
        """Yield answers to questions or choices that do not exist."""
        questions = {question.key: question for question in spec.questions}
        for key, answer in self.answers.items():
            if key not in questions:
                yield Fault(pointer_of("answers", key), _("This quiz has no such question."))
            elif answer.choice >= len(questions[key].choices):
                yield Fault(
                    pointer_of("answers", key, "choice"),
                    _("Choose a number from 0 to %(last)d.") % {"last": len(questions[key].choices) - 1},
                )


def is_right(question: Question, answer: QuizAnswer) -> bool:
    """Say whether the chosen answer is a correct one."""
    return question.choices[answer.choice].correct


def judge(spec: QuizSpec, response: QuizResponse) -> Outcome:
    """Count right answers once every question is answered; without a ratio nothing is passed."""
    answered = [(question, response.answers.get(question.key)) for question in spec.questions]
    if any(answer is None for _question, answer in answered):
        return Outcome(completed=False)
    right = sum(is_right(question, answer) for question, answer in answered if answer)
    score = right / len(answered)
    # A third is written 0.33 by hand: allow what rounding to two places takes away.
    passed = None if spec.pass_ratio is None else score >= spec.pass_ratio - 0.005
    return Outcome(completed=True, passed=passed, score_scaled=round(score, 4))


class QuizChoiceForm(RowForm):
    """One answer to choose."""

    text = needed(markdown_field(_lazy("Choice"), lines=2))
    correct = flag_field(_lazy("This is correct"))
    because = needed(
        markdown_field(_lazy("Because"), _lazy("Why it is right or wrong, with respect for whoever chose it."), lines=2)
    )


class QuestionForm(RowForm):
    """One thing to recall."""

    rows = {
        "choices": Rows(
            QuizChoiceForm,
            _lazy("Choices"),
            _lazy("choice"),
            _lazy("Two or more, and at least one is correct."),
            spare=2,
        )
    }
    minted = ("key", "prompt")

    prompt = needed(markdown_field(_lazy("Question")))
    confidence = flag_field(_lazy("Ask how sure the learner is"), ticked=True)
    explain = markdown_field(_lazy("What to take away"), _lazy("Shown after answering."), lines=2)
    key = line_field(
        _lazy("Key"),
        _lazy("For reports and files; learners never see it. Leave it empty, and it is made from the question."),
        longest=64,
    )


class QuizSpecForm(SpecForm[QuizSpec]):
    """The questions, and how many right answers are enough."""

    spec_class = QuizSpec
    rows = {"questions": Rows(QuestionForm, _lazy("Questions"), _lazy("question"))}

    pass_ratio = PercentField(
        label=_lazy("Enough right answers, in percent"),
        help_text=_lazy("Such as 60. Empty: nothing to pass."),
        required=False,
        min_value=0,
        max_value=100,
    )


class QuizForm(ResponseForm[QuizSpec, QuizResponse]):
    """One choice for each question, and how sure the learner is where that is asked."""

    response_class = QuizResponse
    act = _lazy("Answer")

    def __init__(
        self, spec: QuizSpec, data: Mapping[str, Any] | None = None, response: QuizResponse | None = None
    ) -> None:
        super().__init__(spec, data, response)
        for question in spec.questions:
            places = [(str(place), choice.text) for place, choice in enumerate(question.choices)]
            self.fields[f"answer-{question.key}"] = _radios(_("Your answer"), places, _("Choose one answer."))
            if question.confidence:
                self.fields[f"sure-{question.key}"] = _radios(
                    _("How sure are you?"), CONFIDENCE, _("Say how sure you are; a guess is fine.")
                )

    def initial_from(self, response: QuizResponse) -> dict[str, Any]:
        chosen = {f"answer-{key}": str(answer.choice) for key, answer in response.answers.items()}
        return chosen | {f"sure-{key}": answer.confidence for key, answer in response.answers.items()}

    def built(self, values: Mapping[str, Any]) -> QuizResponse:
        chosen = {question.key: values.get(f"answer-{question.key}") for question in self.spec.questions}
        return QuizResponse(
            answers={
                key: QuizAnswer(choice=int(place), confidence=values.get(f"sure-{key}") or None)
                for key, place in chosen.items()
                if place
            }
        )


def _radios(label: str, choices: Choices, missing: str) -> forms.ChoiceField:
    wrong = _("Choose one of the answers offered here.")
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": wrong},
    )


@dataclass(frozen=True, slots=True)
class ShownChoice:
    """A choice as the page shows it: its radio button while it can be chosen, and whether it was."""

    choice: QuizChoice
    option: forms.boundfield.BoundWidget | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question as the page shows it. is_right: None until it is answered."""

    number: int
    question: Question
    field: forms.BoundField | None
    sure: forms.BoundField | None
    choices: list[ShownChoice]
    confidence: Words
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class ShownQuiz:
    """The whole quiz, with the count of right answers. enough: how many right answers pass, if any do."""

    questions: list[ShownQuestion]
    right: int
    enough: int | None


def present(spec: QuizSpec, response: QuizResponse | None, form: QuizForm | None) -> ShownQuiz:
    """Return the questions with their radio buttons and, once answered, what became of them."""
    answers = response.answers if response else {}
    shown = [
        _shown(number, question, answers.get(question.key), form)
        for number, question in enumerate(spec.questions, start=1)
    ]
    ratio = spec.pass_ratio
    return ShownQuiz(
        questions=shown,
        right=sum(bool(question.is_right) for question in shown),
        enough=None if ratio is None else ceil((ratio - 0.005) * len(shown)),
    )


def _shown(number: int, question: Question, answer: QuizAnswer | None, form: QuizForm | None) -> ShownQuestion:
    field = form[f"answer-{question.key}"] if form else None
    options = list(field) if field else [None] * len(question.choices)
    return ShownQuestion(
        number=number,
        question=question,
        field=field,
        sure=form[f"sure-{question.key}"] if form and question.confidence else None,
        choices=[
            ShownChoice(choice, option, is_mine=answer is not None and answer.choice == place)
            for place, (choice, option) in enumerate(zip(question.choices, options, strict=True))
        ],
        confidence=dict(CONFIDENCE).get(answer.confidence or "", "") if answer else "",
        is_right=is_right(question, answer) if answer else None,
    )


KIND = Kind(
    key="quiz",
    label=_lazy("Quiz"),
    act=_lazy("Recall"),
    about=_lazy("Questions answered from memory, with the reason for each answer, so that what was learned stays."),
    Spec=QuizSpec,
    Response=QuizResponse,
    judge=judge,
    spec_form=QuizSpecForm,
    response_form=QuizForm,
    present=present,
    explains=True,
    replayable=True,
)
