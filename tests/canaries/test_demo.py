"""The demo with a canary in every personal text of its people: nobody whom it was not written for meets one."""

import json
import signal
import subprocess
import sys

import pytest

from tests.loopback import ROOT
from tests.processes import environment, served

pytestmark = pytest.mark.proof

PATIENCE = 1800


def test_nobody_in_the_demo_meets_words_that_were_not_written_for_them(tmp_path):
    with served(tmp_path, "--demo", patience=PATIENCE) as building:
        assert building.stop(signal.SIGTERM) == 0, building.log()
    variables = environment(tmp_path, WAYMARK_MODE="serve", ALLOWED_HOSTS="testserver", PORT="8000")
    variables["DJANGO_SETTINGS_MODULE"] = "config.settings"

    done = subprocess.run(
        [sys.executable, "-m", "tests.canaries.demo"], cwd=ROOT, env=variables, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert {role: seen["hits"] for role, seen in told.items() if seen["hits"]} == {}
    # It would prove nothing if it had looked at nothing, or if the words could not be met at all.
    assert {role for role, seen in told.items() if seen["opened"] < 200} == set()
    assert {role for role, seen in told.items() if seen["met"] < seen["for_them"]} == set()
    assert told["learner@example.com"]["met"] > 5 < told["facilitator@example.com"]["met"]
    mails = list((tmp_path / "mail").glob("*.eml"))
    assert mails
    assert [mail for mail in mails if b"CANARY" in mail.read_bytes()] == []
    assert "CANARY" not in done.stderr, "The log."
