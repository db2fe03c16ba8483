"""What changes between two versions: keys kept, added and removed, and the change in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from journeys.authoring.rules.content import Data, ModuleContent, NudgeContent, StepContent, VersionContent
from journeys.publishing.rules.dates import moved_dates
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.words import as_condition, in_words, trigger_in_words, wait_in_words


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one type, each group in the order of the version it stands in."""

    kept: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """
    The change from one version to another.

    words: everything that a designer is told, in order; empty where nothing that a person could notice has changed.
    for_learners: those of them that are about what learners meet.
    """

    modules: Keys
    steps: Keys
    nudges: Keys
    for_learners: tuple[str, ...]
    of_expectations: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.for_learners, *self.of_expectations)


class Keyed(Protocol):
    """Whatever has a key."""

    @property
    def key(self) -> str:
        """The key, unique among its kind in a version."""


Item = TypeVar("Item", bound=Keyed)
WAYS: Final = {"email": "by e-mail", "in-app": "to the Today page"}
WEIGHTS: Final = {1: "also", 2: "strongly", 3: "above all"}


def change_between(old: VersionContent, new: VersionContent) -> Change:
    """Return what the new version changes against the old one."""
    return Change(
        modules=_keys([m.key for m in old.modules], [m.key for m in new.modules]),
        steps=_keys([s.key for s in old.steps], [s.key for s in new.steps]),
        nudges=_keys([n.key for n in old.nudges], [n.key for n in new.nudges]),
        for_learners=tuple(_words(old, new)),
        of_expectations=tuple(_expectations(list(old.expectations), list(new.expectations))),
    )


def _keys(old: Sequence[str], new: Sequence[str]) -> Keys:
    return Keys(
        kept=tuple(key for key in new if key in set(old)),
        added=tuple(key for key in new if key not in set(old)),
        removed=tuple(key for key in old if key not in set(new)),
    )


def _words(old: VersionContent, new: VersionContent) -> Iterator[str]:
    yield from _about(old, new)
    yield from _modules(old, new)
    yield from _steps(old, new)
    yield from _nudges(old, new)
    yield from moved_dates(old, new)


def _about(old: VersionContent, new: VersionContent) -> Iterator[str]:
    yield from _replaced("The title", old.title, new.title)
    if old.summary != new.summary:
        yield "The summary has new words."
    yield from _replaced("The language", old.language, new.language)
    yield from _replaced("The license", old.license or "none", new.license or "none")
    yield from _replaced("The length", _weeks(old.weeks), _weeks(new.weeks))
    yield from _aims("The journey", old.skills, new.skills)
    before = {indicator.key: indicator for indicator in old.indicators}
    after = {indicator.key: indicator for indicator in new.indicators}
    for key in after.keys() - before.keys():
        yield f"The behavior “{after[key].text}” is new."
    for key in before.keys() - after.keys():
        yield f"The behavior “{before[key].text}” is gone."
    for key in sorted(before.keys() & after.keys()):
        if before[key] != after[key]:
            yield f"The behavior “{after[key].text}” has new words."
    if old.events != new.events:
        named = ", ".join(f"“{event.title}”" for event in new.events)
        yield f"Rules may wait for these events: {named}." if named else "Rules can wait for no event any more."


def _expectations(old: list[Data], new: list[Data]) -> Iterator[str]:
    """Say how many came and went: whoever publishes should see when what kept the calendar true is gone."""
    if old == new:
        return
    gone, fresh = sum(one not in new for one in old), sum(one not in old for one in new)
    if old and not new:
        yield f"Every expectation is gone ({len(old)}): nothing holds the calendar any more."
    elif gone and fresh:
        yield f"Expectations: {fresh} new or changed in the place of {gone}, {len(new)} in all."
    elif gone:
        yield f"Expectations: {gone} gone, {len(new)} left."
    elif fresh:
        yield f"Expectations: {fresh} new, {len(new)} in all."
    else:
        yield "The expectations stand in another order."


def _modules(old: VersionContent, new: VersionContent) -> Iterator[str]:
    before, after = _by_key(old.modules), _by_key(new.modules)
    yield from (f"Module “{module.title}” is new." for key, module in after.items() if key not in before)
    yield from (f"Module “{module.title}” is gone." for key, module in before.items() if key not in after)
    yield from _moved("Module", before, after)
    for key, module in after.items():
        if key in before:
            yield from _module(before[key], module, old, new)


def _module(before: ModuleContent, after: ModuleContent, old: VersionContent, new: VersionContent) -> Iterator[str]:
    name = f"Module “{after.title}”"
    if before.title != after.title:
        yield f"Module “{before.title}” is now called “{after.title}”."
    if before.outcome != after.outcome:
        yield f"{name} promises: “{after.outcome}”"
    if before.why != after.why:
        yield f"{name} tells its why in new words."
    yield from _aims(name, before.skills, after.skills)
    yield from _rules(name, before, after, old, new)


def _steps(old: VersionContent, new: VersionContent) -> Iterator[str]:
    before, after = _by_key(old.steps), _by_key(new.steps)
    titles = {module.key: module.title for module in (*old.modules, *new.modules)}
    for key, step in after.items():
        if key not in before:
            yield f"“{step.title}” is new in “{titles[step.module]}”."
        elif before[key].module != step.module:
            yield f"“{step.title}” moves from “{titles[before[key].module]}” to “{titles[step.module]}”."
    yield from (f"“{step.title}” is gone." for key, step in before.items() if key not in after)
    for module in new.modules:
        stays = {step.key: step for step in module.steps if key_stays(step, before)}
        earlier = {key: step for key, step in before.items() if key in stays}
        yield from _moved("", earlier, stays)
    for key, step in after.items():
        if key in before:
            yield from _step(before[key], step, old, new)


def key_stays(step: StepContent, before: Mapping[str, StepContent]) -> bool:
    """Say whether a step was in the same module before."""
    return step.key in before and before[step.key].module == step.module


def _step(before: StepContent, after: StepContent, old: VersionContent, new: VersionContent) -> Iterator[str]:
    name = f"“{after.title}”"
    if before.title != after.title:
        yield f"“{before.title}” is now called {name}."
    if before.minutes != after.minutes:
        yield f"{name} takes {after.minutes} minutes; until now {before.minutes}."
    if before.required != after.required:
        yield f"{name} is now {'required' if after.required else 'optional'}."
    if before.serves != after.serves:
        yield f"{name} serves {after.serves}; until now {before.serves}."
    if before.topic != after.topic:
        yield f"{name} has the topic {after.topic or 'none'}; until now {before.topic or 'none'}."
    if before.body != after.body or before.assets != after.assets:
        yield f"{name} has a new text."
    if before.spec != after.spec:
        yield f"{name} has changed in what it asks or shows."
    yield from _rules(name, before, after, old, new)


def _rules(
    name: str,
    before: ModuleContent | StepContent,
    after: ModuleContent | StepContent,
    old: VersionContent,
    new: VersionContent,
) -> Iterator[str]:
    if before.opens != after.opens:
        yield f"{name} opens {_opens(after.opens, new)}; until now {_opens(before.opens, old)}."
    if before.due != after.due:
        yield f"{name} is due {_due(after.due, new)}; until now {_due(before.due, old)}."


def _opens(data: Any, content: VersionContent) -> str:
    return in_words(parse_opens(data, pointer=""), _titles(content)) if data else "after what comes before it"


def _due(data: Any, content: VersionContent) -> str:
    return in_words(parse_due(data, pointer=""), _titles(content)) if data else "at no fixed time"


def _titles(content: VersionContent) -> dict[str, str]:
    """What to call modules and steps: by their titles, because numbers change with the order."""
    modules = {module.key: f"“{module.title}”" for module in content.modules}
    events = {f"event:{event.key}": f"“{event.title}”" for event in content.events}
    return modules | events | {step.reference: f"“{step.title}”" for step in content.steps}


def _nudges(old: VersionContent, new: VersionContent) -> Iterator[str]:
    before, after = _by_key(old.nudges), _by_key(new.nudges)
    yield from (f"Nudge “{n.name}” is new: {_sent(n, new)}." for key, n in after.items() if key not in before)
    yield from (f"Nudge “{nudge.name}” is gone." for key, nudge in before.items() if key not in after)
    for key, nudge in after.items():
        if key in before:
            yield from _nudge(before[key], nudge, old, new)


def _nudge(before: NudgeContent, after: NudgeContent, old: VersionContent, new: VersionContent) -> Iterator[str]:
    name = f"Nudge “{after.name}”"
    if (before.trigger, before.wait, before.unless) != (after.trigger, after.wait, after.unless):
        yield f"{name} is sent {_sent(after, new)}; until now {_sent(before, old)}."
    if before.texts != after.texts:
        yield f"{name} has new words."
    if before.channels != after.channels:
        yield f"{name} goes {_ways(after)}; until now {_ways(before)}."
    if before.category != after.category:
        yield f"{name} is of the category {after.category}; until now {before.category}."


def _ways(nudge: NudgeContent) -> str:
    return " and ".join(WAYS.get(channel, channel) for channel in nudge.channels) or "nowhere"


def _sent(nudge: NudgeContent, content: VersionContent) -> str:
    titles = _titles(content)
    said = trigger_in_words(parse_trigger(nudge.trigger, pointer=""), titles)
    if nudge.wait:
        said += f", {wait_in_words(parse_wait(nudge.wait, pointer=''))}"
    conditions = [as_condition(rule, titles) for rule in parse_unless(list(nudge.unless), pointer="")]
    return f"{said}, unless {' or '.join(conditions)}" if conditions else said


def _by_key(items: Iterable[Item]) -> dict[str, Item]:
    return {item.key: item for item in items}


def _replaced(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what} changes from “{before}” to “{after}”."


def _weeks(count: int) -> str:
    return f"{count} week" if count == 1 else f"{count} weeks"


def _aims(name: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    if {(aim.skill, aim.weight) for aim in before} != {(aim.skill, aim.weight) for aim in after}:
        aims = ", ".join(f"“{aim.skill}” ({WEIGHTS[aim.weight]})" for aim in after) or "no skill"
        yield f"{name} aims at {aims}."


def _moved(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Name what changed its order among what stayed, as few as possible: what is not in the longest common order."""
    old = [key for key in before if key in after]
    new = [key for key in after if key in before]
    settled = set(_longest_rising([old.index(key) for key in new]))
    for place, key in enumerate(new):
        if old.index(key) not in settled:
            title = f"{what} “{after[key].title}”".strip()
            yield f"{title} now comes after “{after[new[place - 1]].title}”." if place else f"{title} now comes first."


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    best: list[list[int]] = []
    for number in numbers:
        before = max((chain for chain in best if chain[-1] < number), key=len, default=[])
        best.append([*before, number])
    return max(best, key=len, default=[])
