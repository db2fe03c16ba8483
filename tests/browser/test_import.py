"""A designer imports a journey from a file, without a mouse, and every page on the way is whole."""

from playwright.sync_api import expect

from tests.browser import entrance
from tests.browser.chromium import main_text
from tests.browser.demo import CAST
from tests.browser.inspection import faults_of
from tests.browser.keyboard import Keyboard
from tests.journeys.bundle.archives import BASE, pack, with_base


def _file(data: bytes) -> dict[str, object]:
    return {"name": "ask-first.zip", "mimeType": "application/zip", "buffer": data}


def test_a_bundle_is_chosen_looked_at_and_imported_by_keyboard(windows):
    page = windows.window()
    entrance.by_one_click(page, CAST["designer"])
    keys = Keyboard(page)
    found: dict[str, list[str]] = {}

    def look(place: str) -> None:
        found[place] = faults_of(page, turn=len(found))
        page.set_viewport_size({"width": 1280, "height": 800})

    keys.press("Import a journey")
    # The browser's own window for choosing is nobody's page; the file is put where it would put it.
    page.set_input_files("input[type=file]", _file(with_base(("../escape.md", b"x"))))
    keys.press("Look into the bundle")
    assert "../escape.md This path climbs out of the folder." in main_text(page)
    look("faults")
    page.set_input_files("input[type=file]", _file(pack()))
    keys.press("Look into the bundle")
    assert "A new journey with the key ask-first" in main_text(page)
    look("a new journey")
    page.reload()
    keys.press("Import into a draft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask first")

    changed = {**BASE, "journey.yaml": BASE["journey.yaml"].replace(b"title: Second", b"title: Third")}
    page.goto("/admin/studio/import/")
    page.set_input_files("input[type=file]", _file(pack(changed)))
    keys.press("Look into the bundle")
    assert "Module “Second” is now called “Third”." in main_text(page)
    look("what changes")
    page.reload()
    keys.press("Import over draft 1")
    assert "Third" in main_text(page)

    for place in ("/admin/studio/copy/", "/admin/content/skillframework/import/"):
        page.goto(place)
        look(place)
    assert found == {place: [] for place in found}
    assert keys.unseen == []
