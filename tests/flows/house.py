"""A Waymark of one's own, set up from outside: processes, a mail server, and an administrator at a browser."""

import csv
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.browser import administrator, entrance
from tests.browser.chromium import Desk, desk, follow
from tests.flows.mail import Post, part, post_office
from tests.flows.production import in_production
from tests.processes import Served, prepare, served

BUNDLES = Path(__file__).parent / "bundles"
OPERATOR = "root@example.com"
PASSWORD = "a-long-enough-one"
ORGANIZATION, SLUG = "Harbor Works", "harbor-works"
DESIGNER, MANAGER = "dora@harbor.example", "mara@harbor.example"
# One of them has its noon at any hour, so that no message waits for the morning.
ZONES = (
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Europe/Berlin",
    "Africa/Abidjan",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Denver",
    "Pacific/Honolulu",
)


@dataclass
class House:
    """A running Waymark with an organization, its mail server, and a browser in front of it."""

    served: Served
    post: Post
    desk: Desk
    zone: str
    office: Page

    def today(self) -> str:
        """Return the date of the people of this house."""
        return datetime.now(UTC).astimezone(ZoneInfo(self.zone)).date().isoformat()

    def sign_in(self, email: str) -> Page:
        """Return the window of somebody who came in by a mailed code."""
        page = self.desk.window()
        known = len(self.post.to(email, about="sign-in code"))
        entrance.by_code(page, email, lambda: self._mailed(email, known))
        return page

    def _mailed(self, email: str, known: int) -> str:
        return part(self.post.await_one(email, about="sign-in code", after=known), "text/plain")

    def curl(self, path: str, *arguments: str) -> str:
        """Return what curl prints for an address of the API."""
        command = ["curl", "-sS", "--max-time", "60", *arguments, f"{self.served.url}/api/v1{path}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def zone_at_noon(now: datetime) -> str:
    """Return a time zone in which it is about noon."""
    return min(ZONES, key=lambda zone: abs(now.astimezone(ZoneInfo(zone)).hour - 12))


@contextmanager
def open_house(browser: Browser, folder: Path, *, kind: str) -> Iterator[House]:
    """Start a new Waymark whose mail goes to a server of ours, and let its operator found an organization."""
    zone = zone_at_noon(datetime.now(UTC))
    with post_office() as post, _started(kind, folder, post) as running:
        running.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        running.manage("createsuperuser", "--noinput", "--email", OPERATOR)
        with desk(browser, running.url) as windows:
            house = House(running, post, windows, zone, windows.window())
            _first_sign_in(house)
            administrator.found_organization(house.office, name=ORGANIZATION, slug=SLUG, zone=zone)
            _invite_staff(house)
            yield house


def _started(kind: str, folder: Path, post: Post) -> AbstractContextManager[Served]:
    if kind == "production":
        return in_production(folder, env={"EMAIL_URL": post.url})
    return served(prepare(folder), env={"EMAIL_URL": post.url})


def _first_sign_in(house: House) -> None:
    """The operator has a password from the command line, and proves the address once."""
    entrance.by_password(house.office, OPERATOR, PASSWORD)
    code = entrance.CODE.search(part(house.post.await_one(OPERATOR, about="Confirm"), "text/plain"))
    assert code
    house.office.get_by_label("Code").fill(code.group(1))
    follow(house.office.get_by_role("button", name="Continue"))
    expect(house.office.get_by_role("heading", name="What you look after")).to_be_visible()


def _invite_staff(house: House) -> None:
    administrator.invite(
        house.office, organization=ORGANIZATION, email=DESIGNER, name="Dora Designer", roles=["Designer"]
    )
    administrator.invite(house.office, organization=ORGANIZATION, email=MANAGER, name="Mara Manager", roles=[])


def list_of_people(path: Path, addresses: list[str], *, zone: str, manager: str) -> Path:
    """Write a list of people as a spreadsheet program does."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["E-mail", "Name", "Time zone", "Manager e-mail", "Desk"])
        for number, address in enumerate(addresses):
            writer.writerow([address, f"Person {number:02}", zone, manager, f"D{number}"])
    return path
