"""What settings say when a server starts in production, worked out by a start of its own."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
HOST = "waymark.example"
ENVIRONMENT = {
    "SECRET_KEY": "used-by-this-test-and-nowhere-else-0123456789-abcdefghijkl",
    "SITE_URL": f"https://{HOST}",
    "ALLOWED_HOSTS": HOST,
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "DATABASE_URL": "postgres://waymark@127.0.0.1/waymark",
    "WAYMARK_MODE": "",
}
# Which of them decide how an answer is guarded; the rest is about where things are.
GUARDS = (
    "SECURE_",
    "SESSION_COOKIE_",
    "CSRF_",
    "CONTENT_SECURITY_POLICY",
    "X_FRAME_OPTIONS",
    "PASSWORD_HASHERS",
    "DEBUG",
)
PROGRAM = """
import json
import config.settings
print(json.dumps({name: value for name, value in vars(config.settings).items() if name.isupper()}, default=str))
"""


@cache
def production_settings() -> dict[str, Any]:
    """Return every setting of a production start, as JSON types."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**kept, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def guards() -> dict[str, Any]:
    """Return the settings that guard answers, as a production start has them."""
    found = {name: value for name, value in production_settings().items() if name.startswith(GUARDS)}
    header = found.get("SECURE_PROXY_SSL_HEADER")
    return {**found, "SECURE_PROXY_SSL_HEADER": tuple(header) if header else None, "ALLOWED_HOSTS": [HOST]}
