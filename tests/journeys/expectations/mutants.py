"""Journeys with one rule gone wrong, drawn at random by a seed that is fixed here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any

from journeys.authoring.rules.content import VersionContent
from journeys.authoring.rules.references import known_references, rules_of, unknown_references
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.schedule.checks import outline_faults
from journeys.schedule.expectations import Expectation, check_expectations, parse_expectations
from journeys.schedule.tree import RuleError
from tests.journeys.expectations.operators import WRONG, Names

SEED = 2027
MUTANTS = 100


@dataclass(frozen=True)
class Mutant:
    """One journey with one rule changed. name: JOURNEY SECTION/KEY/FIELD: operator → what the rule says now."""

    journey: str
    where: str
    operator: str
    rule: Any
    content: VersionContent

    @property
    def name(self) -> str:
        return f"{self.journey} {self.where}: {self.operator} → {self.rule}"

    @property
    def is_caught(self) -> bool:
        return bool(check_expectations(self.content.outline, expectations(self.journey)))


@lru_cache
def contents() -> dict[str, VersionContent]:
    """Return the journeys that ship with Waymark, by key."""
    return {key: read_bundle(path).content for key, path in sorted(sample_paths().items())}


@lru_cache
def expectations(journey: str) -> tuple[Expectation, ...]:
    """Return what a journey expects of itself."""
    return parse_expectations(list(contents()[journey].expectations), pointer="")


def mutants(seed: int, number: int, *, leave_out: frozenset[str] = frozenset()) -> Iterator[Mutant]:
    """
    Draw so many different mutants, each of a rule drawn from all rules of all journeys, by an operator drawn then.

    leave_out: names of mutants to pass over. What the checks of every journey refuse, such as a circle, is no mutant.
    """
    random = Random(seed)
    sites = [(journey, where, data) for journey, content in contents().items() for where, data in _sites(content)]
    seen = set(leave_out)
    drawn = 0
    while drawn < number:
        journey, where, data = random.choice(sites)
        wrongs = list(WRONG[where.rpartition("/")[2]](data, _names(contents()[journey])))
        operator = random.choice(list(dict.fromkeys(name for name, _rule in wrongs)))
        rule = random.choice([rule for name, rule in wrongs if name == operator])
        content = changed(contents()[journey], where, rule)
        mutant = Mutant(journey, where, operator, rule, content)
        if mutant.name not in seen and rule != data and _is_sound(content):
            seen.add(mutant.name)
            drawn += 1
            yield mutant


def every_mutant(*, operator: str) -> Iterator[Mutant]:
    """Yield each mutant of one operator that can be drawn."""
    for journey, content in contents().items():
        names = _names(content)
        for where, data in _sites(content):
            for name, rule in WRONG[where.rpartition("/")[2]](data, names):
                if name == operator and rule != data:
                    mutant = Mutant(journey, where, operator, rule, changed(content, where, rule))
                    if _is_sound(mutant.content):
                        yield mutant


def changed(content: VersionContent, where: str, rule: Any) -> VersionContent:
    """Return a journey with one of its rules replaced. where: SECTION/KEY/FIELD."""
    section, key, field = where.split("/")
    if section == "nudges":
        value = tuple(rule) if field == "unless" else rule
        # Only a message that follows an opening waits.
        waits = {"wait": None} if field == "trigger" and rule["event"] != "module-opened" else {}
        nudges = (replace(one, **{field: value}, **waits) if one.key == key else one for one in content.nudges)
        return replace(content, nudges=tuple(nudges))
    modules = []
    for module in content.modules:
        if section == "modules":
            modules.append(replace(module, **{field: rule}) if module.key == key else module)
        else:
            steps = (replace(step, **{field: rule}) if step.key == key else step for step in module.steps)
            modules.append(replace(module, steps=tuple(steps)))
    return replace(content, modules=tuple(modules))


def _sites(content: VersionContent) -> Iterator[tuple[str, Any]]:
    yield from ((where, data) for where, data in rules_of(content) if data)
    yield from ((f"nudges/{nudge.key}/wait", nudge.wait) for nudge in content.nudges if nudge.wait)


def _names(content: VersionContent) -> Names:
    steps = {module.key: tuple(step.reference for step in module.steps) for module in content.modules}
    return Names(tuple(steps), steps)


def _is_sound(content: VersionContent) -> bool:
    known = known_references(content)
    if any(fault for _where, data in rules_of(content) for fault in unknown_references(data, known)):
        return False
    try:
        return not outline_faults(content.outline)
    except RuleError:
        return False
