"""Static files of the embedded run: collected and compressed once, again only when one of them has changed."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedStaticFilesStorage


class QuickCompressed(CompressedStaticFilesStorage):  # type: ignore[misc]
    """Compresses with gzip alone: a first start should take seconds, and nobody downloads these far."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(**{**kwargs, "use_brotli": False})


def collect_once() -> bool:
    """Collect and compress the static files unless that was done for these very files; returns whether it was done."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    edition = _edition()
    if stamp.exists() and stamp.read_text() == edition:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(edition)
    return True


def _edition() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}\n".encode())
    return digest.hexdigest()
