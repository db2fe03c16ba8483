"""The five demo sign-ins, and where their secrets are kept for the start-up message."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo person: address, name, what signing in as them shows, and the name of the address they begin at."""

    email: str
    name: str
    sees: str
    begins_at: str


SIGN_INS = (
    SignIn("designer@example.com", "Dalia Haddad", "the designer: authors journeys", "studio-journeys"),
    SignIn("learner@example.com", "Lena Fischer", "a learner: four weeks into a journey", "today"),
    SignIn("manager@example.com", "Marco Rossi", "a manager: sees how a cohort moves", "cohorts"),
    SignIn("facilitator@example.com", "Farah Aziz", "a facilitator: runs a cohort", "cohorts"),
    SignIn("admin@example.com", "Ada Novak", "the administrator: sees everything", "admin:index"),
)


@dataclass(frozen=True, slots=True)
class DemoAccess:
    """The password of the five sign-ins and the demo API key, in clear: a demo has nothing to protect."""

    password: str
    api_key: str


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"


def kept_access() -> DemoAccess:
    """
    Return password and key: from DEMO_PASSWORD and DEMO_API_KEY where set, else as kept since the first start.

    Makes and keeps them (readable by this user only) on the first call.
    """
    kept = json.loads(_file().read_text()) if _file().exists() else {}
    access = DemoAccess(
        password=settings.DEMO_PASSWORD or kept.get("password") or secrets.token_urlsafe(9),
        api_key=settings.DEMO_API_KEY or kept.get("api_key") or f"wm_{secrets.token_urlsafe(32)}",
    )
    content = json.dumps({"password": access.password, "api_key": access.api_key})
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    return access
