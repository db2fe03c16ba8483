"""The states of a draft that history keeps: plain data of rows, with ids in place of what never changes."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

State: TypeAlias = Mapping[str, Any]


def steps_in(state: State) -> Iterator[Mapping[str, Any]]:
    """Yield the steps of a state in order."""
    for module in state["modules"]:
        yield from module["steps"]


def keys_in(state: State) -> frozenset[str]:
    """Return every key of a state with its type before it: modules/KEY, steps/KEY, nudges/KEY."""
    return frozenset(
        [f"modules/{module['key']}" for module in state["modules"]]
        + [f"steps/{step['key']}" for step in steps_in(state)]
        + [f"nudges/{nudge['key']}" for nudge in state["nudges"]]
    )


def skill_ids_in(state: State) -> set[int]:
    """Return the ids of the skills that a state names."""
    aims = [*state["skills"], *(aim for module in state["modules"] for aim in module["skills"])]
    return {skill_id for skill_id, _weight in aims}


def part_of(state: State, what: str, key: str) -> Any:
    """
    Return what a state says of one module or step, or None where it has none of this key.

    what: "module" (without its steps) or "step". Its place is left out: who edits a thing does not mind that it moved.
    """
    for module in state["modules"]:
        if what == "module" and module["key"] == key:
            return {name: value for name, value in module.items() if name != "steps"}
        for step in module["steps"] if what == "step" else ():
            if step["key"] == key:
                return step
    return None
