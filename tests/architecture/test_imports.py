"""The import contracts hold, and a deliberate violation of each kind breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT

VIOLATIONS = {
    "an app imports a higher one": ("content/skills/queries.py", "import journeys.authoring.models\n"),
    "a room imports a higher one": ("learners/people/queries.py", "import learners.nudges.models\n"),
    "upper rooms import each other": ("learners/player/queries.py", "import learners.board.queries\n"),
    "the schedule knows Django": ("journeys/schedule/timeline.py", "import django.db\n"),
    "rules know Django": ("learners/progress/rules.py", "import django.utils.timezone\n"),
    "an action knows Celery": ("learners/cohorts/actions/strayed.py", "import celery\n"),
    "a query knows DRF": ("learners/board/queries.py", "import rest_framework.response\n"),
    "a room knows the wiring": ("learners/player/views.py", "import config.urls\n"),
    "models import actions": ("learners/progress/models.py", "import learners.progress.actions\n"),
    "a room that nobody listed": ("learners/strayed/__init__.py", ""),
}


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


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_caught(copy, name):
    path, line = VIOLATIONS[name]
    file = copy / path
    before = file.read_text() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((before or "") + line)
    try:
        result = _lint(copy)
    finally:
        if before is None:
            file.unlink()
            if path.endswith("strayed/__init__.py"):
                file.parent.rmdir()
        else:
            file.write_text(before)

    assert result.returncode != 0
    assert "BROKEN" in result.stdout or "missing" in result.stdout.lower()
