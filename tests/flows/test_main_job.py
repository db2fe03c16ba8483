"""
The main job, from outside: bundle, publish, list of people, browser, mail server, curl. Real processes only.

As the processes of docker-compose.yml on PostgreSQL and Redis; and, in `make faults`, as one process on SQLite, which
the browser tests stand on in `make test`.
"""

import csv
import io
import json
import re
import signal
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser import administrator, learner
from tests.browser.chromium import chromium, follow, main_text
from tests.browser.designer import Studio
from tests.flows.house import BUNDLES, DESIGNER, MANAGER, ORGANIZATION, SLUG, House, list_of_people, open_house
from tests.flows.mail import part
from tests.flows.production import Production
from tests.processes import body, eventually

pytestmark = [pytest.mark.flow, pytest.mark.browser]

PEOPLE = [f"person{number:02}@harbor.example" for number in range(24)]
REFLECTION = "I would have sent the wrong file, and nobody would have told me."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", params=["production", pytest.param("embedded", marks=pytest.mark.fault)])
def house(browser: Browser, tmp_path_factory, request) -> Iterator[House]:
    with open_house(browser, tmp_path_factory.mktemp("house"), kind=request.param) as opened:
        yield opened


@dataclass
class Cohort:
    """The cohort of 24 and what its founding showed. looked: the page after the look at the list."""

    uuid: str
    key: str
    looked: str
    rows_after_the_look: str
    enrolled: str


@pytest.fixture(scope="module")
def cohort(house: House) -> Cohort:
    """Publish the journey, found the cohort, and enroll 24 people from a list after a look at it."""
    told = house.served.manage(
        "journey", "import", str(BUNDLES / "ask-one-more"), "--organization", SLUG, "--author", DESIGNER, "--publish"
    )
    assert "version 1 (published)" in told.stdout
    office = house.office
    key = administrator.make_key(
        office, organization=ORGANIZATION, name="Mara’s sheet", scopes=["progress:read", "people:read"]
    )
    administrator.open_cohort(
        office,
        name="First group",
        version="Ask one more question · 1",
        starts_on=house.today(),
        staff={"Mara Manager": "Manager"},
    )
    listed = list_of_people(
        house.served.data_dir / "people.csv", [*PEOPLE, "not-an-address"], zone=house.zone, manager=MANAGER
    )
    administrator.check_list(office, listed)
    looked = main_text(office)
    found = json.loads(house.curl("/cohorts/", *bearer(key)))["results"]
    uuid = found[0]["id"]
    rows = house.curl(f"/cohorts/{uuid}/learners.csv", *bearer(key))
    follow(office.get_by_role("button", name="Enroll 24 people"))
    expect(office.get_by_text("24 people are enrolled.")).to_be_visible()
    return Cohort(uuid, key, looked, rows, main_text(office))


def bearer(key: str) -> tuple[str, str]:
    return "-H", f"Authorization: Bearer {key}"


def work_through_the_first_module(page: Page) -> None:
    """Do its five steps, as a person who reads the page does."""
    learner.begin(page)
    expect(page.get_by_role("heading", name="The first answer")).to_be_visible()
    learner.go_on(page)
    learner.answer(page, "What is holding it up?", "Sure")
    learner.go_on(page)
    learner.write(page, "somebody brings me a problem in our stand-up", "ask what they have tried")
    learner.go_on(page)
    learner.write(page, "I asked what was missing, and heard about a file.")
    learner.go_on(page)
    learner.write(page, REFLECTION)
    learner.go_on(page)
    expect(page.get_by_text("finished")).to_be_visible()


def test_a_list_is_looked_at_before_anybody_is_enrolled(house: House, cohort: Cohort):
    assert "24 people would be enrolled." in cohort.looked
    assert "1 row cannot be used." in cohort.looked
    assert "not-an-address" in cohort.looked
    assert "Desk" in cohort.looked, "A column that is not used is named."
    assert len(cohort.rows_after_the_look.splitlines()) == 1, "Looking enrolls nobody."
    assert "1 row could not be used." in cohort.enrolled


def test_everybody_is_welcomed_once_by_a_mail_that_can_be_stopped(house: House, cohort: Cohort):
    eventually(lambda: all(house.post.to(person, about="Your journey") for person in PEOPLE), seconds=90)
    welcomes = [mail for person in PEOPLE for mail in house.post.to(person, about="Your journey")]

    assert len(welcomes) == 24
    assert len({mail["Message-ID"] for mail in welcomes}) == 24
    for mail in welcomes:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Unsubscribe"].strip().startswith(f"<{house.served.url}/unsubscribe/")
        assert "Sign in with a code" in part(mail, "text/plain")
        assert hosts_fetched_by(part(mail, "text/html")) == set()


def hosts_fetched_by(html: str) -> set[str]:
    """Return the hosts that a mail program would ask when it shows the mail."""
    fetched = re.findall(r"(?:src|background)=[\"']?https?://([^/\"']+)", html)
    linked = re.findall(r"<link[^>]+href=[\"']https?://([^/\"']+)", html)
    return {*fetched, *linked, *re.findall(r"url\([\"']?https?://([^/)\"']+)", html)}


def test_a_learner_works_through_a_module_and_curl_tells_the_manager(house: House, cohort: Cohort):
    path, key = f"/cohorts/{cohort.uuid}/progress/", bearer(cohort.key)
    before = json.loads(house.curl(path, *key))
    page = house.sign_in(PEOPLE[3])

    work_through_the_first_module(page)

    after = json.loads(house.curl(path, *key))
    assert after["learners"]["value"] == after["learners"]["n"] == 24
    assert gained(before, after, "steps_completed") == 5
    assert gained(before, after, "steps_practiced") == 2, "The plan and the practice."
    assert after["status"]["active"]["value"] == before["status"]["active"]["value"] + 1
    reached = {module["key"]: module["reached"]["value"] for module in after["modules"]}
    assert reached["listen-first"] == 24
    assert reached["ask-on"] == {m["key"]: m["reached"]["value"] for m in before["modules"]}["ask-on"] + 1
    rows = {
        row["email"]: row
        for row in csv.DictReader(io.StringIO(house.curl(f"/cohorts/{cohort.uuid}/learners.csv", *key)))
    }
    assert set(rows) == set(PEOPLE)
    own = rows[PEOPLE[3]]
    assert (own["completed"], own["required"], own["practiced"], own["module"]) == ("5", "7", "2", "ask-on")
    assert rows[PEOPLE[23]]["completed"] == "0"
    # What was written stays with its author, on every road that a key opens.
    for address in (path, f"/cohorts/{cohort.uuid}/learners.csv", "/events/", f"/enrollments/{own['enrollment_id']}/"):
        assert REFLECTION not in house.curl(address, *key)


def gained(before: dict, after: dict, name: str) -> int:
    value: int = after[name]["value"] - before[name]["value"]
    return value


def test_an_unchanged_cohort_is_answered_by_304(house: House, cohort: Cohort):
    path, key = f"/cohorts/{cohort.uuid}/progress/", bearer(cohort.key)
    settled = eventually(lambda: calm_tag(house, path, key), seconds=60)

    again = house.curl(path, *key, "-H", f"If-None-Match: {settled}", "-o", "/dev/null", "-w", "%{http_code}")

    assert again == "304"
    assert house.curl(path, *key, "-H", 'If-None-Match: W/"other"', "-o", "/dev/null", "-w", "%{http_code}") == "200"
    assert house.curl(path, "-o", "/dev/null", "-w", "%{http_code}") == "401"


def calm_tag(house: House, path: str, key: tuple[str, str]) -> str:
    """Return the ETag once two answers in a row have the same: welcomes may still be going out."""
    tags = [re.search(r"(?im)^etag: (\S+)", house.curl(path, *key, "-D", "-", "-o", "/dev/null")) for _ in range(2)]
    found = {tag.group(1) for tag in tags if tag}
    return found.pop() if len(found) == 1 else ""


def test_a_key_is_shown_once(house: House, cohort: Cohort):
    house.office.goto("/admin/accounts/apikey/")
    listed = main_text(house.office)
    follow(house.office.get_by_role("link", name="Mara’s sheet"))

    assert cohort.key.startswith("wm_")
    assert cohort.key not in listed + house.office.content()


def test_a_nudge_reaches_the_mail_server_and_its_link_stops_its_kind(house: House, cohort: Cohort):
    person = PEOPLE[7]
    page = house.sign_in(person)
    work_through_the_first_module(page)
    nudge = house.post.await_one(person, about="short answer")
    link = nudge["List-Unsubscribe"].strip().strip("<>")
    assert nudge["Message-ID"]
    assert nudge["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/steps/the-second-answer/" in part(nudge, "text/plain")
    assert "/steps/the-second-answer/" in part(nudge, "text/html")

    assert one_click(link, post=False) == 200
    assert prompts_are_on(page), "Looking at the page behind the link changes nothing."
    assert one_click(link, post=True) == 200
    assert not prompts_are_on(page)

    # The next module has a prompt, which is stopped, and a message of another kind, which is not.
    learner.begin(page)
    learner.go_on(page)
    house.post.await_one(person, about="open")
    fates = eventually(lambda: fates_without_open_ones(house))
    assert fates["suppressed"]["opted_out"] == 1
    assert fates["planned"] == fates["sent"] + sum(fates["suppressed"].values()) + fates["failed"] + fates["unknown"]
    assert house.post.to(person, about="meeting") == []
    assert len(house.post.to(person, about="short answer")) == 1


@pytest.mark.parametrize("house", [pytest.param("embedded", marks=pytest.mark.fault)], indirect=True)
def test_a_designer_authors_and_publishes_by_keyboard_alone(house: House, tmp_path: Path):
    skill = "Communication"
    studio = Studio(house.sign_in(DESIGNER), "Say it briefly")
    studio.begin(summary="Two weeks of shorter sentences.", weeks=2)
    studio.aim(skill, "Above all")
    studio.add_module("One plain sentence", outcome="Say the main point first.", skill=skill)
    studio.new_step("Practice", "Say it once", serves="Evidence", skill=skill)
    studio.keys.write("Situation", "In your next stand-up.")
    studio.keys.write("Step", "Say one sentence, then stop.")
    studio.keys.write("Prompt", "What did you say?")
    studio.save_step()
    studio.new_step("Article", "The first sentence", serves="Knows", skill=skill)
    studio.keys.write("Text", "Say the point **first**.")
    studio.save_step()
    studio.move_up("The first sentence")
    studio.add_module("Ask back", outcome="Ask whether the point came across.", skill=skill)
    studio.opens_after("Module 1: One plain sentence is completed", working_days=2, at="09:00")
    refused = studio.is_kept_from_publishing()
    studio.new_step("Reflection", "What came across", serves="Reflects", skill=skill)
    studio.keys.write("Question", "What did they repeat?")
    studio.keys.choose("Follows the step", "1.2 Say it once")
    studio.save_step()
    studio.add_nudge(module="Module 2", wordings=("Which point did they repeat?", "Ask one person what they heard."))
    preview, first_day = studio.preview("What came across"), studio.preview_day(1)

    studio.publish("Behaviors follow in the next version.")

    assert "“Ask back” has no steps. Add one, or remove the module." in refused
    assert "What did they repeat?" in preview
    assert "The first sentence" in first_day
    assert studio.keys.unseen == [], "Where the focus is can always be seen."
    out = tmp_path / "say-it-briefly"
    house.served.manage("journey", "export", str(out), "--organization", SLUG)
    checked = house.served.manage("journey", "check", str(out))
    assert "2 modules, 3 steps, 1 message: no faults" in checked.stdout
    written = yaml.safe_load((out / "journey.yaml").read_text())
    assert written["modules"][1]["opens"] == {"from": "completed:one-plain-sentence", "working_days": 2, "at": "09:00"}
    assert written["nudges"][0]["text"] == ["Which point did they repeat?", "Ask one person what they heard."]
    in_order = sorted(path.name for path in (out / "modules").glob("01-*/*.md"))
    assert in_order == ["01-the-first-sentence.md", "02-say-it-once.md"]


@pytest.mark.parametrize("house", ["production"], indirect=True)
def test_the_processes_tick_and_their_health_checks_say_so(house: House):
    production = in_processes(house)
    eventually(lambda: body(production.get("/readyz"))["status"] == "ok", what=production.log)

    assert production.healthy("web")
    for name in ("worker1", "worker2"):
        answers = partial(production.healthy, "worker", name=f"{name}@house")
        eventually(answers, what=production.log)
    assert not production.healthy("worker", name="worker3@house"), "A worker that is not there does not answer."
    eventually(lambda: production.healthy("beat"), what=production.log)


@pytest.mark.parametrize("house", ["production"], indirect=True)
def test_static_files_come_under_names_that_never_change_their_content(house: House):
    production = in_processes(house)
    status, page = production.get("/accounts/login/")
    sheet = re.search(rb'href="(/static/[^"]+\.css)"', page)

    assert status == 200
    assert sheet
    assert re.search(rb"\.[0-9a-f]{12}\.css$", sheet.group(1))
    assert production.get(sheet.group(1).decode())[0] == 200


@pytest.mark.parametrize("house", ["production"], indirect=True)
def test_every_process_stops_in_order_when_told(house: House):
    production = in_processes(house)
    for process in production.everything().values():
        process.send_signal(signal.SIGTERM)

    codes = {name: process.wait(60) for name, process in production.everything().items()}

    assert codes == {"web": 0, "worker1": 0, "worker2": 0, "beat": 0}, production.log()


def in_processes(house: House) -> Production:
    assert isinstance(house.served, Production)
    return house.served


def one_click(link: str, *, post: bool) -> int:
    """Do what a mail program does: no cookie, no sign-in."""
    data = b"List-Unsubscribe=One-Click" if post else None
    with urllib.request.urlopen(link, data=data, timeout=60) as answer:
        status: int = answer.status
    return status


def prompts_are_on(page: Page) -> bool:
    page.goto("/preferences/")
    return page.get_by_label("Practice by E-mail").is_checked()


def fates_without_open_ones(house: House) -> dict:
    fates: dict = json.loads(house.served.manage("nudges", "status", "--json").stdout)
    return {} if fates["open"] else fates
