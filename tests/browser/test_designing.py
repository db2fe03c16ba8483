"""A designer's way from nothing to a published journey of two modules: how far it is, and what is seen on it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser import entrance
from tests.browser.chromium import follow, main_text
from tests.browser.demo import CAST

MOST_INTERACTIONS = 45
# What no page of the way may show: a brace, or a name in quotation marks with a colon behind it.
JSON = re.compile(r"[{}]|\"[\w-]+\"\s*:")


@dataclass
class Counted:
    """One window in which every click, every field that is filled and every choice counts one."""

    page: Page
    pictures: Path
    count: int = 0
    seen: list[str] = field(default_factory=list)

    def click(self, name: str, *, role: str = "link") -> None:
        follow(self._do(self.page.get_by_role(role, name=name, exact=True).first))  # type: ignore[arg-type]
        self._look()

    def press(self, name: str) -> None:
        self.click(name, role="button")

    def fill(self, label: str, text: str) -> None:
        self._do(self.page.get_by_label(re.compile(rf"^\s*{label}\b")).first).fill(text)

    def choose(self, label: str, option: str) -> None:
        self._do(self.page.get_by_label(label, exact=True).first).select_option(label=option)

    def _do(self, control: Locator) -> Locator:
        self.count += 1
        return control

    def _look(self) -> None:
        """Keep a picture of the page, and what it says."""
        self.seen.append(main_text(self.page))
        self.page.screenshot(path=self.pictures / f"{len(self.seen):02}-after-{self.count:02}.png")


def test_two_modules_from_nothing_to_published_in_few_interactions_without_json(windows, tmp_path, record_property):
    """The pictures of each page lie in the test's own temporary folder, which pytest keeps for three runs."""
    page = windows.window(viewport={"width": 1280, "height": 800})
    entrance.by_one_click(page, CAST["designer"])
    way = Counted(page, tmp_path)

    way.click("Begin a journey")
    way.fill("Title", "Two good questions")
    way.press("Begin")
    first_module(way)
    second_module(way)
    look_at_the_day_it_opens(way)
    way.click("Check and publish")
    way.fill("Why you publish although there are warnings", "A first try.")
    way.press("Publish version 1")

    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    assert way.count <= MOST_INTERACTIONS, way.count
    assert [text for text in way.seen if JSON.search(text)] == []
    assert len(list(tmp_path.glob("*.png"))) == len(way.seen)
    record_property("interactions", way.count)
    record_property("pictures", str(tmp_path))


def first_module(way: Counted) -> None:
    """An article and a practice."""
    way.click("Write the first module")
    way.fill("Title", "Ask")
    way.fill("You will be able to", "Ask before you answer.")
    way.press("Save module")
    way.click("Add a step")
    way.click("Article")
    way.fill("Title", "Why ask")
    way.fill("Text", "Because **nobody** knows everything.")
    way.press("Save and add the next step")
    way.click("Practice")
    way.fill("Title", "Ask once")
    way.fill("Situation", "In your next meeting.")
    way.fill("Step", "Ask one question.")
    way.fill("Prompt", "What did you hear?")
    way.press("Save step")


def second_module(way: Counted) -> None:
    """Opens five working days after the first one, and looks back."""
    way.click("Add a module")
    way.fill("Title", "Look back")
    way.fill("You will be able to", "Say what the question changed.")
    way.choose("What", "Some time after a moment")
    way.fill("How many", "5")
    way.choose("Unit", "working days")
    way.choose("after", "Module 1: Ask opens")
    way.press("Save module")
    way.click("Add a step")
    way.click("Reflection")
    way.fill("Title", "What it changed")
    way.fill("Question", "What was different?")
    way.press("Save step")


def look_at_the_day_it_opens(way: Counted) -> None:
    """Preview the second Monday, when the second module has opened."""
    way.click("Outline")
    way.click("Preview as learner")
    way.fill("Starts on", "2027-03-01")
    way.fill("Day of the journey", "8")
    way.press("Show the day")
    expect(way.page.locator("#next")).to_have_text("Look back")
    way.click("Back to the outline")


def test_a_day_is_previewed_on_a_phone_from_right_to_left(windows):
    """In a frame of our own under the strict policy; the page inside lays itself out for 320 pixels."""
    page = windows.window(viewport={"width": 1280, "height": 900})
    entrance.by_one_click(page, CAST["designer"])
    follow(page.get_by_role("row").filter(has_text="Feedback that lands").get_by_role("link").first)
    follow(page.get_by_role("link", name="Preview as learner"))
    page.get_by_label("Direction of the page").select_option("rtl")
    page.get_by_label("Width of the page").select_option("narrow")
    follow(page.get_by_role("button", name="Show the day"))

    inner = page.frame_locator("iframe")
    expect(inner.get_by_text("Preview, nothing is saved or sent.")).to_be_visible()
    assert inner.locator("html").evaluate("(html) => [innerWidth, html.clientWidth, html.scrollWidth]") == [320] * 3
    assert inner.locator("html").get_attribute("dir") == "rtl"
    inner.get_by_role("link", name="Start").click()
    expect(inner.locator("#bar")).to_be_visible()
    assert inner.locator("html").evaluate("(html) => html.scrollWidth") == 320
    assert parse_qs(urlsplit(page.frames[1].url).query)["width"] == ["narrow"]
    inner.get_by_role("link", name="Somebody else").click()
    page.wait_for_url("**/as-learner/?**")
