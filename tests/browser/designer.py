"""What a designer does in the studio without a mouse, by the words on the page."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.chromium import main_text
from tests.browser.keyboard import Keyboard


@dataclass
class Studio:
    """One draft, from its beginning. Steps are added to the module that was added last."""

    page: Page
    title: str
    module: str = ""
    keys: Keyboard = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keyboard(self.page)

    def begin(self, *, summary: str, weeks: int) -> None:
        """Begin the journey, by way of the menu."""
        self.page.goto("/")
        self.keys.press("Journeys")
        self.keys.press("Begin a journey")
        self.keys.write("Title", self.title)
        self.keys.write("Summary", summary)
        self.keys.write("Weeks", str(weeks))
        self.keys.press("Begin")

    def aim(self, skill: str, weight: str) -> None:
        """Say which skill the journey builds, and how much."""
        self.keys.press("Title and skills")
        self.keys.write("License", "CC-BY-4.0")
        self.keys.choose(skill, weight)
        self.keys.press("Save")

    def add_module(self, title: str, *, outcome: str, skill: str) -> None:
        """Add a module at the end, with its why."""
        self.keys.press("Add a module")
        self.module = title
        self.keys.write("Title", title)
        self.keys.write("You will be able to", outcome)
        self.keys.write("How it is practiced", "One sentence at a time.")
        self.keys.write("When at work it occurs", "In every meeting.")
        self.keys.write("Why it is worth it", "Others get their time back.")
        self.keys.tick(skill)
        self.keys.press("Save module")

    def move_up(self, step: str) -> None:
        """Put a step of the module before the one above it."""
        self.keys.press(f"{self._number()} {self.module}")
        self.keys.press(f"Move up: {step}")

    def opens_after(self, anchor: str, *, working_days: int, at: str) -> None:
        """On the form of a module that is open: one line that says when it opens; and save."""
        self.keys.choose("What", "Some time after a moment")
        self.keys.write("How many", str(working_days))
        self.keys.choose("Unit", "working days")
        self.keys.choose("after", anchor)
        self.keys.reach("at")
        # A field for a time takes its parts one after the other; one with 24 hours passes over the last.
        self.page.keyboard.type(f"{at.replace(':', '')}AM")
        self.keys.press("Save module")

    def new_step(self, kind: str, title: str, *, serves: str, skill: str) -> None:
        """Open the form of a new step of the module, and fill what every step has."""
        self.keys.press(f"{self._number()} {self.module}")
        self.keys.press("Add a step")
        self.keys.press(kind)
        self.keys.write("Title", title)
        self.keys.choose("Serves", serves)
        self.keys.choose("Topic", skill)

    def save_step(self) -> None:
        """Save the step that is open."""
        self.keys.press("Save step")

    def add_nudge(self, *, module: str, wordings: tuple[str, str]) -> None:
        """Add a message that follows the opening of a module."""
        self.keys.press("Outline")
        self.keys.press("Add a nudge")
        self.keys.choose("Send", "After a module opens")
        self.keys.choose("Which module", module)
        self.keys.write("Wording", wordings[0])
        self.keys.press("Add another wording")
        # The focus is in the new row already.
        self.page.keyboard.type(wordings[1])
        self.keys.press("Save nudge")

    def preview(self, step: str) -> str:
        """Look at a step as learners will see it, and return what is read there."""
        self.keys.press(step)
        self.keys.press("Preview as learner")
        seen = main_text(self.page)
        self.page.go_back()
        return seen

    def preview_day(self, day: int) -> str:
        """Look at Today of somebody on time on a day of the journey, and return what is read there."""
        self.keys.press("Outline")
        self.keys.press("Preview as learner")
        self.keys.write("Day of the journey", str(day))
        self.keys.press("Show the day")
        seen = main_text(self.page)
        self.keys.press("Back to the outline")
        return seen

    def is_kept_from_publishing(self) -> str:
        """Look at the checks while one fails, follow what it leads to, and return what the checks say."""
        self.keys.press("Outline")
        self.keys.press("Check and publish")
        seen = main_text(self.page)
        assert self.page.get_by_role("button", name="Publish version").count() == 0
        self.keys.press("Go to")
        return seen

    def publish(self, because: str) -> None:
        """Look at the checks, give a sentence where one is asked, and publish."""
        self.keys.press("Outline")
        self.keys.press("Check and publish")
        self.keys.write("Why you publish although there are warnings", because)
        self.keys.press("Publish version")
        expect(self.page.get_by_text("Version 1 is published.")).to_be_visible()

    def _number(self) -> int:
        titles = self.page.get_by_role("navigation", name="Outline").locator("h3").all_inner_texts()
        return next(number for number, text in enumerate(titles, start=1) if self.module in text)
