"""The first job of each of the three people, in the demo, beginning with one click."""

import os
import re
import subprocess
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import entrance, learner
from tests.browser.chromium import follow, main_text
from tests.browser.demo import CAST, RUNNING, Demo
from tests.loopback import ROOT

PLACES = {
    "designer": ("/admin/studio/", "Journeys"),
    # By day “Good morning”, at night “Hello”.
    "learner": ("/", "Lena"),
    "manager": ("/cohorts/", "Cohorts"),
    "facilitator": ("/cohorts/", "Cohorts"),
    "administrator": ("/admin/", "What you look after"),
}


@pytest.mark.parametrize("role", CAST)
def test_one_click_signs_in_and_leads_to_where_the_work_is(windows, demo, role):
    path, heading = PLACES[role]
    page = windows.window()

    entrance.by_one_click(page, CAST[role])

    assert page.url == f"{demo.served.url}{path}"
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_a_learner_finds_one_next_step_and_comes_into_it(windows):
    page = windows.window(viewport={"width": 360, "height": 740})
    entrance.by_one_click(page, CAST["learner"])

    card = page.get_by_role("region", name=main_heading_of_the_card(page))
    step = card.locator("[dir=auto]").last.inner_text()
    follow(card.get_by_role("link", name="Continue").or_(card.get_by_role("link", name="Start")))

    expect(page.get_by_role("heading", level=1)).to_have_text(step)
    expect(page.get_by_role("navigation", name="Steps")).to_be_visible()


def main_heading_of_the_card(page: Page) -> str:
    return page.locator("#next").inner_text()


def test_a_newcomer_does_the_first_step_and_the_map_shows_it(windows, demo):
    page = demo.sign_in(windows, demo.newcomer(demo.cohort()))
    learner.begin(page)
    first = page.get_by_role("heading", level=1).inner_text()

    learner.go_on(page)

    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    page.goto("/")
    follow(page.get_by_role("link", name="Judgment with AI"))
    done = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=re.compile(f": {first}$"))).last
    assert "Done" in done.inner_text()


def test_a_designer_brings_a_journey_from_nothing_to_published(windows):
    page = windows.window()
    entrance.by_one_click(page, CAST["designer"])
    follow(page.get_by_role("link", name="Begin a journey"))
    page.get_by_label("Title").fill("One good question")
    follow(page.get_by_role("button", name="Begin"))
    follow(page.get_by_role("link", name="Add a module"))
    page.get_by_label("Title").fill("Ask")
    page.get_by_label("You will be able to").fill("Ask before you answer.")
    follow(page.get_by_role("button", name="Save module"))
    follow(page.get_by_role("link", name="Add a step").first)
    follow(page.get_by_role("link", name="Article"))
    page.get_by_label("Title").fill("Why ask")
    page.get_by_label(re.compile(r"^Text\b")).fill("Because **nobody** knows everything.")
    follow(page.get_by_role("button", name="Save step"))
    follow(page.get_by_role("link", name="Preview as learner"))
    expect(page.locator("strong")).to_have_text("nobody")
    page.go_back()
    follow(page.get_by_role("link", name="Outline", exact=True))
    follow(page.get_by_role("link", name="Check and publish"))
    page.get_by_label("Why you publish although there are warnings").fill("A first try.")
    follow(page.get_by_role("button", name="Publish version 1"))

    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    page.goto("/admin/studio/")
    assert "Version 1, published" in page.get_by_role("row").filter(has_text="One good question").inner_text()


def test_a_manager_reads_on_the_board_what_the_api_tells(windows, demo):
    page = windows.window()
    entrance.by_one_click(page, CAST["manager"])
    follow(page.get_by_role("link", name=RUNNING))
    told = demo.api(f"/cohorts/{demo.cohort()}/progress/")
    board = main_text(page)

    assert page.get_by_role("table").first.locator("tbody tr").count() == told["learners"]["value"]
    for words, count in (("Behind", told["behind"]), ("Finished", told["completed"])):
        assert f"{words}\n{count['value']} of {told['learners']['value']}\n" in board


def test_the_commands_of_the_managers_page_work_as_they_stand(demo):
    """Without a browser: what docs/managers.md tells people to type is typed."""
    texts = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "managers.md").read_text(), re.DOTALL)
    known = {"KEY": demo.key, "COHORT": demo.cohort(), "API": f"{demo.served.url}/api/v1"}
    (chosen,) = [line for text in texts for line in text.splitlines() if line.startswith("COHORT=")]
    told = subprocess.run(
        ["bash", "-c", f'{chosen}\necho -n "$COHORT"'], env=os.environ | known, capture_output=True, text=True
    )
    assert told.stdout in {row["id"] for row in demo.api("/cohorts/?status=open")["results"]}, told.stderr
    asked = [line for text in texts for line in text.replace("\\\n", " ").splitlines() if line.startswith("curl")]

    answers = [
        subprocess.run(
            ["bash", "-c", line], env=os.environ | known, cwd=demo.served.data_dir, capture_output=True, text=True
        )
        for line in asked
    ]

    assert len(answers) == 6
    for line, answer in zip(asked, answers, strict=True):
        assert answer.returncode == 0, (line, answer.stderr)
        assert '"status":4' not in answer.stdout.replace(" ", ""), (line, answer.stdout)
    assert [bool(answer.stdout) for answer in answers] == [True, True, True, False, True, True]
    assert (demo.served.data_dir / "learners.csv").read_text().count("\n") >= 25


def test_a_facilitator_moves_the_dates_of_somebody_who_asked(windows, demo):
    demo.newcomer(demo.cohort())
    page = windows.window()
    entrance.by_one_click(page, CAST["facilitator"])
    follow(page.get_by_role("link", name=RUNNING))
    follow(page.get_by_role("link", name="Noor Newcomer").last)
    before = last_deadline(demo, page)
    page.locator("summary").filter(has_text="Move dates").click()
    page.get_by_label("Days", exact=True).fill("14")
    follow(page.get_by_role("button", name="Move dates"))

    expect(page.get_by_text("Dates moved 14 days later")).to_be_visible()
    assert last_deadline(demo, page) >= before + timedelta(days=13)


def last_deadline(demo: Demo, page: Page) -> datetime:
    """Return the last deadline of the person whose page is shown, as the API tells it."""
    enrollment = urlsplit(page.url).path.strip("/").split("/")[-1]
    entries = demo.api(f"/enrollments/{enrollment}/schedule/")["entries"]
    return max(datetime.fromisoformat(entry["at_utc"]) for entry in entries if entry["kind"] == "due")
