"""A client in Python, generated from the document as other people's tools do it, and the job of such a tool."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

PACKAGE = "waymark_client"
SETTINGS = {
    "package_name_override": PACKAGE,
    "post_hooks": [],
    # The generator knows text, and not that each line of it is JSON.
    "content_type_overrides": {"application/x-ndjson": "text/plain"},
}


def generate(document: Any, folder: Path) -> Path:
    """Write a client for an OpenAPI document and return its folder; whatever the generator warns of is a failure."""
    (folder / "schema.json").write_text(json.dumps(document))
    (folder / "settings.yml").write_text(yaml.safe_dump(SETTINGS))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    command += ["--path", "schema.json", "--config", "settings.yml", "--output-path", PACKAGE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / PACKAGE


class Tool:
    """A reporting tool that was written with the generated client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def call(self, name: str, *path: Any, **more: Any) -> Any:
        """Call one operation of the client, such as cohorts.list_cohorts, and return its status and parsed answer."""
        operation = importlib.import_module(f"{PACKAGE}.api.{name}")
        answer = operation.sync_detailed(*path, client=self.client, **more)
        return int(answer.status_code), answer.parsed

    def people(self, cohort: Any) -> list[Any]:
        """Return every learner of a cohort, page by page of one."""
        found, more = [], {}
        while True:
            status, page = self.call("cohorts.list_cohort_learners", cohort, limit=1, **more)
            assert status == 200, page
            found += page.results
            if not page.next_:
                return found
            more = {"cursor": _cursor_of(page.next_)}

    def does_its_job(self) -> None:
        """Read a cohort and its learners, report a step, and be refused with a problem that says what to do."""
        status, cohorts = self.call("cohorts.list_cohorts")
        assert status == 200, cohorts
        cohort = max(cohorts.results, key=lambda one: one.name)
        people = self.people(cohort.id)
        assert len(people) > 1, people
        status, progress = self.call("cohorts.read_cohort_progress", cohort.id)
        assert (status, progress.learners.value) == (200, len(people)), progress
        status, before = self.call("enrollments.read_enrollment", people[-1].id)
        assert (status, before.completed) == (200, 0), before
        status, completion = self.call("enrollments.complete_step", people[-1].id, "read", idempotency_key="once")
        assert status in (200, 201), completion
        status, after = self.call("enrollments.read_enrollment", people[-1].id)
        assert (status, after.completed) == (200, 1), after
        self._is_refused(people[-1].id)

    def _is_refused(self, enrollment: Any) -> None:
        status, problem = self.call("enrollments.complete_step", enrollment, "no-such-step")
        assert status == 404, problem
        assert (type(problem).__name__, problem.status) == ("Problem", 404)
        assert problem.detail


def _cursor_of(address: str) -> str:
    return str(address).partition("cursor=")[2].partition("&")[0]
