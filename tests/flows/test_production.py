"""What docker-compose.yml and Dockerfile promise. The same processes, started by hand, do the main job next door."""

import re
from pathlib import Path

import pytest

from tests.flows.production import COMPOSE, SERVICES
from tests.loopback import ROOT

pytestmark = pytest.mark.flow
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_every_process_is_watched_and_comes_back():
    lasting = {name: service for name, service in SERVICES.items() if name != "migrate"}

    assert {name for name, service in lasting.items() if "healthcheck" not in service} == set()
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert SERVICES["migrate"]["restart"] == "no"


def test_nothing_starts_before_the_tables_are_there():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_our_processes_hold_no_right_they_do_not_need():
    for name in OURS:
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.findall(r"(?m)^USER (\S+)", DOCKERFILE) == ["10001:10001"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"], "Only this machine reaches it without TLS."
    assert not any("ports" in SERVICES[name] for name in SERVICES if name != "web")


def test_no_secret_stands_in_the_files():
    given = COMPOSE["x-waymark"]["environment"] | SERVICES["postgres"]["environment"]
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "DATABASE_URL"):
        assert re.search(r"\$\{\w+:\?", given[name]), f"{name} is asked for, with a sentence when it is missing."
    for name in ("EMAIL_URL", "OIDC_PRIVATE_KEY", "SENTRY_DSN"):
        assert re.fullmatch(r"\$\{\w+:-\}", given[name])


def test_every_setting_that_compose_passes_is_read():
    read = (ROOT / "config" / "settings.py").read_text()

    assert [name for name in COMPOSE["x-waymark"]["environment"] if f'"{name}"' not in read] == []


def test_the_image_starts_the_same_web_server_and_only_from_hashed_packages():
    words = re.findall(r'"([^"]+)"', DOCKERFILE.rsplit("CMD", 1)[1])

    assert " ".join(words) == SERVICES["web"]["command"]
    assert "--require-hashes -r /requirements.txt" in DOCKERFILE
    copied = [Path(source) for source in re.findall(r"(?m)^COPY (?!--from)(\S+)", DOCKERFILE)]
    assert [str(source) for source in copied if not (ROOT / source).exists()] == []
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {str(source) for source in copied} == allowed, "What is copied is what is sent to the builder."


def test_the_production_lock_holds_what_runs_and_no_tool():
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"(?m)^([a-z0-9-]+==[^\s;]+)", (ROOT / name).read_text()))

    small, run, everything = (pinned(f"requirements{part}.txt") for part in ("-production", "", "-dev"))

    assert run <= small <= everything, "Every lock has the same versions."
    assert {line.split("==")[0] for line in small} & {"pytest", "mypy", "ruff", "playwright"} == set()
