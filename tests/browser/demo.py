"""One demo for all tests of a run, and people in it."""

import fcntl
import json
import re
import shutil
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, StorageState

from tests.browser import entrance
from tests.browser.chromium import Desk
from tests.processes import Served, eventually, served

BUILD_SECONDS = 400
WEEK = timedelta(days=7)
NUMBERS = count(1)
EVERY_KIND = Path(__file__).parent / "bundles" / "every-kind"
RUNNING = "Judgment, autumn group"
CAST = {
    "designer": "Dalia Haddad",
    "learner": "Lena Fischer",
    "manager": "Marco Rossi",
    "facilitator": "Farah Aziz",
    "administrator": "Ada Novak",
}


@dataclass
class Demo:
    """
    A served demo of this process's own.

    sessions: what the windows of those who came in already hold, so that nobody signs in for each file of tests.
    """

    served: Served
    sessions: dict[str, StorageState] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The demo's API key, which `serve` prints."""
        kept: dict[str, str] = json.loads((self.served.data_dir / "demo.json").read_text())
        return kept["api_key"]

    def api(self, path: str, body: object = None) -> Any:
        """Return what the API answers to a GET, or to a POST of this body."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.served.url}/api/v1{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def cohort(self, name: str = RUNNING) -> str:
        """Return the id of a cohort."""
        return next(str(row["id"]) for row in self.api("/cohorts/")["results"] if row["name"] == name)

    def young_cohort(self, journey: str) -> str:
        """Open a cohort on a journey of the demo that began a week ago, so that its first module is open."""
        known = {row["key"]: row["id"] for row in self.api("/journeys/")["results"]}
        body = {
            "journey": known[journey],
            "name": f"Test {uuid4().hex[:6]}",
            "starts_on": str(datetime.now(UTC).date() - WEEK),
        }
        return str(self.api("/cohorts/", body)["id"])

    @cached_property
    def every_kind(self) -> str:
        """The id of a cohort on a journey in which one step of each kind is open from the first day."""
        author = "designer@example.com"
        self.served.manage(
            "journey", "import", str(EVERY_KIND), "--organization", "northlight", "--author", author, "--publish"
        )
        return self.young_cohort("every-kind")

    def newcomer(self, cohort: str) -> str:
        """Enroll somebody new and return their address."""
        email = f"new{next(NUMBERS)}-{uuid4().hex[:6]}@example.com"
        person = {"email": email, "name": "Noor Newcomer", "manager_email": "manager@example.com"}
        answer = self.api(f"/cohorts/{cohort}/enrollments/", {"people": [person]})
        assert answer["results"][0]["outcome"] == "created", answer
        return email

    def sign_in(self, desk: Desk, email: str, **options: Any) -> Page:
        """Return the window, with nothing in it yet, of somebody who came in by the code that was mailed to them."""
        page, known = desk.window(**options), len(self.mails(email, about="code"))
        mailed = partial(eventually, lambda: self.mails(email, about="code")[known:])
        entrance.by_code_unseen(page.context, email, lambda: str(mailed()[0]))
        return page

    def at_step(self, desk: Desk, step: str, **options: Any) -> Page:
        """Return the window of a newcomer at a step of the journey in which every kind is open."""
        page = self.sign_in(desk, self.newcomer(self.every_kind), **options)
        today = page.context.request.get("/").text()
        journey = re.search(r'href="(/journeys/[0-9a-f-]{36}/)', today)
        assert journey, today
        page.goto(f"{journey.group(1)}steps/{step}/")
        return page

    def mails(self, email: str, *, about: str = "") -> list[str]:
        """Return the texts of the mails to an address whose subject holds these words, oldest first."""
        # A demo holds hundreds; only those in which the address stands are taken apart.
        found = sorted((self.served.data_dir / "mail").glob("[!.]*.eml"))
        read = [_read(raw) for raw in map(Path.read_bytes, found) if email.encode() in raw]
        meant = [mail for mail in read if email in mail["To"] and about in mail["Subject"]]
        bodies = [mail.get_body(("plain",)) for mail in meant]
        return [str(body.get_content()) for body in bodies if body]


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@contextmanager
def demo_of_this_process(shared: Path, own: Path) -> Iterator[Demo]:
    """Serve a copy of the demo; the first process that needs it builds it in `shared`, others wait for that."""
    shared.mkdir(parents=True, exist_ok=True)
    built, whole = shared / "demo", shared / "demo.whole"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(built, ignore_errors=True)
            with served(built, "--demo", patience=BUILD_SECONDS) as building:
                assert building.stop(signal.SIGTERM) == 0, building.log()
            whole.touch()
    shutil.copytree(built, own)
    with served(own, "--demo") as running:
        yield Demo(running)
