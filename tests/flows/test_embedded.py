"""`manage.py serve`: three parts in one process, started and stopped as a person does it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import ROOT, free_port
from tests.processes import Served, body, environment, eventually, prepare, served

pytestmark = pytest.mark.flow


def _children(pid: int) -> list[int]:
    tasks = f"/proc/{pid}/task"
    return [int(c) for t in os.listdir(tasks) for c in open(f"{tasks}/{t}/children").read().split()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(prepare(tmp_path_factory.mktemp("embedded"))) as one:
        yield one


def test_a_second_serve_on_the_same_folder_is_refused(running):
    second = running.manage("serve", "--port", "0", check=False)

    assert second.returncode != 0
    assert "already running" in second.stderr


def test_a_taken_port_is_told_in_one_line(running, tmp_path):
    port = running.url.rsplit(":", 1)[1]
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]
    variables = environment(tmp_path, PORT=port)
    second = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    assert second.returncode != 0
    assert f"Port {port} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_serving_process_carries_no_driver_that_it_does_not_use(running):
    maps = (Path("/proc") / str(running.process.pid) / "maps").read_text()

    assert "sqlite" in maps
    assert "psycopg" not in maps


def test_serve_ticks_and_stops_with_exit_0_and_no_orphan(running):
    eventually(lambda: body(running.get("/readyz"))["checks"]["tick_age_seconds"] is not None, what=running.log)
    children = _children(running.process.pid)

    code = running.stop(signal.SIGINT)

    assert code == 0, running.log()
    assert [pid for pid in children if os.path.exists(f"/proc/{pid}")] == []


def test_a_production_server_refuses_an_in_memory_broker(tmp_path):
    variables = environment(tmp_path, SECRET_KEY="x" * 50, DJANGO_SETTINGS_MODULE="config.settings")
    command = [sys.executable, "-c", "import config.wsgi"]
    result = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode != 0
    assert "REDIS_URL is not set" in result.stderr


def test_a_production_server_refuses_to_start_without_a_secret(tmp_path):
    variables = environment(tmp_path, DJANGO_SETTINGS_MODULE="config.settings", REDIS_URL="redis://127.0.0.1:1/0")
    command = [sys.executable, "-c", "import config.wsgi"]
    result = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr


@pytest.mark.fault
def test_a_start_that_is_stopped_while_it_prepares_leaves_nothing_half_done(tmp_path):
    log = tmp_path / "serve.log"
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--demo"]
    variables = environment(tmp_path, PORT=str(free_port()))
    with log.open("wb") as out, subprocess.Popen(command, env=variables, stdout=out, stderr=out) as process:
        eventually(lambda: "week 1 of" in log.read_text(), seconds=90, what=log.read_text)
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
        code = process.wait(30)

    assert code == 1
    assert "Stopped before the database was ready" in log.read_text()
    assert "Traceback" not in log.read_text()
    assert children
    assert [pid for pid in children if os.path.exists(f"/proc/{pid}")] == []
    assert not (tmp_path / "waymark.sqlite3").exists()


def test_only_serve_prepares(tmp_path):
    variables = environment(tmp_path, SECRET_KEY="x" * 50)
    command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
    result = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "elsewhere run `manage.py migrate`" in result.stderr
