"""What a learner does in the player, by the words on the page; each function ends where the product leads."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import follow

SIGNER = "sven.signer@example.com"


def begin(page: Page) -> None:
    """Open Today and go to the next step."""
    page.goto("/")
    follow(page.get_by_role("region", name="Next").or_(page.locator(".next")).get_by_role("link").first)


def steps(page: Page) -> Locator:
    """The bar with the ways back and on."""
    return page.get_by_role("navigation", name="Steps")


def go_on(page: Page) -> None:
    """Press what leads on, whatever it is called in this step, and wait for the page that comes."""
    follow(steps(page).locator("button, a:last-child").last)


def answer(page: Page, *choices: str) -> None:
    """Choose by label, hand in, and wait until the page says why each choice is right or not."""
    for choice in choices:
        page.get_by_label(choice, exact=True).check()
    steps(page).get_by_role("button").click()
    expect(steps(page).get_by_role("link", name="Continue")).to_be_visible()


def write(page: Page, *texts: str) -> None:
    """Fill the text fields of the step, in their order."""
    fields = page.locator("#answer textarea, #answer input[type=text]")
    for number, text in enumerate(texts):
        fields.nth(number).fill(text)


def write_and_wait(page: Page, *texts: str) -> None:
    """Fill the text fields and wait until the page has saved them by itself, and says so."""
    with autosave(page):
        write(page, *texts)


@contextmanager
def autosave(page: Page) -> Iterator[None]:
    """Wait at the end until the page has saved by itself what stands in it."""
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers) as saved:
        yield
    assert saved.value.ok, saved.value.status
    expect(page.locator("[data-when=saved]")).to_be_visible()


def do_step(page: Page, words: str = "Something that I noticed at work.") -> str:
    """
    Do the step that is open, whatever its kind, and return its title; for a window without script.

    Takes the first choice of each question, writes the words into each empty field (asks SIGNER to confirm a practice),
    and goes on until another page.
    """
    here, title = page.url, page.get_by_role("heading", level=1).inner_text()
    for _page in range(12):
        radios = page.locator("#answer input[type=radio]")
        for name in dict.fromkeys(radios.evaluate_all("all => all.map((one) => one.name)")):
            page.locator(f"#answer input[name='{name}']").first.check()
        for box in page.locator("#answer textarea, #answer input[type=text], #answer input[type=email]").all():
            if not box.input_value():
                box.fill(SIGNER if box.get_attribute("type") == "email" else words)
        go_on(page)
        if page.url != here:
            return title
    raise AssertionError(f"“{title}” does not end: {page.locator('main').inner_text()}")
