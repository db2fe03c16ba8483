"""Taking in a file: what it is, how large, and whether we have it already."""

import hashlib
import warnings
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from config.support.errors import Fault
from content.activities.errors import AssetRefused
from content.activities.models import Asset
from content.activities.rules import MEGABYTE, FileKind, sniff

MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def store_asset(*, organization_id: int, name: str, file: "File[bytes]", now: datetime, alt: str = "") -> Asset:
    """
    Keep a file for the activities of an organization, and return it.

    Idempotent: the same bytes are kept once an organization; a description is added where there was none. What the file
    is, its first bytes decide. The bytes are written before the row, so a row never points to nothing.
    Raises AssetRefused for SVG, HTML and everything else that is not shown, and for what is too large.
    """
    found = check_asset(file)
    digest = _digest(file)
    path = f"assets/{organization_id}/{digest}.{found.ending}"
    if default_storage.exists(path) and default_storage.size(path) != file.size:
        # Half a file, left by a process that died while it wrote.
        default_storage.delete(path)
    if not default_storage.exists(path):
        file.seek(0)
        path = default_storage.save(path, file)
    with transaction.atomic():
        asset, __ = Asset.objects.get_or_create(
            organization_id=organization_id,
            sha256=digest,
            defaults={
                "name": " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:200] or path,
                "file": path,
                "content_type": found.content_type,
                "size": file.size,
                "alt": " ".join(alt.split())[:300],
                "created_at": now,
            },
        )
        if alt and not asset.alt:
            asset.alt = " ".join(alt.split())[:300]
            asset.save(update_fields=["alt"])
    return asset


def check_asset(file: "File[bytes]") -> FileKind:
    """Say what a file is, without keeping it. Raises AssetRefused for what could not be kept."""
    file.seek(0)
    head = file.read(4096)
    found = sniff(head)
    if found is None:
        raise _refusal(
            _("Use a PNG, JPEG, GIF or WebP picture, an MP4 or WebM film, or WebVTT captions. ")
            + _("SVG and HTML are not taken, because they can carry scripts.")
        )
    if file.size > found.largest:
        raise _refusal(
            _("This file has %(size)d MB. Make it smaller than %(most)d MB.")
            % {"size": round(file.size / MEGABYTE), "most": found.largest // MEGABYTE}
        )
    if found.content_type.startswith("image/"):
        _check_picture(file)
    if found.content_type == "text/vtt":
        _check_text(file)
    return found


def _check_picture(file: "File[bytes]") -> None:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow warns of very many pixels; our own limit below says it in words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as picture:
                width, height = picture.size
                picture.verify()
    except Image.DecompressionBombError as error:
        raise _refusal(_("This picture has too many pixels. Make it smaller than 40 million.")) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refusal(_("This picture is damaged. Save it again in the program it comes from.")) from error
    if width * height > MOST_PIXELS:
        raise _refusal(
            _("This picture is %(width)d by %(height)d pixels. Make it smaller than 40 million in all.")
            % {"width": width, "height": height}
        )


def _check_text(file: "File[bytes]") -> None:
    file.seek(0)
    try:
        file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(_("These captions are not UTF-8. Save them with that encoding.")) from error


def _digest(file: "File[bytes]") -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _refusal(sentence: str) -> AssetRefused:
    return AssetRefused(sentence, faults=[Fault("/file", sentence, "asset_refused")])
