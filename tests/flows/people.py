"""People in an installation that runs, and a tool that reports for them through the API."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.flows.house import zone_at_noon
from tests.loopback import ROOT
from tests.processes import Served


def crowd(running: Served, each: int) -> str:
    """Fill the installation with twice so many people, see tests.flows.crowd, and return an API key for it."""
    command = [sys.executable, "-m", "tests.flows.crowd", zone_at_noon(datetime.now(UTC)), str(each)]
    done = subprocess.run(command, cwd=ROOT, env=running.environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Caller:
    """Another tool with a key."""

    running: Served
    key: str

    def enrollments(self, *, status: str = "") -> list[str]:
        """Return the ids of all enrollments, or of those with a status, in a fixed order."""
        wanted = f"&status={status}" if status else ""
        return sorted(str(one["id"]) for one in self.get(f"/enrollments/?limit=500{wanted}")["results"])

    def complete(self, enrollment: str) -> int:
        """Report the first step of a person as done; returns the status."""
        return self._ask(f"/enrollments/{enrollment}/steps/read/completion/", "PUT")[0]

    def get(self, path: str) -> Any:
        """Return the body of a 200 answer."""
        status, body = self._ask(path, "GET")
        assert status == 200, (status, body)
        return body

    def _ask(self, path: str, method: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = b"{}" if method == "PUT" else None
        request = urllib.request.Request(f"{self.running.url}/api/v1{path}", data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
