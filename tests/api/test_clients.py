"""Clients that are generated from the document are whole and work."""

import compileall
import importlib
import json
import subprocess
import sys

import httpx
import pytest
import time_machine

from config.api import document
from config.wsgi import application
from tests.api.clients import PACKAGE, Tool, generate
from tests.api.world import make_world, new_key
from tests.flows.people import crowd
from tests.learners.running import NOW
from tests.processes import body, prepare, served

EACH = 3


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    return generate(json.loads(json.dumps(document(), default=str)), tmp_path_factory.mktemp("client"))


@pytest.fixture
def client_of(generated, monkeypatch):
    """Return a client for an address and a key."""
    monkeypatch.syspath_prepend(str(generated.parent))
    yield lambda url, key, **more: importlib.import_module(PACKAGE).AuthenticatedClient(url, token=key, **more)
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_the_client_is_whole(generated):
    assert compileall.compile_dir(generated, quiet=2)
    assert len(list((generated / "api").rglob("*.py"))) > 30


@pytest.mark.django_db
def test_a_tool_written_with_the_client_does_its_job(client_of):
    with time_machine.travel(NOW, tick=False):
        world = make_world()
        key = new_key(world.organization, ["progress:read", "progress:write", "people:read"])
        Tool(
            client_of("http://testserver", key, httpx_args={"transport": httpx.WSGITransport(application)})
        ).does_its_job()


@pytest.mark.proof
def test_the_client_of_a_served_waymark_is_typed_and_does_its_job(client_of, generated, tmp_path):
    with served(prepare(tmp_path / "house")) as running:
        key = crowd(running, EACH)
        told = body(running.get("/api/v1/schema/?format=json"))
        fresh = generate(told, tmp_path)
        Tool(client_of(running.url, key)).does_its_job()

    assert sorted(path.name for path in fresh.rglob("*.py")) == sorted(path.name for path in generated.rglob("*.py"))
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", PACKAGE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
