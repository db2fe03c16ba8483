"""The geometry of the cairn: pebbles of plain numbers, stacked for any count of modules. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDTH = 176.0
TALLEST = 234.0
BASE_WIDTH = 164.0
MARGIN = 2.0
# How wide the topmost stone is in a pile of so many places; a short pile tapers less, or it would look like a spike.
TOP_WIDTHS = (164.0, 164.0, 140.0, 118.0, 99.0, 76.0, 56.0, 38.0)

# Each pebble was drawn by hand as eight cubic curves and lies here on a box of 100 by 100; a stone is one stretched.
PEBBLES: tuple[tuple[int, ...], ...] = (
    (100,53,99,66,93,82,85,90,76,98,60,99,48,100,35,100,18,98,10,91,2,84,0,69,0,56,0,44,1,24,9,14,18,5,40,0,53,0,66,0,80,4,88,13,95,22,100,40,100,53),
    (99,48,99,61,97,77,88,86,79,94,56,100,43,100,31,100,18,94,11,87,3,79,0,66,0,54,0,41,2,21,10,12,19,3,37,1,51,0,64,0,84,1,92,9,100,17,100,35,99,48),
    (99,53,99,65,100,82,93,90,85,97,69,97,56,98,42,98,19,100,10,93,1,85,0,66,0,53,1,39,4,21,12,12,19,4,32,0,45,0,59,1,82,5,91,14,99,23,99,40,99,53),
    (100,54,100,67,96,80,88,88,80,95,64,100,52,100,39,100,22,97,13,89,5,82,0,68,0,56,0,43,6,24,15,14,23,5,39,1,51,1,63,0,78,1,86,10,94,19,99,41,100,54),
    (99,48,99,62,94,81,86,89,77,98,60,100,47,100,35,100,19,97,11,89,3,82,0,66,0,54,0,41,2,22,11,13,19,4,37,1,50,0,63,0,81,3,90,11,98,19,100,36,99,48),
    (100,47,100,59,98,79,90,87,82,96,63,100,50,100,38,99,23,92,15,85,6,78,1,67,1,55,0,43,2,22,11,13,20,4,42,0,56,0,69,1,83,7,91,15,98,23,100,35,100,47),
    (99,49,98,62,95,78,86,87,77,95,59,100,46,100,34,100,18,94,11,86,3,77,1,62,1,49,1,37,0,19,9,11,17,3,39,0,53,0,67,0,84,4,92,12,100,21,100,37,99,49),
)  # fmt: skip
# How far each stone lies off the middle, so that the pile looks laid and not printed.
OFFSETS = (1.0, 5.7, 4.4, 9.0, 4.3, 6.7, -3.9)


@dataclass(frozen=True)
class Pile:
    """Stones from the bottom up, as SVG path data, and the height of the drawing they stand in (its width is WIDTH)."""

    height: float
    outlines: tuple[str, ...]


@lru_cache(256)
def pile(count: int, *, room: int = 0) -> Pile:
    """
    Stack `count` stones, widest at the bottom. This function will return their outlines from the bottom up.

    room: the drawing is at least as high as a pile of so many stones, so that piles side by side share a ground line.
    Any count works; from eight stones on they become thinner, so the whole never grows over 238 units.
    """
    places = max(count, room, 1)
    heights = [max(39.5 - 3.2 * index, 27.0) for index in range(places)]
    squeeze = min(1.0, TALLEST / sum(heights))
    top_width = TOP_WIDTHS[min(places, len(TOP_WIDTHS) - 1)]
    ground = total = sum(heights) * squeeze + MARGIN * 2
    ground -= MARGIN
    outlines = []
    for index in range(count):
        width = BASE_WIDTH - (BASE_WIDTH - top_width) * index / max(places - 1, 1)
        height = heights[index] * squeeze
        pebble = PEBBLES[index % len(PEBBLES)]
        left = (WIDTH - width) / 2 + OFFSETS[index % len(OFFSETS)]
        outlines.append(_outline(pebble, left=left, top=ground - height, width=width, height=height - 1.0))
        ground -= height
    return Pile(height=round(total), outlines=tuple(outlines))


def _outline(pebble: Sequence[int], *, left: float, top: float, width: float, height: float) -> str:
    points = [
        f"{_number(left + pebble[i] * width / 100)} {_number(top + pebble[i + 1] * height / 100)}"
        for i in range(0, len(pebble), 2)
    ]
    curves = "".join("C" + " ".join(points[i : i + 3]) for i in range(1, len(points), 3))
    return f"M{points[0]}{curves}Z"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
