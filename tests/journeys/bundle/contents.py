"""Hypothesis strategies: whole versions, with every kind and every form of rule."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from content.activities.rules import asset_paths_in
from content.kinds.registry import KINDS, parse_spec
from content.kinds.shapes import tidied
from journeys.authoring.rules.content import (
    EventContent,
    IndicatorContent,
    ModuleContent,
    NudgeContent,
    SkillAim,
    StepContent,
    VersionContent,
    Why,
)
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.tree import Reference, RuleError
from journeys.schedule.writing import to_data, trigger_to_data, wait_to_data
from tests.content.kinds.specs import MINUTES, SPECS, written
from tests.journeys.schedule.strategies import EVENTS, MODULES, STEPS, offsets, rules

SKILLS = ("communication", "critical-thinking", "creative-ideation", "developing-people")
# Names, numbers and choices of a spec; everything else in it is somebody's words.
STRUCTURE = frozenset(
    {
        *("key", "to", "start", "merit", "source", "captions", "sign_off", "indicator", "indicators", "occasion"),
        *("after", "quote", "audience", "at"),
    }
)
# What breaks careless writers: marks of YAML and Markdown, fences, other alphabets, texts that look like values.
PIECES = (
    *("word", "long-er", "a: b", "- x", "---", "#", "“quoted”", "it's", '"', "\\n", "{x}", "[y](z)", "%", "@", "!t"),
    *(
        "yes",
        "null",
        "09:00",
        "2027-03-03",
        "1e3",
        "مرحبا",
        "日本",
        "é",
        "|",
        ">",
        "&a",
        "*a",
        "```",
        "<b>",
        "😀",
        "\u00a0",
    ),
)
lines = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map(" ".join).map(lambda text: " ".join(text.split()))
line = lines.filter(bool)
text = st.lists(lines | st.just("") | lines.map(lambda one: f"  {one}"), min_size=1, max_size=5).map("\n".join)
markdown = text.map(tidied).filter(bool)


def _reworded(draw: Callable[..., Any], value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _reworded(draw, part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_reworded(draw, part, name) for part in value]
    return draw(line) if isinstance(value, str) and name not in STRUCTURE else value


@st.composite
def specs(draw, kind: str) -> dict[str, Any]:
    """The spec of a kind as its sample is built, in other words."""
    found = parse_spec(kind, _reworded(draw, written(kind)), minutes=MINUTES)
    return found.to_data()


def _readable(read: Callable[..., Any]) -> Callable[[Any], bool]:
    def judge(data: Any) -> bool:
        try:
            read(data, pointer="")
        except RuleError:
            return False
        return True

    return judge


openings = st.none() | rules().map(to_data).filter(_readable(parse_opens))
deadlines = st.none() | rules().map(to_data).filter(_readable(parse_due))
waits = st.none() | offsets().map(wait_to_data).filter(_readable(parse_wait))
exceptions = st.lists(rules().map(to_data), max_size=2).filter(_readable(parse_unless)).map(tuple)
TRIGGERS = tuple(
    trigger_to_data(parse_trigger(data, pointer=""))
    for data in (
        {"event": "module-opened", "module": "m1"},
        {"event": "step-due-soon", "before": {"working_days": 2, "at": "09:00"}},
        {"event": "step-due-soon", "step": "m0/m0-s1", "before": {"days": 1, "at": "09:00"}},
        {"event": "step-due-soon", "module": "m2", "before": {"days": 1, "at": "09:00"}},
        {"event": "inactive", "days": 5, "at": "10:00"},
        {"event": "weekly", "weekday": "fri", "at": "16:00"},
    )
)
EXPECTATIONS = (
    {"start": "2027-03-03", "zone": "Asia/Tokyo", "expect": {"module": "m1", "opens": "2027-03-10 09:00"}},
    {"start": "2027-03-03", "zone": "UTC", "calendar": "JP", "expect": {"step": "m0/m0-s0", "due": "2027-03-10 09:00"}},
    {"start": "2027-03-03", "zone": "Europe/Paris", "expect": {"nudge": "n0", "sent": "2027-03-10 09:00"}},
    {"never": {"messages_per_week": 4, "messages_per_day": 2}},
)
aims = st.lists(st.sampled_from(SKILLS), max_size=3, unique=True).flatmap(
    lambda keys: st.tuples(*(st.builds(SkillAim, st.just(key), st.integers(1, 3)) for key in keys))
)

LEVELS = ("One", "Two", "Three", "Four")
behaviors = st.lists(
    st.builds(IndicatorContent, st.just("two-framings"), st.sampled_from(SKILLS), line, st.just(LEVELS)), max_size=1
).map(tuple)


@st.composite
def steps(draw, module: str, key: str, kind: str) -> StepContent:
    """One step of a kind."""
    spec = draw(specs(kind))
    body = draw(st.just("") | markdown) or ("" if kind != "article" else "Read.")
    found = StepContent(
        module=module,
        key=key,
        kind=kind,
        title=draw(line),
        minutes=MINUTES,
        serves=draw(st.sampled_from(["knows", "practices", "reflects", "evidence"])),
        topic=draw(st.sampled_from(["", *SKILLS])),
        required=draw(st.booleans()),
        opens=draw(openings),
        due=draw(deadlines),
        spec=spec,
        body=body,
    )
    return replace(found, assets={path: ASSETS[path] for path in sorted(asset_paths_in([body, spec]))})


FILES = {
    "assets/welcome.mp4": b"\x00\x00\x00\x18ftypisom" + bytes(16),
    "assets/welcome.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n",
}
ASSETS = {path: hashlib.sha256(data).hexdigest() for path, data in FILES.items()}


@st.composite
def contents(draw) -> VersionContent:
    """A version of three modules with a step of each kind, whatever its rules; not one that could be published."""
    kinds = draw(st.permutations(sorted(SPECS)))
    assert set(kinds) == set(KINDS), "A kind has no sample spec."
    places = [*STEPS, *(Reference("m2", f"m2-more{n}") for n in range(len(kinds) - len(STEPS)))]
    by_module: dict[str, list[StepContent]] = {key: [] for key in MODULES}
    for place, kind in zip(places, [*kinds, *["article"] * len(places)], strict=False):
        by_module[place.module].append(draw(steps(place.module, place.step, kind)))
    modules = tuple(
        ModuleContent(
            key=key,
            title=draw(line),
            outcome=draw(line),
            skills=draw(aims),
            why=draw(st.builds(Why, st.just("") | markdown, st.just("") | markdown, st.just("") | markdown)),
            opens=draw(openings),
            due=draw(deadlines),
            steps=tuple(by_module[key]),
        )
        for key in MODULES
    )
    return VersionContent(
        key="any",
        title=draw(line),
        summary=draw(st.just("") | markdown),
        language=draw(st.sampled_from(["en", "pt-BR", "ar"])),
        license=draw(st.sampled_from(["", "CC-BY-4.0"])),
        weeks=draw(st.integers(1, 104)),
        skills=draw(aims),
        indicators=draw(behaviors),
        modules=modules,
        nudges=tuple(
            NudgeContent(
                key=f"n{number}",
                category=draw(st.sampled_from(["practice", "reflection", "step", "due", "live"])),
                trigger=draw(st.sampled_from(TRIGGERS)),
                wait=draw(waits),
                unless=draw(exceptions),
                channels=draw(st.sampled_from([("email",), ("in-app",), ("email", "in-app")])),
                texts=draw(st.lists(markdown, min_size=1, max_size=3).map(tuple)),
            )
            for number in range(draw(st.integers(0, 3)))
        ),
        events=tuple(EventContent(key, draw(line)) for key in EVENTS),
        expectations=draw(st.lists(st.sampled_from(EXPECTATIONS), max_size=4).map(tuple)),
    )
