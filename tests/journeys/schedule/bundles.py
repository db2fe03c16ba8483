"""Reads a journey bundle far enough to give the schedule its outline; the real import lives in another room."""

from functools import lru_cache
from pathlib import Path

import yaml

from journeys.schedule.expectations import Expectation, parse_expectations
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.outline import ModuleOutline, NudgeOutline, Outline, StepOutline

SAMPLES = Path(__file__).parents[3] / "journeys" / "bundle" / "samples"
KEYS = ("judgment-with-ai", "feedback-that-lands", "leading-through-ambiguity")


@lru_cache
def load(key: str) -> tuple[Outline, tuple[Expectation, ...]]:
    """Read one sample: its outline and its expectations."""
    folder = SAMPLES / key
    data = yaml.safe_load((folder / "journey.yaml").read_text(encoding="utf-8"))
    modules = tuple(_module(folder, module, f"/modules/{number}") for number, module in enumerate(data["modules"]))
    nudges = tuple(_nudge(nudge, f"/nudges/{number}") for number, nudge in enumerate(data["nudges"]))
    outline = Outline(key=data["key"], title=data["title"], modules=modules, nudges=nudges)
    return outline, parse_expectations(data["expectations"], pointer="/expectations")


def outline(key: str) -> Outline:
    """Read the outline of one sample."""
    return load(key)[0]


def _module(folder: Path, data: dict, pointer: str) -> ModuleOutline:
    files = sorted((folder / "modules" / data["folder"]).glob("*.md"))
    return ModuleOutline(
        key=data["key"],
        title=data["title"],
        opens=parse_opens(data["opens"], pointer=f"{pointer}/opens") if "opens" in data else None,
        due=parse_due(data["due"], pointer=f"{pointer}/due") if "due" in data else None,
        steps=tuple(_step(file, data["key"]) for file in files),
    )


def _step(file: Path, module_key: str) -> StepOutline:
    data = yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1])
    return StepOutline(
        key=data["key"],
        module_key=module_key,
        title=data["title"],
        kind=data["kind"],
        minutes=data["minutes"],
        serves=data["serves"],
        required=data.get("required", True),
        opens=parse_opens(data["opens"], pointer="/opens") if "opens" in data else None,
        due=parse_due(data["due"], pointer="/due") if "due" in data else None,
        after=data.get("after"),
    )


def _nudge(data: dict, pointer: str) -> NudgeOutline:
    return NudgeOutline(
        key=data["key"],
        category=data["category"],
        trigger=parse_trigger(data["trigger"], pointer=f"{pointer}/trigger"),
        wait=parse_wait(data["wait"], pointer=f"{pointer}/wait") if "wait" in data else None,
        unless=parse_unless(data["unless"], pointer=f"{pointer}/unless"),
        channels=tuple(data["channel"]),
        texts=tuple(data["text"]),
    )
