"""Hypothesis strategies: rules, outlines and facts."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from journeys.schedule.facts import Facts, Level, Pause, Shift, Try
from journeys.schedule.outline import BehaviorOutline, ModuleOutline, Outline, StepOutline
from journeys.schedule.tree import (
    After,
    AllOf,
    Anchor,
    AnyOf,
    AtLeast,
    Completed,
    Failed,
    Happened,
    Not,
    Offset,
    OnDate,
    Passed,
    Rated,
    Reference,
    Released,
    Rule,
    Window,
)

ZONES = ("Asia/Tokyo", "Europe/Paris", "America/New_York", "Asia/Riyadh", "Australia/Lord_Howe", "America/Sao_Paulo")
MODULES = ("m0", "m1", "m2")
STEPS = tuple(Reference(module, f"{module}-s{number}") for module in MODULES for number in range(3))
BEHAVIORS = ("asks-first", "thanks")
EVENTS = ("town-hall", "launch")
BEGIN = datetime(2027, 3, 1, tzinfo=UTC)

# The daily run tries the same examples each time, however busy the machine is; `make proof` looks for new ones.
steady = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])

hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


windows = st.builds(
    lambda days, hours: Window(tuple(sorted(days)), *hours),
    st.frozensets(st.integers(0, 6), min_size=1, max_size=5),
    st.sampled_from([(None, None), (time(9), time(17)), (time(0), time(23, 30))]),
)


@st.composite
def offsets(draw) -> Offset:
    unit = draw(st.sampled_from(["days", "working_days", "weeks", "hours", "minutes"]))
    amount = draw(st.integers(0, 12))
    if unit in ("hours", "minutes"):
        return Offset(amount, unit, window=draw(st.none() | windows))
    if draw(st.booleans()):
        return Offset(amount, unit, draw(st.none() | hours), draw(st.none() | st.integers(0, 6)))
    window = draw(windows)
    return Offset(
        amount, unit, draw(st.none() | st.just(window.from_at)), draw(st.sampled_from([None, *window.weekdays])), window
    )


anchors = st.one_of(
    st.sampled_from([Anchor("start"), Anchor("enrolled"), Anchor("end")]),
    st.builds(lambda key: Anchor("module-opened", Reference(key)), st.sampled_from(MODULES)),
    st.builds(lambda reference: Anchor("completed", reference), st.sampled_from(STEPS)),
    st.builds(lambda key: Anchor("completed", Reference(key)), st.sampled_from(MODULES)),
    st.builds(lambda step, count: Anchor("failed", step, count), st.sampled_from(STEPS), st.integers(1, 2)),
    st.builds(lambda key: Anchor("event", event=key), st.sampled_from(EVENTS)),
)
leaves = st.one_of(
    st.builds(After, anchors, offsets()),
    st.builds(OnDate, st.dates(date(2027, 2, 20), date(2027, 4, 20)), st.none() | hours),
    st.builds(Completed, st.sampled_from(STEPS) | st.builds(Reference, st.sampled_from(MODULES))),
    st.builds(
        Passed,
        st.sampled_from(STEPS),
        st.none() | st.sampled_from([0.5, 0.6, 1 / 3]),
        st.none() | st.integers(1, 3),
    ),
    st.builds(Failed, st.sampled_from(STEPS), st.integers(1, 3)),
    st.builds(
        lambda step, bounds, key: Rated(step, bounds[0], bounds[1], key),
        st.sampled_from(STEPS),
        st.sampled_from([(1, None), (3, None), (None, 2), (None, 4)]),
        st.sampled_from(["", *BEHAVIORS]),
    ),
    st.builds(Happened, st.sampled_from(EVENTS)),
    st.builds(Released, st.sampled_from(STEPS) | st.builds(Reference, st.sampled_from(MODULES))),
)


def rules(*, negation: bool = True) -> st.SearchStrategy[Rule]:
    """Any rule of the grammar over MODULES and STEPS."""

    def joined(inner):
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        counted = parts.flatmap(lambda some: st.builds(AtLeast, st.integers(1, len(some)), st.just(some)))
        forms = [st.builds(AllOf, parts), st.builds(AnyOf, parts), counted]
        return st.one_of(*forms, *([st.builds(Not, inner)] if negation else []))

    return st.recursive(leaves, joined, max_leaves=5)


SPOTS = tuple((key, event) for key in (*MODULES, *map(str, STEPS)) for event in ("opens", "due"))


@st.composite
def outlines(draw, *, negation: bool = True) -> Outline:
    """Three modules of three steps, with any rules at any of their places, circles included."""
    placed = draw(st.dictionaries(st.sampled_from(SPOTS), rules(negation=negation), max_size=7))
    optional = draw(st.frozensets(st.sampled_from(STEPS), max_size=4))
    modules = []
    for key in MODULES:
        steps = tuple(
            StepOutline(
                key=reference.step,
                module_key=key,
                title=reference.step.upper(),
                required=reference not in optional,
                opens=placed.get((str(reference), "opens")),
                due=placed.get((str(reference), "due")),
                rates=BEHAVIORS if reference.step.endswith("s0") else (),
            )
            for reference in STEPS
            if reference.module == key
        )
        opens, due = placed.get((key, "opens")), placed.get((key, "due"))
        modules.append(ModuleOutline(key=key, title=key.upper(), opens=opens, due=due, steps=steps))
    return Outline(
        key="any",
        title="Any",
        modules=tuple(modules),
        events={key: key.capitalize() for key in EVENTS},
        behaviors={key: BehaviorOutline(key.capitalize(), 4) for key in BEHAVIORS},
    )


def instants(days: int = 40) -> st.SearchStrategy[datetime]:
    """Instants in the first weeks of a run."""
    return st.integers(0, days * 24 * 4).map(lambda quarters: BEGIN + timedelta(minutes=15 * quarters))


@st.composite
def facts(draw, *, changes: bool = True) -> Facts:
    """What may be known of one person."""
    step_keys = st.sampled_from([reference.step for reference in STEPS])
    named = [*MODULES, *map(str, STEPS)]
    completed = draw(st.dictionaries(step_keys, instants(), max_size=6))
    passed = {key: at for key, at in completed.items() if draw(st.booleans())}
    tries = {key: draw(_tries(at)) for key, at in completed.items() if draw(st.booleans())}
    levels = {key: draw(_levels(at)) for key, at in completed.items() if draw(st.booleans())}
    pauses: tuple[Pause, ...] = ()
    shifts: tuple[Shift, ...] = ()
    if changes:
        cuts = sorted(draw(st.lists(instants(), max_size=4, unique=True)))
        pauses = tuple(Pause(one, two) for one, two in zip(cuts[::2], cuts[1::2], strict=False))
        shifts = tuple(draw(st.lists(st.builds(Shift, instants(), st.integers(-5, 10)), max_size=2)))
    return Facts(
        start_on=draw(st.dates(date(2027, 2, 24), date(2027, 3, 10))),
        zone=draw(st.sampled_from(ZONES)),
        anchor_zone=draw(st.none() | st.sampled_from(ZONES)),
        enrolled_at=BEGIN,
        end_on=draw(st.none() | st.dates(date(2027, 3, 15), date(2027, 5, 1))),
        completed=completed,
        passed=passed,
        tries=tries,
        levels=levels,
        events=draw(st.dictionaries(st.sampled_from(EVENTS), instants(), max_size=2)),
        ratios={key: draw(st.sampled_from([0.4, 0.6, 1.0])) for key in passed},
        released=draw(st.dictionaries(st.sampled_from(named), instants(), max_size=2)),
        exempted=frozenset(draw(st.lists(step_keys, max_size=2))),
        extensions=draw(
            st.dictionaries(st.sampled_from(["", *named]), st.dates(date(2027, 3, 1), date(2027, 5, 1)), max_size=2)
        ),
        pauses=pauses,
        shifts=shifts,
        last_activity_at=max(completed.values()) if completed else None,
    )


@st.composite
def _levels(draw, begun: datetime) -> tuple[Level, ...]:
    given = draw(st.dictionaries(st.sampled_from(BEHAVIORS), st.integers(1, 4), min_size=1))
    return tuple(Level(key, level, begun) for key, level in given.items())


@st.composite
def _tries(draw, begun: datetime) -> tuple[Try, ...]:
    ratios = draw(st.lists(st.sampled_from([0.2, 0.5, 0.9]), min_size=1, max_size=4))
    return tuple(Try(begun + timedelta(hours=7 * n), ratio >= 0.6, ratio) for n, ratio in enumerate(ratios))
