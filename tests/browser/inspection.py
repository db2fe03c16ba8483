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
# page hides where it is narrow, so it is read once on a phone and once on a desk.
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


# In the order in which least changes from one to the next; the page is never loaded again. What lies between a phone
# of 320 px and a desk, and the dark at each size, is looked at by `make faults`, where there is time for it.
PASSES = (
    Pass(1280, "light"),
    Pass(320, "light"),
    Pass(320, "dark", tuple(COLORS)),
)
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


def faults_of(page: Page) -> list[str]:
    """
    Return what is wrong with the page that is shown, on a phone and a desk, in light and dark; it is not loaded again.

    With EVERY_PASS in the environment at each size and scheme. At most 12 rows of a table are read.
    """
    page.evaluate(_axe())
    found: list[str] = page.evaluate(SUMMARY)
    page.evaluate(SHORTEN)
    shown: Pass | None = None
    for one in ALL_PASSES if os.environ.get("EVERY_PASS") else PASSES:
        if shown is None or one.scheme != shown.scheme:
            page.emulate_media(color_scheme=one.scheme, reduced_motion="reduce")
        if shown is None or one.width != shown.width:
            page.set_viewport_size({"width": one.width, "height": HEIGHTS[one.width]})
        page.evaluate(SETTLE)
        faults: list[str] = [*page.evaluate(WIDE), *page.evaluate(RUN, one.asked)]
        found += [f"{one}: {fault}" for fault in faults]
        shown = one
    return found
