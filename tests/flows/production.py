"""The processes of docker-compose.yml, started by hand with the very commands that stand there, on loopback."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.loopback import ROOT, free_port
from tests.on_postgres import postgresql, redis
from tests.processes import START_SECONDS, Served, environment, eventually, is_ready

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
# ${NAME:-default} and ${NAME:?sentence}, as Compose reads them.
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
REPLICAS: int = SERVICES["worker"]["deploy"]["replicas"]
SECRETS = {"SECRET_KEY": "k" * 50, "POSTGRES_PASSWORD": "unused", "SITE_URL": "unused"}


@dataclass
class Production(Served):
    """A web server, two workers and a beat; `process` is the web server."""

    others: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)

    def restart(self, name: str) -> None:
        """Start a worker or the beat, for the first time or again after its end."""
        self.others[name] = _start(self.data_dir, name, self.commands[name], self.environment)

    def revive(self) -> None:
        """Start again what has ended by itself, as `restart: unless-stopped` does."""
        for name, process in list(self.others.items()):
            if process.poll() is not None:
                self.restart(name)

    def end(self) -> None:
        """End everything that still runs."""
        for process in self.everything().values():
            _end(process)

    def log(self) -> str:
        return "\n".join(path.read_text()[-2000:] for path in sorted(self.data_dir.glob("*.log")))

    def everything(self) -> "dict[str, subprocess.Popen[bytes]]":
        """Return each process by the name of its service."""
        return {"web": self.process, **self.others}

    def healthy(self, service: str, *, name: str = "") -> bool:
        """Run a service's health check as Docker would run it in its container."""
        kind, *words = SERVICES[service]["healthcheck"]["test"]
        line = shlex.join(words) if kind == "CMD" else words[0].replace("$$", "$")
        line = line.replace("http://127.0.0.1:8000", self.url).replace("find /tmp", f"find {self.data_dir}")
        # A container's name is its worker's; these share one host, so they are told apart by theirs.
        line = line.replace("celery@$HOSTNAME", name)
        done = subprocess.run(["bash", "-c", line], env=self.environment, cwd=ROOT, capture_output=True)
        return done.returncode == 0


def values(folder: Path, **given: str) -> dict[str, str]:
    """Return the environment that the Compose file gives to each process of Waymark; `given` wins."""
    told: Mapping[str, str] = SERVICES["web"]["environment"]
    filled = {name: VARIABLE.sub(_value, text) for name, text in told.items()}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return environment(folder, **(filled | {"STATIC_ROOT": str(folder / "static"), "PATH": path} | given))


def _value(found: "re.Match[str]") -> str:
    name, kind, rest = found.groups()
    return SECRETS.get(name, "") or ((rest or "") if kind == "-" else "")


@contextmanager
def in_production(
    folder: Path, *, env: Mapping[str, str] | None = None, workers: int = REPLICAS
) -> Iterator[Production]:
    """Start everything that the Compose file names, PostgreSQL and Redis too, and wait until it is ready."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with ExitStack() as stack:
        # PostgreSQL runs as a person of its own, who must be able to reach its folder.
        servers = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="waymark-servers-")))
        servers.chmod(0o755)
        variables = values(
            folder,
            DATABASE_URL=stack.enter_context(postgresql(servers)),
            REDIS_URL=stack.enter_context(redis(servers)),
            SITE_URL=f"http://127.0.0.1:{port}",
            TICK_SECONDS="1",
            **(env or {}),
        )
        for command in (["manage.py", "collectstatic", "--noinput"], shlex.split(SERVICES["migrate"]["command"])[1:]):
            subprocess.run([sys.executable, *command], cwd=ROOT, env=variables, check=True, capture_output=True)
        web = _command("web", {"0.0.0.0": "127.0.0.1", "8000": str(port)})
        running = Production(f"http://127.0.0.1:{port}", folder, _start(folder, "web", web, variables), variables)
        stack.callback(running.end)
        for number in range(1, workers + 1):
            running.commands[f"worker{number}"] = [*_command("worker", {}), "--hostname", f"worker{number}@house"]
        running.commands["beat"] = _command("beat", {"/tmp/beat-schedule": str(folder / "beat-schedule")})
        for name in running.commands:
            running.restart(name)
        eventually(lambda: is_ready(running), seconds=START_SECONDS, what=running.log)
        yield running


def _command(service: str, replaced: Mapping[str, str]) -> list[str]:
    return [replaced.get(word, word) for word in shlex.split(SERVICES[service]["command"])]


def _start(folder: Path, name: str, command: list[str], variables: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, env=dict(variables), stdout=log, stderr=log, cwd=ROOT)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process, gently first, because the pool of a killed worker would outlive it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
