"""How the invented people answer: real answers of each kind, drawn from a few plain sentences."""

from random import Random
from typing import Any

from config.demo.people import Person
from config.demo.words import NOTES, PLANS, REASONS, REFLECTIONS, REPORTS
from content.kinds.article import ArticleResponse
from content.kinds.commitment import CommitmentResponse
from content.kinds.model_pair import ModelPairResponse
from content.kinds.practice import PracticeResponse, SignOffPerson
from content.kinds.quiz import QuizAnswer, QuizResponse
from content.kinds.reflection import ReflectionResponse
from content.kinds.scenario import Move, ScenarioResponse
from content.kinds.self_rating import SelfRatingResponse
from content.kinds.shapes import Response
from content.kinds.video import VideoResponse

SIGNERS = {"manager": ("Marco Rossi", "manager@example.com"), "peer": ("Nils Berg", "nils.berg@example.com")}


def answer(kind: str, key: str, spec: Any, person: Person, draw: Random) -> Response | None:
    """Return this person's whole answer to the step of this key, None for a kind that staff records."""
    if kind == "quiz":
        return _quiz(spec, draw)
    if kind == "scenario":
        return _scenario(spec, draw)
    if kind == "practice":
        return _practice(spec, draw)
    if kind == "reflection":
        shared = person.shares and "facilitator" in spec.audiences and draw.random() < 0.7
        return ReflectionResponse(text=draw.choice(REFLECTIONS), audience="facilitator" if shared else "private")
    if kind == "commitment":
        return _plan(key, spec, draw)
    if kind == "model_pair":
        return ModelPairResponse(answer=draw.choice(NOTES))
    if kind == "self_rating":
        return _rating(spec, person)
    return {"article": ArticleResponse(), "video": VideoResponse()}.get(kind)


def _rating(spec: Any, person: Person) -> SelfRatingResponse:
    """Levels that hang together over the occasions: a modest look back, a step or two up, and now and then one down."""
    levels = {}
    for behavior in spec.behaviors:
        dice = Random(f"{person.email} {behavior.key}")  # noqa: S311 - an invented person's dice
        first = dice.choice((1, 1, 2, 2, 3))
        last = first + dice.choice((0, 1, 1, 2))
        place = {
            "baseline": first,
            "then": first - dice.choice((0, 0, 1, 1)),
            "post": last,
            "follow_up": last - dice.choice((0, 0, 0, 1)),
        }[spec.occasion]
        levels[behavior.key] = min(max(place, 1), len(behavior.levels))
    return SelfRatingResponse(levels=levels)


def _plan(key: str, spec: Any, draw: Random) -> CommitmentResponse:
    """A plan that fits the step: words of our own, or one of its examples."""
    examples = [(one.cue, one.action.removeprefix("I ")) for one in spec.examples]
    cue, action = draw.choice(PLANS.get(key, examples))
    return CommitmentResponse(cue=cue, action=action)


def _quiz(spec: Any, draw: Random) -> QuizResponse:
    answers = {}
    for question in spec.questions:
        right = next(place for place, choice in enumerate(question.choices) if choice.correct)
        knows = draw.random() < 0.75
        choice = right if knows else draw.randrange(len(question.choices))
        sure = draw.choice(("sure", "fairly") if knows else ("fairly", "guess"))
        answers[question.key] = QuizAnswer(choice=choice, confidence=sure if question.confidence else None)
    return QuizResponse(answers=answers)


def _scenario(spec: Any, draw: Random) -> ScenarioResponse:
    moves: list[Move] = []
    here = spec.start
    while spec.scenes[here].choices and len(moves) < 50:
        choice = draw.randrange(len(spec.scenes[here].choices))
        reason = draw.choice(REASONS) if spec.ask_reason else ""
        moves.append(Move(scene=here, choice=choice, reason=reason))
        here = spec.scenes[here].choices[choice].to
    return ScenarioResponse(moves=tuple(moves))


def _practice(spec: Any, draw: Random) -> PracticeResponse:
    report = tuple(draw.choice(REPORTS) for _prompt in spec.report)
    if spec.sign_off == "none":
        return PracticeResponse(report=report)
    name, email = SIGNERS[spec.sign_off]
    return PracticeResponse(report=report, sign_off=SignOffPerson(name=name, email=email))
