"""A browser for each file of tests, one demo for each process, a desk for each test."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Desk, chromium, desk, require_chromium
from tests.browser.demo import Demo, demo_of_this_process
from tests.browser.seats import Seats


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    # Asked here as well, so that no demo is built in vain.
    require_chromium()
    own = tmp_path_factory.getbasetemp()
    # Under xdist each process has a folder of its own inside the run's.
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with demo_of_this_process(shared, own / "demo-of-this-process") as running:
        yield running


@pytest.fixture
def windows(browser: Browser, demo: Demo) -> Iterator[Desk]:
    with desk(browser, demo.served.url) as one:
        yield one


@pytest.fixture(scope="module")
def seats(browser: Browser, demo: Demo) -> Iterator[Seats]:
    with desk(browser, demo.served.url) as one:
        yield Seats(demo, one)


@pytest.fixture(scope="session")
def young(demo: Demo) -> str:
    """A cohort whose first module is open: an article, a scenario, a quiz, a plan, a practice and a reflection."""
    return demo.young_cohort("feedback-that-lands")
