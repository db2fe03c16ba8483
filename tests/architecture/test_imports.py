"""The import contracts hold, and a deliberate violation of each kind breaks them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT

# What each kind of violation adds, file and import; a room that nobody listed is told apart from the others.
VIOLATIONS = {
    "an app imports a higher one": ("content/skills/strayed.py", "journeys.authoring.models"),
    "a room imports a higher one": ("learners/people/strayed.py", "learners.nudges.models"),
    "upper rooms import each other": ("learners/player/strayed.py", "learners.board.queries"),
    "the schedule knows Django": ("journeys/schedule/strayed.py", "django.db"),
    "rules know Django": ("learners/progress/rules.py", "django.utils"),
    "an action knows Celery": ("learners/cohorts/actions/strayed.py", "celery"),
    "a query knows DRF": ("learners/board/queries/strayed.py", "rest_framework.response"),
    "a room knows the wiring": ("learners/player/astray.py", "config.urls"),
    "models import actions": ("learners/progress/models.py", "learners.progress.actions"),
}
UNLISTED = "learners/strayed/__init__.py"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for app in APPS:
        shutil.copytree(ROOT / app, folder / app, ignore=shutil.ignore_patterns("__pycache__", "static", "samples"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(copy):
    result = _lint(copy)

    assert result.returncode == 0, result.stdout[-3000:]


@pytest.fixture(scope="module")
def violated(copy) -> "subprocess.CompletedProcess[str]":
    """Every violation at once: the linter names each, and reading the house anew for each takes a while."""
    added = {copy / path: f"import {imported}\n" for path, imported in VIOLATIONS.values()}
    with _more(added):
        return _lint(copy)


@contextmanager
def _more(added: dict[Path, str]) -> Iterator[None]:
    """Add these lines to files of the copy, and take them away again."""
    before = {file: file.read_text() if file.exists() else None for file in added}
    for file, line in added.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text((before[file] or "") + line)
    yield
    for file, text in before.items():
        if text is None:
            file.unlink()
        else:
            file.write_text(text)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_caught(violated, name):
    path, imported = VIOLATIONS[name]
    importer = path.removesuffix(".py").replace("/", ".")
    # Of a module outside, its package is named.
    target = imported if imported.split(".")[0] in APPS else imported.split(".")[0]

    assert violated.returncode != 0
    assert re.search(rf"^\W*{re.escape(importer)} -> {re.escape(target)} \(l", violated.stdout, re.MULTILINE)


def test_a_room_that_nobody_listed_is_caught(copy):
    with _more({copy / UNLISTED: ""}):
        result = _lint(copy)

    assert result.returncode != 0
    assert "learners.strayed" in result.stdout
