"""What every activity kind gives: a spec, an answer, their two forms, a judge and a template."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from content.kinds.forms import ResponseForm, SpecForm
from content.kinds.shapes import Response, Spec, Words

__all__ = ["AudienceChoice", "Kind", "Outcome", "Response", "Spec"]

S = TypeVar("S", bound=Spec)
R = TypeVar("R", bound=Response)


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What an answer amounts to.

    completed and passed are two facts; passed is None where nothing can be passed, or nobody has judged it yet.
    score_scaled: 0 to 1. waiting_on: "peer" or "manager" while another person's word is awaited.
    """

    completed: bool
    passed: bool | None = None
    score_scaled: float | None = None
    waiting_on: Literal["peer", "manager"] | None = None


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """
    One audience that a reflection may have here, and who that is.

    names: everybody whom it lets in, so that nobody has to choose between numbers. note: a sentence instead of names.
    """

    value: Literal["private", "facilitator", "cohort"]
    label: str
    names: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[S, R]):
    """
    One kind of activity.

    label names it to a designer, act to a learner ("Read"); about says in a sentence what people do in it.
    private: the answer is the learner's own text, which no API takes or gives. explains: after the answer there is
    something to read, so the player stays on the page. replayable: a learner may begin again, as a new attempt.
    Without a response_form somebody else records that it happened. words: the learner's own words in an answer, to be
    quoted to them. present: what the template shows of spec, answer and form, ready to loop over.
    """

    key: str
    label: Words
    act: Words
    Spec: type[S]
    Response: type[R]
    judge: Callable[[S, R], Outcome]
    spec_form: type[SpecForm[S]]
    response_form: type[ResponseForm[S, R]] | None
    SPEC_VERSION: int = 1
    RESPONSE_VERSION: int = 1
    private: bool = False
    explains: bool = False
    replayable: bool = False
    words: Callable[[S, R], str] = field(default=lambda spec, response: "")
    about: Words = ""
    present: Callable[[S, R | None, Any], Any] = field(default=lambda spec, response, form: None)

    @property
    def template(self) -> str:
        """The template of the learner's page, included by the player."""
        return f"content/kinds/{self.key}.html"
