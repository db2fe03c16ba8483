"""Order of modules, steps and nudge rules."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

GAP: Final = 10
Place: TypeAlias = int | Literal["up", "down"]


def positions(count: int) -> list[int]:
    """Return so many positions in order, with gaps."""
    return [GAP * number for number in range(1, count + 1)]


def moved(order: Sequence[int], item: int, to: Place) -> list[int]:
    """
    Return the order with one item moved: up or down by one, or to a place counted from 1.

    Beyond an end the item stays at that end.
    """
    rest = [other for other in order if other != item]
    here = list(order).index(item)
    wanted = {"up": here - 1, "down": here + 1}[to] if isinstance(to, str) else to - 1
    rest.insert(min(max(wanted, 0), len(rest)), item)
    return rest
