"""A small valid spec of each kind, as a designer writes it, and helpers that act like a browser."""

from copy import deepcopy
from typing import Any

from content.kinds.contract import Spec
from content.kinds.registry import get_kind, parse_spec
from content.kinds.rows import RowForm
from content.kinds.shapes import Behavior

MINUTES = 10

SPECS: dict[str, dict[str, Any]] = {
    "article": {},
    "video": {
        "source": "assets/welcome.mp4",
        "captions": "assets/welcome.vtt",
        "transcript": "Somebody says **hello**.",
    },
    "quiz": {
        "pass_ratio": 0.6,
        "questions": [
            {
                "key": "first",
                "prompt": "Which one is a *fact*?",
                "confidence": True,
                "choices": [
                    {"text": "He was late by ten minutes", "correct": True, "because": "A clock could show it."},
                    {"text": "He does not care", "correct": False, "because": "Nobody can see that."},
                ],
                "explain": "Facts are what a camera sees.",
            },
            {
                "key": "second",
                "prompt": "When is the best time?",
                "confidence": False,
                "choices": [
                    {"text": "Next year", "correct": False, "because": "By then it is forgotten."},
                    {"text": "Within two days", "correct": True, "because": "Both still remember it."},
                    {"text": "Never", "correct": False, "because": "Then nothing changes."},
                ],
            },
        ],
    },
    "scenario": {
        "start": "request",
        "ask_reason": True,
        "scenes": {
            "request": {
                "text": "Jo wants a dashboard by Friday.",
                "choices": [
                    {"text": "Build it", "to": "built", "merit": "weak", "because": "It fixes the frame."},
                    {"text": "Ask what it is for", "to": "answer", "merit": "strong", "because": "It opens the frame."},
                ],
            },
            "answer": {
                "text": "Jo has to decide about a post.",
                "choices": [
                    {"text": "Offer two frames", "to": "end", "merit": "strong", "because": "Jo can choose."},
                    {"text": "Build it anyway", "to": "built", "merit": "fair", "because": "It keeps the date."},
                ],
            },
            "built": {"text": "The dashboard is there. Nobody opens it."},
            "end": {"text": "Jo thanks you."},
        },
    },
    "model_pair": {
        "weak": {"title": "Brief A", "text": "Please be quick."},
        "strong": {"title": "Brief B", "text": "The choice is *mine*."},
        "ask": "What differs?",
        "points": ["B names a person.", "A is shorter."],
    },
    "practice": {
        "situation": "A request of this week.",
        "steps": ["Write it down.", "Ask what it is for."],
        "sign_off": "peer",
        "report": ["What did you say?", "What did they say?"],
        "indicator": "two-framings",
    },
    "reflection": {
        "prompt": "What did the second frame show?",
        "starters": ["I first thought …", "What surprised me …"],
        "after": "frames/three-frames",
        "quote": "practice",
        "audience": "facilitator",
    },
    "commitment": {
        "examples": [{"if": "Jo asks for numbers", "then": "I ask what they are for"}],
        "check_in": {"working_days": 3, "at": "16:00"},
        "rehearsal_seconds": 20,
    },
    "live_session": {
        "purpose": "Hear your sentence argued over.",
        "agenda": [{"minutes": 4, "text": "Arrive."}, {"minutes": 6, "text": "In pairs."}],
        "bring": "One sentence.",
    },
    "self_rating": {
        "occasion": "baseline",
        "indicators": ["own-view-first", "two-framings"],
        "prompt": "Who *are* you?",
    },
}
BEHAVIORS: dict[str, Behavior] = {
    key: Behavior(key=key, text=text, levels=levels)
    for key, text, levels in (
        (
            "own-view-first",
            "Writes own view first",
            ("Adopts the output", "Checks wording", "Compares", "Says what for"),
        ),
        ("two-framings", "Offers two framings", ("Proposes a fix", "Asks inside one", "States two", "Asks which fits")),
    )
}


def written(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the sample spec of a kind as data, with some keys changed; None leaves a key out."""
    data = deepcopy(SPECS[kind]) | changes
    return {key: value for key, value in data.items() if value is not None}


def spec_for(kind: str, **changes: Any) -> Any:
    """Return the sample spec of a kind, typed."""
    return parse_spec(kind, written(kind, **changes), minutes=MINUTES)


def shown_spec(kind: str, **changes: Any) -> Any:
    """Return the sample spec of a kind as a learner's page has it: with the words of the journey's behaviors."""
    return spec_for(kind, **changes).knowing(BEHAVIORS)


def as_posted(form: RowForm) -> dict[str, Any]:
    """Return what a browser would send for an authoring form as it stands, line ends included."""
    data: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list | tuple):
            data[form[name].html_name] = list(value)
            continue
        if value not in (None, "", False):
            data[form[name].html_name] = "on" if value is True else str(value).replace("\n", "\r\n")
    for group in form.groups.values():
        data[group.count_name] = str(group.count)
        for row in group.forms:
            data |= as_posted(row)
    return data


def authoring(kind: str, data: dict[str, Any] | None = None, spec: Spec | None = None, **options: Any) -> Any:
    """Return the authoring form of a kind."""
    if kind == "self_rating":
        options.setdefault("options", {"indicators": [(key, one.text) for key, one in BEHAVIORS.items()]})
    return get_kind(kind).spec_form(data, spec, **options)
