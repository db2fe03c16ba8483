"""Check an outline as a whole: every name leads somewhere, and everything can open."""

from collections import Counter
from collections.abc import Iterable, Iterator

from journeys.schedule.outline import NudgeOutline, Outline
from journeys.schedule.plan import plan_of
from journeys.schedule.tree import AtMoment, DueSoon, ModuleOpened, Overdue, Reference, Rule, RuleFault
from journeys.schedule.writing import events, references


def outline_faults(outline: Outline) -> tuple[RuleFault, ...]:
    """
    Find what is wrong with the rules of an outline taken together; empty when nothing is.

    Pointers follow the outline: /modules/2/steps/0/opens, /nudges/1/unless/0. Found are keys used twice, references to
    what is not in the outline, deadlines and waits that cannot be, and what can never open because its rule waits for
    itself.
    """
    faults = [*_doubled(outline), *_unknown(outline), *_nudge_faults(outline)]
    if not faults:
        faults += _never(outline)
    return tuple(faults)


def _doubled(outline: Outline) -> Iterator[RuleFault]:
    modules = Counter(module.key for module in outline.modules)
    steps = Counter(step.key for module in outline.modules for step in module.steps)
    nudges = Counter(nudge.key for nudge in outline.nudges)
    for kind, counted in (("modules", modules), ("steps", steps), ("nudges", nudges)):
        for key, count in counted.items():
            if count > 1:
                yield RuleFault(f"/{kind}", f"The key “{key}” is used {count} times. Give each its own key.")


def _rules(outline: Outline) -> Iterator[tuple[str, Rule]]:
    for number, module in enumerate(outline.modules):
        yield from _own_rules(f"/modules/{number}", module.opens, module.due)
        for place, step in enumerate(module.steps):
            yield from _own_rules(f"/modules/{number}/steps/{place}", step.opens, step.due)
    for number, nudge in enumerate(outline.nudges):
        for place, rule in enumerate(nudge.unless):
            yield f"/nudges/{number}/unless/{place}", rule
        if isinstance(nudge.trigger, AtMoment):
            yield f"/nudges/{number}/trigger", nudge.trigger.moment


def _own_rules(pointer: str, opens: Rule | None, due: Rule | None) -> Iterator[tuple[str, Rule]]:
    if opens is not None:
        yield f"{pointer}/opens", opens
    if due is not None:
        yield f"{pointer}/due", due


def _unknown(outline: Outline) -> Iterator[RuleFault]:
    named = [(pointer, sorted(references(rule))) for pointer, rule in _rules(outline)]
    named += [(f"/nudges/{number}/trigger", _triggered(nudge)) for number, nudge in enumerate(outline.nudges)]
    named += [
        (f"/modules/{number}/steps/{place}/after", [Reference(*step.after.split("/", 1))])
        for number, module in enumerate(outline.modules)
        for place, step in enumerate(module.steps)
        if step.after
    ]
    for pointer, found in named:
        yield from _unknown_at(outline, pointer, found)
    for pointer, rule in _rules(outline):
        for event in sorted(events(rule) - outline.events.keys()):
            yield RuleFault(pointer, f"There is no event “{event}”. {_known_events(outline)}")


def _known_events(outline: Outline) -> str:
    if not outline.events:
        return "This journey has none yet: add it to events."
    return f"The events are {', '.join(outline.events)}: name one of them, or add yours to events."


def _unknown_at(outline: Outline, pointer: str, named: Iterable[Reference]) -> Iterator[RuleFault]:
    for reference in named:
        if reference.module not in outline.modules_by_key:
            known = ", ".join(outline.modules_by_key)
            yield RuleFault(pointer, f"There is no module “{reference.module}”. The modules are {known}.")
        elif reference.step and outline.step_at(reference) is None:
            elsewhere = outline.steps_by_key.get(reference.step)
            hint = (
                f"Did you mean {elsewhere.reference}?" if elsewhere else "Write MODULE/STEP with keys of this journey."
            )
            yield RuleFault(pointer, f"There is no step “{reference}”. {hint}")


def _triggered(nudge: NudgeOutline) -> list[Reference]:
    if isinstance(nudge.trigger, ModuleOpened):
        return [Reference(nudge.trigger.module)]
    if isinstance(nudge.trigger, DueSoon | Overdue) and nudge.trigger.subject is not None:
        return [nudge.trigger.subject]
    return []


def _nudge_faults(outline: Outline) -> Iterator[RuleFault]:
    for number, nudge in enumerate(outline.nudges):
        if nudge.wait is not None and not isinstance(nudge.trigger, ModuleOpened):
            message = (
                "Only a message that follows the opening of a module waits. Leave out wait; the trigger says when."
            )
            yield RuleFault(f"/nudges/{number}/wait", message)
        if isinstance(nudge.trigger, DueSoon | Overdue) and nudge.trigger.subject is not None:
            yield from _without_deadline(outline, number, nudge.trigger.subject)


def _without_deadline(outline: Outline, number: int, subject: Reference) -> Iterator[RuleFault]:
    step = outline.step_at(subject)
    module = outline.modules_by_key.get(subject.module)
    named = step if subject.step else module
    if named is not None and named.due is None:
        yield RuleFault(
            f"/nudges/{number}/trigger", f"“{subject}” has no deadline. Give it a due rule, or name another."
        )


def _never(outline: Outline) -> Iterator[RuleFault]:
    never = plan_of(outline).never
    for number, module in enumerate(outline.modules):
        if module.key in never:
            yield _stuck(f"/modules/{number}/opens", never[module.key])
            continue
        for place, step in enumerate(module.steps):
            if str(step.reference) in never:
                yield _stuck(f"/modules/{number}/steps/{place}/opens", never[str(step.reference)])


def _stuck(pointer: str, reason: str) -> RuleFault:
    return RuleFault(pointer, f"This can never open: {reason}. Let it wait for something that comes before.")
