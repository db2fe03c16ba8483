"""A learner's job when something is missing: no script, no mouse, a tab that was closed."""

import pytest
from playwright.sync_api import expect

from tests.browser import learner
from tests.browser.chromium import follow, main_text
from tests.browser.keyboard import Keyboard

CANARY = "A canary sat on the crane and said nothing."
MODULE = [
    "The question decides the answer",
    "Where you start",
    "After the harbor bid",
    "Where would you place it?",
    "Name your moment",
    "Ask two people for one thing each",
    "What asking cost",
]

EACH_KIND = [
    "Read it",
    "Watch it",
    "Recall it",
    "Decide it",
    "Compare it",
    "Practice it",
    "Reflect on it",
    "Plan it",
    "Rate it",
    "Meet about it",
]


def test_a_whole_module_is_done_without_script(windows, demo, young):
    page = demo.sign_in(windows, demo.newcomer(young), java_script_enabled=False)
    learner.begin(page)

    assert [learner.do_step(page) for _step in MODULE] == MODULE

    assert "finished" in main_text(page)
    follow(page.get_by_role("link", name="See the whole journey"))
    assert "1 of 6 modules done" in main_text(page)


def test_steps_are_done_by_keyboard_alone(windows, demo, young):
    page = demo.sign_in(windows, demo.newcomer(young))
    keys = Keyboard(page)
    page.goto("/")
    keys.press("Start")
    keys.press("Continue")
    keys.do_step(words="", address="")
    keys.press("Continue")
    keys.tick(page.locator("#answer .choice").first.inner_text())
    keys.write("Why this one?", "Because it is fair.")
    answered = main_text(page)
    keys.reach("Answer")
    page.keyboard.press("Enter")

    expect(page.locator("main")).not_to_have_text(answered)
    expect(page.get_by_role("heading", name="What speaks for each choice")).to_be_focused()
    assert keys.unseen == [], "Where the focus is can always be seen."


def test_a_step_of_each_kind_is_done_by_keyboard_alone(windows, demo):
    page = demo.sign_in(windows, demo.newcomer(demo.every_kind))
    keys, titles = Keyboard(page), []
    page.goto("/")
    keys.press("Start")

    while "/steps/" in page.url:
        titles.append(keys.do_step(words="Something that I noticed.", address=learner.SIGNER))

    assert list(dict.fromkeys(titles)) == EACH_KIND
    assert keys.unseen == [], "Where the focus is can always be seen."
    follow(page.get_by_role("link", name="See the whole journey"))
    assert "1 of 2 modules done" in main_text(page)


@pytest.mark.parametrize("step", ["practice-it", "reflect-on-it"])
def test_what_was_written_survives_a_closed_tab(windows, demo, step):
    page = demo.at_step(windows, step)
    address = page.url
    learner.write_and_wait(page, CANARY)
    page.close()

    again = windows.opened[-1].new_page()
    again.goto(address)

    boxes = again.locator("#answer textarea")
    assert boxes.first.input_value() == CANARY
    learner.write_and_wait(again, *[f"{CANARY} Then it sang."] * boxes.count())
    learner.go_on(again)
    again.goto(address)
    assert "Then it sang." in main_text(again)
    assert again.locator("#answer").count() == 0, "The step is done."


def test_what_was_written_while_the_server_was_away_comes_back(windows, demo):
    page = demo.at_step(windows, "reflect-on-it")
    address = page.url
    page.context.set_offline(True)
    learner.write(page, CANARY)
    expect(page.get_by_text("Not saved, kept on this device.").first).to_be_visible()
    page.close()
    windows.opened[-1].set_offline(False)

    again = windows.opened[-1].new_page()
    with learner.autosave(again):
        again.goto(address)

    expect(again.locator("#answer textarea").first).to_have_value(CANARY)
