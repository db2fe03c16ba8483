"""`manage.py` on a fresh clone: what needs no secret runs, what does says so in one line."""

import subprocess
import sys

import pytest

from tests.loopback import ROOT
from tests.processes import environment

SAMPLE = "journeys/bundle/samples/feedback-that-lands"
SIMULATED = ("simulate", "feedback-that-lands", "--start", "2027-03-03", "--zone", "Europe/Paris")


def manage(folder, *words):
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(folder / "var"),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("words", [("journey", "check", SAMPLE), SIMULATED])
def test_what_reads_files_alone_needs_no_secret_and_leaves_no_folder(tmp_path, words):
    done = manage(tmp_path, *words)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert not (tmp_path / "var").exists()


def test_a_check_of_the_code_needs_no_secret(tmp_path):
    done = manage(tmp_path, "check")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words", [("migrate",), ("nudges", "status"), ("journey", "import", SAMPLE), ("check", "--deploy")]
)
def test_every_other_command_says_in_one_line_what_is_missing(tmp_path, words):
    done = manage(tmp_path, *words)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("manage.py: SECRET_KEY is not set.")
    assert len(done.stderr.splitlines()) == 1


def test_whoever_wants_the_lines_of_code_gets_them(tmp_path):
    assert "Traceback" in manage(tmp_path, "migrate", "--traceback").stderr
