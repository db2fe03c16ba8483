"""The secret of the embedded run, made once and kept beside the data; and which commands need none."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.core.management.utils import get_random_secret_key

OFFLINE: Final = frozenset({"makemigrations", "collectstatic", "compilemessages", "makemessages", "help"})


def needs_files_alone(words: Sequence[str]) -> bool:
    """Say whether a command of manage.py reads files and does well without a database: the linter, the simulator."""
    return words[:1] == ["simulate"] or list(words[:2]) in (["journey", "check"], ["journey", "schemas"])


def needs_no_secret(words: Sequence[str]) -> bool:
    """Say whether a command of manage.py signs nothing; checks for a deployment judge the secret, so they need it."""
    return words[:1] == ["check"] and "--deploy" not in words or not OFFLINE.isdisjoint(words[:1])


def kept_secret(path: Path) -> str:
    """Return the secret in `path`; make one that only this user can read when there is none."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = get_random_secret_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret
