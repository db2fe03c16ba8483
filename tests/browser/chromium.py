"""Chromium for tests, and a witness of everything that a page must not do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, sync_playwright

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Chromium draws two lists for its address bar beside each window, though nobody sees them: half of what a window costs.
# Its last list of features counts, so this one begins with what Playwright turns off by itself.
UNWANTED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(UNWANTED)}",
]
PATIENCE = 20_000


def require_chromium() -> None:
    """Skip the test aloud where there is no browser, or fail it where REQUIRE_BROWSER asks for one."""
    if PROGRAM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("No Chromium was found, and REQUIRE_BROWSER asks for one.")
        pytest.skip("No Chromium was found: nothing of what a browser shows is tested. REQUIRE_BROWSER=1 fails here.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser."""
    require_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Witness:
    """
    What went wrong in a browser context, in words, beside what the test itself looks at.

    Console errors (violations of the content policy are among them), uncaught exceptions, requests to other hosts, and
    answers that say that the server failed.
    """

    origin: str
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"exception: {error.error}"))
        context.on("request", self._request)
        context.on("response", lambda answer: self._answer(answer.status, answer.url))

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 and a stranger 404, which the browser logs; whether that was right is the test's.
        # What has no address was put into the page by a test.
        if message.type == "error" and message.location["url"] and not message.text.startswith("Failed to load"):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.complaints.append(f"request elsewhere: {request.url}")

    def _answer(self, status: int, url: str) -> None:
        if status >= 500:
            self.complaints.append(f"{status}: {url}")


@dataclass
class Desk:
    """A browser in front of one served Waymark; each person gets a window of their own."""

    browser: Browser
    origin: str
    witness: Witness
    opened: list[BrowserContext] = field(default_factory=list)

    def window(self, **options: Any) -> Page:
        """Open a window without any cookie of another; options as Playwright's new_context takes them."""
        context = self.browser.new_context(base_url=self.origin, **options)
        context.set_default_timeout(PATIENCE)
        self.witness.watch(context)
        self.opened.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every window."""
        while self.opened:
            self.opened.pop().close()


@contextmanager
def desk(browser: Browser, origin: str) -> Iterator[Desk]:
    """Work with windows, and fail at the end when any of their pages did what it must not."""
    one = Desk(browser, origin, Witness(origin))
    try:
        yield one
    finally:
        one.close()
    assert one.witness.complaints == []


def follow(control: Locator) -> None:
    """
    Click what leads to another page, and wait for that page.

    A click alone returns before the page is asked for, and a form that is being saved is sent a moment later: what the
    test does next would happen to the old page.
    """
    with control.page.expect_navigation():
        control.click()


def main_text(page: Page) -> str:
    """Return what the page says in its main part."""
    return cast(str, page.locator("main").inner_text())
