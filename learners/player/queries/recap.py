"""A module or a whole journey at its end, in the learner's own words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from config.support.errors import NotFound
from content.kinds.registry import get_kind
from learners.cohorts.models import Enrollment
from learners.player.queries.own_words import Said, own_words
from learners.player.queries.texts import module_texts
from learners.player.queries.walks import Walk, load_walks_briefly
from learners.player.rules import ModulePlace, State, StepPlace, continued, words_by_step

Words: TypeAlias = Callable[[], Mapping[str, Said]]


@dataclass(frozen=True)
class SaidAt:
    """Own words with the step they were written at."""

    title: str
    act: str
    said: Said


@dataclass(frozen=True)
class ModuleWords:
    """One module with what was written in it."""

    number: int
    title: str
    outcome: str
    done_at: datetime | None
    said: Sequence[SaidAt]


@dataclass(frozen=True)
class RecapPage:
    """
    The end of a module (module_key set) or of the journey.

    onward_url: where the bar leads; opens_title and opens_at: what opens next when nothing can be done now.
    """

    title: str
    module_number: int
    total: int
    is_done: bool
    done_at: datetime | None
    zone: str
    now: datetime
    stones: Sequence[str]
    modules: Sequence[ModuleWords]
    today_url: str
    map_url: str
    recap_url: str
    onward_url: str
    is_last: bool
    opens_title: str
    opens_at: datetime | None


def load_module_recap(enrollment: Enrollment, module_key: str, *, now: datetime) -> RecapPage:
    """
    Return the end of one module; 7 queries once the version is known to the process.

    Raises NotFound for a module that the version does not have, or that is not open yet.
    """
    walk = load_walks_briefly([enrollment], now=now)[0]
    return module_recap_of(walk, module_key, lambda: own_words(enrollment), now=now)


def load_journey_recap(enrollment: Enrollment, *, now: datetime) -> RecapPage:
    """Return the whole journey as far as it was walked; 7 queries once the version is known to the process."""
    walk = load_walks_briefly([enrollment], now=now)[0]
    return journey_recap_of(walk, own_words(enrollment), now=now)


def module_recap_of(walk: Walk, module_key: str, words: Words, *, now: datetime) -> RecapPage:
    """
    Put the end of one module together; words are asked for once it is known that there is one.

    Raises NotFound for a module that the version does not have, or that is not open yet.
    """
    module = walk.trail.module(module_key)
    if module is None or module.state is State.LATER:
        raise NotFound
    return _page(walk, [module], words(), now=now, title=module.outline.title, number=module.number)


def journey_recap_of(walk: Walk, words: Mapping[str, Said], *, now: datetime) -> RecapPage:
    """Put the whole journey together as far as it was walked. words: by step key."""
    walked = [module for module in walk.trail.modules if module.state is not State.LATER]
    return _page(walk, walked, words, now=now, title=walk.standing.outline.title, number=0)


def _page(
    walk: Walk, modules: Sequence[ModulePlace], words: Mapping[str, Said], *, now: datetime, title: str, number: int
) -> RecapPage:
    enrollment, trail = walk.enrollment, walk.trail
    texts = module_texts(enrollment.version)
    written = words_by_step(trail, words)
    opens = walk.standing.timeline.next_opens(now)
    titles = {module.key: module.outline.title for module in trail.modules}
    titles |= {step.placement.reference: step.outline.title for step in trail.steps}
    onward = trail.next
    is_done = modules[-1].state is State.DONE if number and modules else enrollment.completed_at is not None
    return RecapPage(
        title=title,
        module_number=number,
        total=len(trail.modules),
        is_done=is_done,
        done_at=modules[-1].placement.done_at if number and modules else enrollment.completed_at,
        zone=walk.zone,
        now=now,
        stones=trail.stones,
        modules=[_words(module, continued(texts[module.key].outcome), written) for module in modules],
        today_url=walk.addresses.today,
        map_url=walk.addresses.map,
        recap_url=walk.addresses.journey_recap,
        onward_url=walk.addresses.step(onward.key) if onward else "",
        is_last=enrollment.completed_at is not None,
        opens_title=titles.get(opens.reference, "") if opens and not onward else "",
        opens_at=opens.opens_at if opens and not onward else None,
    )


def _words(module: ModulePlace, outcome: str, written: Sequence[tuple[StepPlace, Said]]) -> ModuleWords:
    mine = [(step, said) for step, said in written if step.outline.module_key == module.key]
    return ModuleWords(
        number=module.number,
        title=module.outline.title,
        outcome=outcome,
        done_at=module.placement.done_at,
        said=[SaidAt(step.outline.title, str(get_kind(step.outline.kind).act), said) for step, said in mine],
    )
