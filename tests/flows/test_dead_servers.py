"""A mail server and a Redis that are not there: learners go on learning, and nothing that was to be sent is lost."""

import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.loopback import free_port
from tests.processes import Served, body, prepare, served

pytestmark = [pytest.mark.flow, pytest.mark.fault]

TOKEN = "a" * 32
# Runs in a second terminal, as an operator's script would. The journey's own clock is later, so it starts today.
SEED = """
import json
from django.test import Client
from config.accounts.actions import create_api_key
from config.support.clock import now
from datetime import timedelta
from tests.learners.player.journey import join, make_cohort
at = now()
cohort = make_cohort(starts_on=at.date() - timedelta(days=2))
key = create_api_key(organization_id=cohort.organization_id, name="k", scopes=["progress:write"],
    expires_at=at + timedelta(days=9), created_by_id=None, now=at)
told = []
for email in {emails}:
    enrollment = join(cohort, email=email, now=at)
    client = Client()
    client.force_login(enrollment.user)
    told.append([str(enrollment.uuid), client.cookies["sessionid"].value, key.secret])
print(json.dumps(told))
"""
EMAIL, OTHER = "lena@example.com", "omar@example.com"


@dataclass
class Learner:
    """Somebody signed in, at a server whose neighbors are away; redirects are not followed."""

    running: Served
    enrollment: str
    session: str
    key: str

    @property
    def journey(self) -> str:
        return f"/journeys/{self.enrollment}/"

    def ask(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        cookies = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        return answer(urllib.request.Request(self.running.url + path, data=data, headers=cookies | headers))

    def report(self, step: str) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"{self.running.url}/api/v1/enrollments/{self.enrollment}/steps/{step}/completion/"
        return answer(urllib.request.Request(url, data=b"{}", headers=headers, method="PUT"))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def answer(request: urllib.request.Request) -> tuple[int, str]:
    """Return status and text, whatever the status is."""
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=60) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@dataclass
class Town:
    """One server for all tests, with two learners; redis_port: where nobody listens until a test does."""

    learner: Learner
    other: Learner
    redis_port: int


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    port = free_port()
    neighbors = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}"}
    with served(prepare(tmp_path_factory.mktemp("dead")), env=neighbors) as running:
        told = running.manage("shell", "-v", "0", "-c", SEED.format(emails=[EMAIL, OTHER])).stdout
        learner, other = (Learner(running, *one) for one in json.loads(told.splitlines()[-1]))
        yield Town(learner, other, redis_port=port)


@pytest.fixture
def learner(town: Town) -> Learner:
    return town.learner


def test_it_says_that_it_works_with_less(learner: Learner):
    ready = body(learner.running.get("/readyz"))

    assert (ready["status"], ready["checks"]["cache"], ready["checks"]["database"]) == ("degraded", "failing", "ok")


@pytest.mark.parametrize("page", ["/", "{}", "{}steps/recall/", "/reflections/", "/commitments/", "/progress/"])
def test_every_page_comes(learner: Learner, page: str):
    status, text = learner.ask(page.format(learner.journey))

    assert status == 200
    assert "</html>" in text


def test_a_step_is_done_at_both_doors_and_kept(learner: Learner):
    assert learner.ask(f"{learner.journey}steps/read/", {})[0] == 302
    assert learner.report("watch")[0] == 200

    told = learner.ask(learner.journey)[1]
    assert "2 of 9" in " ".join(told.split())


def test_what_is_written_saves_itself(learner: Learner):
    script = {"X-Autosave": "1", "Accept": "application/json"}

    status, told = learner.ask(
        f"{learner.journey}steps/look-back/", {"text": "Quiet.", "audience": "private"}, **script
    )

    assert status == 200
    assert json.loads(told)["revision"]
    assert "Quiet." in learner.ask(f"{learner.journey}steps/look-back/")[1]


def test_somebody_is_asked_to_confirm_and_the_mail_waits_for_its_server(learner: Learner):
    fields = {"report-0": "I asked.", "report-1": "A file.", "signer_name": "Sven", "signer_email": "sven@example.com"}
    assert learner.ask(f"{learner.journey}steps/try-it/", fields)[0] == 302

    learner.running.manage("nudges", "tick")

    fates = json.loads(learner.running.manage("nudges", "status", "--json").stdout)
    assert (fates["sent"], fates["failed"], fates["unknown"]) == (0, 0, 0)
    assert fates["open"] >= 1, "The request waits."


def test_who_wants_a_sign_in_code_is_told_that_no_mail_goes_out(learner: Learner):
    request = urllib.request.Request(
        f"{learner.running.url}/accounts/login/code/",
        data=urllib.parse.urlencode({"email": EMAIL}).encode(),
        headers={"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN},
    )

    status, text = answer(request)

    assert status == 503
    assert "cannot send mail" in text, text


def test_a_redis_that_takes_calls_and_never_answers_holds_nobody_up(town: Town):
    learner = town.other
    with socket.create_server(("127.0.0.1", town.redis_port), backlog=200) as silent:
        learner.ask(learner.journey)
        seconds = []
        for step in ("read", "watch"):
            began = time.monotonic()
            assert learner.ask(f"{learner.journey}steps/{step}/", {})[0] == 302
            seconds.append(time.monotonic() - began)
        silent.settimeout(5)
        silent.accept()[0].close()  # It was called.

    # A worker waits 5 s for an answer; who rings it from a page must not.
    assert min(seconds) < 3, seconds
