"""A designer changes several steps at once and takes it back, by keyboard; what is typed is kept; nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import entrance
from tests.browser.demo import CAST
from tests.browser.inspection import faults_of
from tests.browser.keyboard import Keyboard

STEP, BOXES = "Two briefs for the same job", ("Where the effort went Article", "Two briefs for the same job Model pair")
MODULE = "What got easier, what got harder"


@pytest.mark.fault
def test_several_steps_are_changed_and_it_is_undone_without_a_mouse(windows):
    page = windows.window()
    entrance.by_one_click(page, CAST["designer"])
    keys = Keyboard(page)
    keys.press("Judgment with AI")
    keys.press("Start a draft from this")
    outline, faults = page.url, {}
    step = page.get_by_role("navigation", name="Outline").get_by_role("listitem").filter(has_text=STEP).last

    keys.press("Change several steps")
    faults["several"] = faults_of(page, turn=len(faults))
    _change_both(keys)
    expect(page.get_by_text("2 steps are changed.")).to_be_visible()
    expect(step).to_contain_text("17 min")
    keys.press("Undo the last change")
    expect(step).not_to_contain_text("17 min")
    keys.press("Undo the last change")
    expect(step).to_contain_text("17 min")
    keys.press("History")
    faults["history"] = faults_of(page, turn=len(faults))
    expect(page.get_by_text(f"“{STEP}” is now optional.").last).to_be_visible()
    keys.press("Restore this state: Last change undone")
    expect(step).not_to_contain_text("17 min")

    keys.press(f"1 {MODULE}")
    faults["entries kept"] = _write_and_come_back(page, keys)
    keys.press("Add a step")
    keys.write("Or take one from the library", "ask")
    keys.press("Search the library")
    faults["library"] = faults_of(page, turn=len(faults))
    page.goto(outline)
    faults["outline"] = faults_of(page, turn=len(faults))
    assert faults == dict.fromkeys(faults, [])
    assert keys.unseen == []


def _change_both(keys: Keyboard) -> None:
    for box in BOXES:
        keys.tick(box)
    keys.write("Minutes", "17")
    keys.choose("Needed to finish the module", "Optional")
    keys.press("Change the ticked steps")


def _write_and_come_back(page: Page, keys: Keyboard) -> list[str]:
    """Empty the title of the module that is open, and discard that again; returns what is wrong with the page."""
    # Whoever only looks has written nothing.
    page.wait_for_timeout(2000)
    page.reload()
    expect(page.get_by_text("They are not in the draft yet.")).to_have_count(0)
    title = page.get_by_label("Title")
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers):
        keys.write("Title", "")
        page.keyboard.press("Delete")
    expect(page.get_by_text("Save to put it into the draft.").first).to_be_visible()
    page.reload()
    expect(title).to_have_value("")
    faults = faults_of(page, turn=1)
    keys.press("Discard my entries")
    expect(title).to_have_value(MODULE)
    return faults
