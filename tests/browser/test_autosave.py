"""A text that saves itself: fresh steps, bursts of typing, an audience in between, two tabs, two devices."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import learner
from tests.browser.chromium import Desk, main_text
from tests.browser.demo import Demo

MINE, THEIRS = "A canary sat on the crane.", "The crane had no canary."


@pytest.fixture
def practice(windows: Desk, demo: Demo) -> Page:
    """The window of a newcomer, with script, at a practice that nobody has written in."""
    return demo.at_step(windows, "practice-it", timezone_id="Pacific/Auckland")


@pytest.fixture
def reflection(windows: Desk, demo: Demo) -> Page:
    return demo.at_step(windows, "reflect-on-it", timezone_id="Pacific/Auckland")


def _count_saves(page: Page) -> list[int]:
    """Note what each autosave is answered from now on."""
    answers: list[int] = []
    page.on("response", lambda one: answers.append(one.status) if "x-autosave" in one.request.headers else None)
    return answers


def test_a_fresh_practice_typed_in_bursts_is_saved_each_time(practice):
    answers = _count_saves(practice)
    boxes = practice.locator("#answer textarea")
    for burst in ("First ", "second ", "third"):
        with learner.autosave(practice):
            boxes.nth(0).press_sequentially(burst, delay=20)
    # A burst that begins while the one before is on its way.
    boxes.nth(1).press_sequentially("Half", delay=20)
    boxes.nth(2).press_sequentially("Whole", delay=20)
    with learner.autosave(practice):
        boxes.nth(1).press_sequentially(" done", delay=20)

    assert set(answers) == {200}
    expect(practice.locator("[data-when=saved]")).to_be_visible()
    practice.reload()
    assert [box.input_value() for box in boxes.all()[:3]] == ["First second third", "Half done", "Whole"]


def test_the_hour_of_saving_is_the_persons_own_and_stays_when_the_page_is_loaded_again(practice):
    learner.write_and_wait(practice, MINE)
    said = practice.locator("[data-when=saved]").inner_text().split()
    practice.reload()

    assert practice.locator("[data-when=idle]").inner_text().split() == said


def test_an_audience_chosen_between_two_bursts_survives_and_shares_only_when_saved(reflection):
    answers = _count_saves(reflection)
    box, facilitator = reflection.locator("#answer textarea"), reflection.locator("#id_audience_facilitator")
    with learner.autosave(reflection):
        box.press_sequentially("One thought", delay=20)
    with learner.autosave(reflection):
        facilitator.check()
    with learner.autosave(reflection):
        box.press_sequentially(", and another", delay=20)
    assert set(answers) == {200}

    reflection.reload()
    expect(facilitator).to_be_checked()
    expect(box).to_have_value("One thought, and another")
    address = reflection.url
    reflection.goto("/reflections/")
    assert "Draft, only you" in main_text(reflection)

    reflection.goto(address)
    learner.go_on(reflection)
    reflection.goto("/reflections/")
    assert "Shared with your facilitators" in main_text(reflection)


def test_saving_while_an_autosave_is_under_way_is_no_conflict_with_oneself(reflection):
    slow = reflection.context.new_cdp_session(reflection)
    slow.send("Network.enable")
    network = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", network)
    box = reflection.locator("#answer textarea")
    box.press_sequentially("One thought")
    box.blur()
    expect(reflection.locator("[data-when=saving]")).to_be_visible()
    box.press_sequentially(", and another")
    address = reflection.url
    learner.go_on(reflection)

    assert "A newer version exists" not in main_text(reflection)
    reflection.goto(address)
    assert "One thought, and another" in main_text(reflection)


def test_two_tabs_end_in_a_conflict_that_keeps_both_texts(reflection):
    other = reflection.context.new_page()
    other.goto(reflection.url)
    learner.write_and_wait(reflection, THEIRS)

    other.locator("#answer textarea").press_sequentially(MINE)
    _shows_both(other)
    _shows_both_again_after_a_reload(other)
    other.locator("#answer textarea").fill(f"{MINE} Really.")
    expect(other.get_by_text("Kept on this device until you save.").first).to_be_visible()

    reflection.reload()
    assert reflection.locator("#answer textarea").input_value() == THEIRS, "Nothing was saved over it unasked."
    address = other.url
    learner.go_on(other)
    other.goto(address)
    assert f"{MINE} Really." in main_text(other)


def test_two_devices_end_in_a_conflict_that_keeps_both_texts(windows, practice):
    device = windows.window(storage_state=practice.context.storage_state())
    device.goto(practice.url)
    learner.write_and_wait(practice, THEIRS)

    device.locator("#answer textarea").first.press_sequentially(MINE)
    _shows_both(device)
    practice.reload()
    assert practice.locator("#answer textarea").first.input_value() == THEIRS


def _shows_both(page: Page) -> None:
    expect(page.get_by_text("A newer version exists.").first).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="See both").click()
    expect(page.get_by_role("group", name="A newer version exists")).to_contain_text(THEIRS)
    expect(page.locator("#answer textarea").first).to_have_value(MINE)


def _shows_both_again_after_a_reload(page: Page) -> None:
    page.goto(page.url)
    expect(page.locator("#answer textarea").first).to_have_value(THEIRS)
    with page.expect_navigation():
        page.get_by_role("button", name="See both").click()
    expect(page.get_by_role("group", name="A newer version exists")).to_contain_text(THEIRS)
    expect(page.locator("#answer textarea").first).to_have_value(MINE)
