"""What every page owes everybody: read by machines without a fault, no scrolling sideways, in light and in dark."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page

HEIGHTS = {320: 700, 360: 740, 1280: 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What depends on colors, and what depends on where things come to lie. The rest is markup: it differs only by what a
# page hides where it is narrow.
COLORS = ["color-contrast", "link-in-text-block"]
LAYOUT = ["target-size", "scrollable-region-focusable"]


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of a page that is shown. rules: which are asked about; none = all."""

    width: int
    scheme: Literal["light", "dark"]
    rules: tuple[str, ...] = ()

    @property
    def asked(self) -> dict[str, Any]:
        return {"type": "rule", "values": self.rules} if self.rules else {"type": "tag", "values": TAGS}

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}"


# A page is read once, fully: in turn on a phone by day and on a desk by night, so that pages that are made alike are
# read as both. The rest is looked at by `make faults`, where there is time for it.
PHONE, DESK = Pass(320, "light"), Pass(1280, "dark")
# In the order in which least changes from one to the next; the page is never loaded again.
ALL_PASSES = (
    Pass(1280, "light"),
    Pass(360, "light", (*COLORS, *LAYOUT)),
    Pass(320, "light"),
    Pass(320, "dark", tuple(COLORS)),
    Pass(360, "dark", tuple(COLORS)),
    Pass(1280, "dark", tuple(COLORS)),
)
# Colors that are still changing are nobody's fault.
SETTLE = "() => document.getAnimations().forEach((one) => one.finish())"
RUN = """(asked) => axe.run(document, {runOnly: asked, resultTypes: ["violations"]}).then(
  (found) => found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`)))"""
# The first few elements that stick out are named; a box that scrolls by itself may hold wide things.
WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 1);
  return [`scrolls sideways: ${document.documentElement.scrollWidth} > ${width}: ` +
    out.slice(0, 4).map((one) => `${one.tagName.toLowerCase()}.${one.className}`).join(", ")];
}"""
# A summary of faults leads to each of them, in the order in which they stand on the page.
SUMMARY = """() => {
  const links = [...document.querySelectorAll(".note.clay[tabindex='-1'] a[href^='#']")];
  const meant = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const lost = links.filter((link, place) => !meant[place]).map((link) => `leads nowhere: ${link.textContent.trim()}`);
  const late = links.filter((link, place) => place && meant[place] && meant[place - 1] &&
    meant[place].compareDocumentPosition(meant[place - 1]) & Node.DOCUMENT_POSITION_FOLLOWING);
  return [...lost, ...late.map((link) => `not in the order of the page: ${link.textContent.trim()}`)];
}"""
# The rows of a long list are alike, and so are the articles of a long reference.
SHORTEN = """() => {
  document.querySelectorAll("tbody").forEach((body) => [...body.rows].slice(12).forEach((row) => row.remove()));
  [...document.querySelectorAll("article")].forEach((one, place) => { if (place > 20 && place % 20) one.remove(); });
}"""


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def faults_of(page: Page, turn: int) -> list[str]:
    """
    Return what is wrong with the page that is shown; it is not loaded again.

    Whether it scrolls sideways, on a phone and on a desk, and once all that axe asks: on the phone by day where `turn`
    is even, on the desk by night where it is odd. With EVERY_PASS in the environment at each size and in both schemes.
    At most 12 rows of a table are read.
    """
    page.evaluate(_axe())
    found: list[str] = page.evaluate(SUMMARY)
    page.evaluate(SHORTEN)
    every, read = os.environ.get("EVERY_PASS"), (PHONE, DESK)[turn % 2]
    # What is read comes last, so that its size and its scheme stay.
    passes = ALL_PASSES if every else (PHONE, DESK)[:: -1 if read is PHONE else 1]
    for one in passes:
        page.emulate_media(color_scheme=one.scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": one.width, "height": HEIGHTS[one.width]})
        page.evaluate(SETTLE)
        faults: list[str] = page.evaluate(WIDE)
        if every or one is read:
            faults += page.evaluate(RUN, one.asked)
        found += [f"{one}: {fault}" for fault in faults]
    return found
