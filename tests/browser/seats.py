"""Everybody who looks at pages, each in a window that stays open, and the places that they look at."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlsplit

from playwright.sync_api import Page

from tests.browser import entrance, learner
from tests.browser.chromium import Desk, follow
from tests.browser.demo import CAST, RUNNING, Demo
from tests.processes import eventually

FIRST_MODULE = 9
FINISHED = "elif.kaya@example.com"
UUID = "[0-9a-f-]{36}"


@dataclass
class Seats:
    """
    One window each for the demo's five people, a visitor, and three learners.

    new: every kind of step is open. through: has done one step of each kind. done: has finished a whole journey.
    """

    demo: Demo
    desk: Desk
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str) -> Page:
        """Return somebody's window; they come in at the first call."""
        if who not in self.pages:
            if who in self.demo.sessions:
                self.pages[who] = self.desk.window(storage_state=self.demo.sessions[who])
            else:
                self.pages[who] = self._come_in(who)
                self.demo.sessions[who] = self.pages[who].context.storage_state()
        return self.pages[who]

    def _come_in(self, who: str) -> Page:
        if who in CAST:
            page = self.desk.window()
            entrance.by_one_click(page, CAST[who])
            return page
        if who == "visitor":
            return self.desk.window()
        if who == "done":
            return self.demo.sign_in(self.desk, FINISHED)
        page = self.demo.sign_in(self.desk, self.demo.newcomer(self.demo.every_kind), java_script_enabled=who == "new")
        if who == "through":
            self._go_through(page)
            page = self.desk.window(storage_state=page.context.storage_state())
        return page

    def _go_through(self, page: Page) -> None:
        """Do one step of each kind, and ask somebody to confirm one."""
        learner.begin(page)
        for _step in range(FIRST_MODULE):
            learner.do_step(page)

    def at(self, place: str) -> str:
        """Return the address of a place, whose {names} are properties of this object."""
        return re.sub(r"\{(\w+)\}", lambda name: str(getattr(self, name.group(1))), place)

    @cached_property
    def new(self) -> str:
        return self._journey_on_today("new")

    @cached_property
    def through(self) -> str:
        return self._journey_on_today("through")

    @cached_property
    def journey(self) -> str:
        return self._journey_on_today("learner")

    def _journey_on_today(self, who: str) -> str:
        return self._link(who, "/", rf"^(/journeys/{UUID}/)")

    @cached_property
    def reflection(self) -> str:
        return self._link("learner", "/reflections/", rf"^(/reflections/{UUID}/)$")

    @cached_property
    def plan(self) -> str:
        return self._link("learner", "/commitments/", rf"^(/commitments/{UUID}/)$")

    @cached_property
    def board(self) -> str:
        return f"/cohorts/{self.demo.cohort(RUNNING)}/"

    @cached_property
    def person(self) -> str:
        return self._link("facilitator", self.board, rf"^({self.board}people/{UUID}/)$")

    @cached_property
    def session(self) -> str:
        return self._link("facilitator", self.board, rf"^({self.board}sessions/[\w-]+/)$")

    @cached_property
    def published(self) -> str:
        """The studio's address of a published version."""
        assert self.demo.every_kind
        page = self.page("designer")
        page.goto("/admin/studio/")
        row = page.get_by_role("row").filter(has_text="Every kind of step")
        return str(row.locator("a[href^='/admin/studio/']").first.get_attribute("href"))

    @cached_property
    def draft(self) -> str:
        """The studio's address of a draft, begun from a published version."""
        page = self.page("designer")
        page.goto(self.published)
        follow(page.get_by_role("button", name="Start a draft from this"))
        return urlsplit(page.url).path

    @cached_property
    def people(self) -> str:
        """Where a second version, of the journey whose first cohort has finished, is brought to people."""
        page = self.page("administrator")
        page.goto("/admin/studio/")
        follow(page.get_by_role("row").filter(has_text="Feedback that lands").get_by_role("link").first)
        follow(page.get_by_role("button", name="Start a draft from this"))
        follow(page.get_by_role("link", name="Check and publish"))
        page.locator("#note").fill("Nothing new")
        follow(page.get_by_role("button", name="Publish version 2"))
        return str(page.get_by_role("link", name="Bring people to this version").get_attribute("href"))

    @cached_property
    def move(self) -> str:
        """The page of a rollout that is finished."""
        page = self.page("administrator")
        page.goto(f"{self.people}?policy=keep")
        follow(page.get_by_role("button", name="Let everybody stay"))
        page.wait_for_url("**/moves/**")
        return urlsplit(page.url).path

    @cached_property
    def log(self) -> str:
        """What was published and moved in a journey."""
        return self._link("administrator", self.move, rf"^(/admin/rollout/log/{UUID}/)$")

    @cached_property
    def private(self) -> str:
        """A reflection that somebody keeps to themselves."""
        return self._link("through", "/reflections/", rf"^(/reflections/{UUID}/)$")

    @cached_property
    def picture(self) -> str:
        """A file of the journey of somebody."""
        page = self.page("through")
        page.goto(f"{self.through}steps/read-it/")
        return str(page.locator("main img").first.get_attribute("src"))

    @cached_property
    def nudge(self) -> str:
        page = self.page("designer")
        page.goto("/admin/studio/")
        follow(page.get_by_role("row").filter(has_text="Judgment with AI").get_by_role("link").first)
        return str(page.locator("a[href*='/nudges/']").first.get_attribute("href"))

    @cached_property
    def sign_off(self) -> str:
        """A signed link that waits for its answer."""
        assert self.through
        mail = eventually(lambda: self.demo.mails(learner.SIGNER))[-1]
        return self._linked(mail, "/sign-off/")

    @cached_property
    def stop(self) -> str:
        """The link of a mail that stops its kind."""
        return self._linked(eventually(lambda: self.demo.mails("learner@example.com"))[-1], "/unsubscribe/")

    @cached_property
    def mail(self) -> str:
        return self._link("visitor", "/demo/mail/", r"^(/demo/mail/[\w-]+/)$")

    def _linked(self, mail: str, kind: str) -> str:
        found = re.search(rf"https?://[^/\s]+({kind}[^\s\"<>]+)", mail)
        assert found, mail
        return found.group(1)

    def _link(self, who: str, where: str, pattern: str) -> str:
        """Return the first link of a page that looks like this."""
        page = self.page(who)
        page.goto(where)
        links = page.locator("a[href]").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        return next(match.group(1) for match in (re.match(pattern, link) for link in links) if match)

    @cached_property
    def events(self) -> str:
        """Where staff record what a cohort's journey waits for."""
        name = self.demo.api(f"/cohorts/{self.demo.every_kind}/")["name"]
        cohorts = f"/admin/learners/cohort/?q={quote(name)}"
        return self._link("administrator", cohorts, r"^(/admin/learners/cohort/\d+/)change/") + "events/"

    def admin_row(self, model: str) -> str:
        """Return the address of the first row of a list of the administration."""
        return self._link("administrator", f"/admin/{model}/", rf"^(/admin/{model}/\d+/change/)")
