"""What can be known of an outline before anybody starts: its rules with the defaults filled in, in the order of use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from journeys.schedule.outline import ModuleOutline, Outline, StepOutline
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
)
from journeys.schedule.writing import leaves

NodeKey: TypeAlias = str

AT_START: Final = After(Anchor("start"), Offset(0, "days"))


@dataclass(frozen=True, slots=True)
class Node:
    """
    One module or step of the plan.

    key: KEY or MODULE/STEP. opens: None for a step that simply opens with its module.
    monotone: nothing in `opens` is negated, so what has opened stays so by the rule alone.
    names_release: the rule itself says what a facilitator's release does.
    only_for_some: it opens to nobody who has not failed something or rated themselves so, and is asked of nobody else.
    """

    key: NodeKey
    module: ModuleOutline
    step: StepOutline | None
    opens: Rule | None
    due: Rule | None
    monotone: bool
    names_release: bool
    only_for_some: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """
    An outline made ready.

    nodes: modules and steps in the order of the outline. order: the same, each after all that its rule names, or in
    outline order where rules name each other in a circle; `settles_at_once` says which.
    never: what can never open, with the reason. for_some: bare keys of the steps that only a failure or a rating opens.
    modules_for_some: keys of the modules that only a failure or a rating opens.
    """

    nodes: Mapping[NodeKey, Node]
    order: tuple[Node, ...]
    settles_at_once: bool
    never: Mapping[NodeKey, str]
    for_some: frozenset[str]
    modules_for_some: frozenset[str]


@lru_cache(maxsize=256)
def plan_of(outline: Outline) -> Plan:
    """Make an outline ready; remembered, because every learner of a version shares it."""
    nodes = {node.key: node for node in _nodes(outline)}
    needs = {key: _needs(node, outline) for key, node in nodes.items()}
    order = _ordered(nodes, needs)
    settles = order is not None
    some = [node for node in nodes.values() if node.only_for_some]
    steps = frozenset(node.step.key for node in some if node.step is not None)
    modules = frozenset(node.key for node in some if node.step is None)
    return Plan(nodes, order or tuple(nodes.values()), settles, _never(outline, nodes, needs), steps, modules)


def negated(rule: Rule) -> Rule:
    """Turn a rule into its opposite, with every `not` moved down to single facts and dates."""
    match rule:
        case Not(part):
            return unnegated(part)
        case AllOf(parts):
            return AnyOf(tuple(negated(part) for part in parts))
        case AnyOf(parts):
            return AllOf(tuple(negated(part) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(len(parts) - count + 1, tuple(negated(part) for part in parts))
        case _:
            return Not(rule)


def unnegated(rule: Rule) -> Rule:
    """Write a rule so that `not` stands before single facts and dates only; it says the same."""
    match rule:
        case Not(part):
            return negated(part)
        case AllOf(parts):
            return AllOf(tuple(unnegated(part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(unnegated(part) for part in parts))
        case AtLeast(count, parts):
            return AtLeast(count, tuple(unnegated(part) for part in parts))
        case _:
            return rule


def _nodes(outline: Outline) -> Iterable[Node]:
    before: ModuleOutline | None = None
    for module in outline.modules:
        default = AT_START if before is None else Completed(Reference(before.key))
        yield _node(Reference(module.key), module, None, module.opens or default, module.due)
        before = module
        earlier: StepOutline | None = None
        for step in module.steps:
            yield _node(step.reference, module, step, step.opens or _default(step, earlier), step.due)
            earlier = step if step.required else earlier


def _node(
    reference: Reference, module: ModuleOutline, step: StepOutline | None, opens: Rule | None, due: Rule | None
) -> Node:
    rule = None if opens is None else unnegated(opens)
    names_release = rule is not None and any(fact.reference == reference for fact in _releases(rule))
    return Node(
        key=str(reference),
        module=module,
        step=step,
        opens=rule,
        due=None if due is None else unnegated(due),
        monotone=rule is None or not has_not(rule),
        names_release=names_release,
        only_for_some=rule is not None and holds_for_some(rule),
    )


def _default(step: StepOutline, earlier: StepOutline | None) -> Rule | None:
    """Open after the required step before, and a reflection also after what it follows."""
    parts: list[Rule] = [] if earlier is None else [Completed(earlier.reference)]
    if step.after:
        module, _, key = step.after.partition("/")
        follows = Completed(Reference(module, key))
        parts += [follows] if follows not in parts else []
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _parts(rule: Rule) -> tuple[Rule, ...]:
    match rule:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def has_not(rule: Rule) -> bool:
    """Tell whether anything in a rule is negated."""
    return isinstance(rule, Not) or any(has_not(part) for part in _parts(rule))


def holds_for_some(rule: Rule) -> bool:
    """Tell whether a rule can hold only for those who failed something, or who rated themselves high or low."""
    match rule:
        case Failed() | Rated():
            return True
        case After(anchor, _):
            return anchor.kind == "failed"
        case AllOf(parts):
            return any(holds_for_some(part) for part in parts)
        case AnyOf(parts):
            return all(holds_for_some(part) for part in parts)
        case AtLeast(count, parts):
            return sum(not holds_for_some(part) for part in parts) < count
        case _:
            return False


def _releases(rule: Rule) -> Iterable[Released]:
    if isinstance(rule, Released):
        yield rule
    for part in _parts(rule):
        yield from _releases(part)


def _needs(node: Node, outline: Outline) -> tuple[NodeKey, ...]:
    """What has to be placed before this node can be: all that its rule names, and its own module."""
    found = {} if node.step is None else {node.module.key: True}
    for leaf in () if node.opens is None else leaves(node.opens):
        reference = _awaited(leaf)
        if reference is None:
            continue
        found[str(reference)] = True
        module = outline.modules_by_key.get(reference.module)
        if module is not None and not reference.step and not _asks_opening(leaf):
            found |= {str(step.reference): True for step in module.steps if step.required}
    return tuple(found)


def _awaited(leaf: Rule) -> Reference | None:
    """What a single fact or date follows from; a release by hand follows from nothing in the journey."""
    match leaf:
        case Completed(reference) | Passed(reference, _) | Failed(reference, _) | Rated(reference, _):
            return reference
        case After(anchor, _):
            return anchor.reference
        case _:
            return None


def _asks_opening(leaf: Rule) -> bool:
    return isinstance(leaf, After) and leaf.anchor.kind == "module-opened"


def _ordered(nodes: Mapping[NodeKey, Node], needs: Mapping[NodeKey, tuple[NodeKey, ...]]) -> tuple[Node, ...] | None:
    """Sort the nodes behind what they need, near the outline's order; None when they need each other in a circle."""
    placed: dict[NodeKey, Node] = {}
    waiting = list(nodes)
    while waiting:
        ready = [key for key in waiting if all(need in placed or need not in nodes for need in needs[key])]
        if not ready:
            return None
        placed |= {key: nodes[key] for key in ready}
        waiting = [key for key in waiting if key not in placed]
    return tuple(placed.values())


def _never(
    outline: Outline, nodes: Mapping[NodeKey, Node], needs: Mapping[NodeKey, tuple[NodeKey, ...]]
) -> dict[NodeKey, str]:
    """Find what can never open, because its rule waits for itself or for something that is not in the journey."""
    can: set[NodeKey] = set()
    grown = True
    while grown:
        grown = False
        for key, node in nodes.items():
            if key not in can and _can_open(node, outline, can):
                can.add(key)
                grown = True
    titles = outline.titles
    return {key: _why_never(key, nodes, needs, can, titles) for key in nodes if key not in can}


def _can_open(node: Node, outline: Outline, can: set[NodeKey]) -> bool:
    if node.step is not None and node.module.key not in can:
        return False
    return node.opens is None or _can_hold(node.opens, lambda reference: _can_finish(reference, outline, can), can)


def _can_finish(reference: Reference, outline: Outline, can: set[NodeKey]) -> bool:
    if reference.step:
        return outline.step_at(reference) is not None and str(reference) in can
    module = outline.modules_by_key.get(reference.module)
    steps = () if module is None else (step for step in module.steps if step.required and not _is_spared(step))
    return reference.module in can and all(str(step.reference) in can for step in steps)


def _is_spared(step: StepOutline) -> bool:
    """Those for whom it does not open finish the module without it."""
    return step.opens is not None and holds_for_some(step.opens)


def _can_hold(rule: Rule, can_finish: Callable[[Reference], bool], can: set[NodeKey]) -> bool:
    match rule:
        case Completed(reference) | Passed(reference, _) | Failed(reference, _) | Rated(reference, _):
            return can_finish(reference)
        case After(Anchor("completed" | "failed", Reference() as reference), _):
            return can_finish(reference)
        case After(Anchor("module-opened", Reference(module)), _):
            return module in can
        case AllOf(parts):
            return all(_can_hold(part, can_finish, can) for part in parts)
        case AnyOf(parts):
            return any(_can_hold(part, can_finish, can) for part in parts)
        case AtLeast(count, parts):
            return sum(_can_hold(part, can_finish, can) for part in parts) >= count
        case After() | OnDate() | Released() | Happened() | Not():
            return True


def _why_never(
    key: NodeKey,
    nodes: Mapping[NodeKey, Node],
    needs: Mapping[NodeKey, tuple[NodeKey, ...]],
    can: set[NodeKey],
    titles: Mapping[str, str],
) -> str:
    """Follow what stands in the way until it comes round to itself, or to something that is not there."""
    way = [key]
    while True:
        blocking = next(need for need in needs[way[-1]] if need not in can)
        if blocking not in nodes:
            waiting = titles.get(way[-1], way[-1])
            return f"{waiting} waits for {blocking}, which is not in this journey"
        if blocking in way:
            circle = [*way[way.index(blocking) :], blocking]
            pairs = zip(circle, circle[1:], strict=False)
            return ", and ".join(f"{titles.get(one, one)} waits for {titles.get(two, two)}" for one, two in pairs)
        way.append(blocking)
