"""Error reports, received by a server on loopback: they tell where it broke, and nothing of anybody."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from tests.loopback import ROOT
from tests.processes import environment

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}
TEXT = "I was too proud to ask."
BREAK = f"""
from config.wsgi import application
import config.urls, sentry_sdk
from django.test import RequestFactory
from django.urls import path

def broken(request):
    text = {TEXT!r}
    raise RuntimeError("could not save " + text)

config.urls.urlpatterns.insert(0, path("broken/", broken))
asked = RequestFactory().get("/broken/?token=secret-token", headers={{"cookie": "sessionid=secret-cookie"}})
list(application(asked.environ, lambda *answer: print(answer[0])))
sentry_sdk.flush(10)
"""


@contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server that keeps what it is sent, and what it kept."""
    kept: list[str] = []

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.append(UNPACK[self.headers["Content-Encoding"]](body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://public@127.0.0.1:{server.server_port}/1", kept
    finally:
        server.shutdown()
        server.server_close()


def run(code: str, folder, **more: str) -> "subprocess.CompletedProcess[str]":
    variables = environment(
        folder, WAYMARK_MODE="test", ALLOWED_HOSTS="testserver", DJANGO_SETTINGS_MODULE="config.settings", **more
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=variables, capture_output=True, text=True)


def test_an_error_is_reported_without_what_anybody_wrote(tmp_path):
    with receiver() as (dsn, kept):
        told = run(BREAK, tmp_path, SENTRY_DSN=dsn)

    assert told.returncode == 0, told.stderr
    event = next(json.loads(line) for line in "\n".join(kept).splitlines() if '"exception"' in line)
    assert event["exception"]["values"][0]["type"] == "RuntimeError"
    assert event["request"]["method"] == "GET"
    assert "broken" in event["transaction"]
    for private in (TEXT, "too proud", "secret-token", "secret-cookie"):
        assert private not in "\n".join(kept)


def test_without_an_address_nothing_is_started(tmp_path):
    told = run("import django; django.setup(); import sentry_sdk; print(sentry_sdk.get_client().is_active())", tmp_path)

    assert told.stdout.strip() == "False", told.stderr
