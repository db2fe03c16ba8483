import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from content.activities.actions import assets as storing
from content.activities.actions import store_asset
from content.activities.errors import AssetRefused
from content.activities.models import Asset
from content.activities.rules import asset_paths_in
from tests.content.activities.files import HTML, MP4, SVG, VTT, WEBM, picture, upload
from tests.factories.accounts import OrganizationFactory

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def organization(db):
    return OrganizationFactory()


def store(organization, content, name="plan.png", **extra):
    return store_asset(organization_id=organization.pk, name=name, file=upload(content, name), now=NOW, **extra)


@pytest.mark.parametrize(
    ("content", "content_type", "ending"),
    [
        (picture("PNG"), "image/png", "png"),
        (picture("JPEG"), "image/jpeg", "jpg"),
        (picture("GIF"), "image/gif", "gif"),
        (picture("WEBP"), "image/webp", "webp"),
        (MP4, "video/mp4", "mp4"),
        (WEBM, "video/webm", "webm"),
        (VTT, "text/vtt", "vtt"),
        (b"\xef\xbb\xbf" + VTT, "text/vtt", "vtt"),
    ],
)
def test_a_file_is_what_its_bytes_say(organization, content, content_type, ending):
    asset = store(organization, content, "claims-to-be.html")

    assert asset.content_type == content_type
    assert str(asset.file).endswith(f".{ending}")
    assert asset.size == len(content)
    with asset.file.open("rb") as kept:
        assert kept.read() == content


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        b"",
        b"%PDF-1.7",
        b"MZ\x90\x00",
        b"GIF",
        b"RIFF0000WAVE",
        b"WEBVTTX",
        b"\x00\x00\x00\x18ftypqt  ",
        b" " + VTT,
    ],
)
def test_a_file_that_is_not_shown_is_refused_and_leaves_nothing(organization, media, content):
    with pytest.raises(AssetRefused, match="PNG, JPEG") as refusal:
        store(organization, content)

    assert refusal.value.faults[0].pointer == "/file"
    assert not Asset.objects.exists()
    assert not list(media.rglob("*.*"))


def test_a_damaged_picture_is_refused(organization):
    with pytest.raises(AssetRefused, match="damaged"):
        store(organization, picture("PNG")[:40])


def test_a_picture_of_too_many_pixels_is_refused(organization, monkeypatch):
    monkeypatch.setattr(storing, "MOST_PIXELS", 10)

    with pytest.raises(AssetRefused, match="4 by 3 pixels"):
        store(organization, picture("PNG"))


def test_a_file_that_is_too_large_is_refused_with_its_size(organization):
    with pytest.raises(AssetRefused, match="smaller than 1 MB"):
        store(organization, VTT + b"\n" * 1_000_000, "long.vtt")


def test_captions_in_another_encoding_are_refused(organization):
    with pytest.raises(AssetRefused, match="UTF-8"):
        store(organization, "WEBVTT\n\nZoë".encode("latin-1"))


def test_the_same_bytes_are_kept_once_an_organization(organization, media):
    first = store(organization, picture())
    again = store(organization, picture(), "other-name.png", alt="A green field")
    other = store(OrganizationFactory(), picture())

    assert again == first
    assert again.alt == "A green field"
    assert other != first
    assert len(list(media.rglob("*.png"))) == 2


def test_half_a_file_left_by_a_crash_is_written_anew(organization):
    asset = store(organization, MP4)
    path = str(asset.file)
    Path(default_storage.path(path)).write_bytes(MP4[:20])
    asset.delete()

    with store(organization, MP4).file.open("rb") as kept:
        assert kept.read() == MP4


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "C:\\plans\\plan.png", "a" * 500 + ".png", " "])
def test_a_name_is_only_a_name(organization, media, name):
    asset = store(organization, picture(), name)

    assert "/" not in asset.name.replace(str(asset.file), "")
    assert len(asset.name) <= 200
    assert Path(default_storage.path(str(asset.file))).is_relative_to(media)


def test_paths_of_own_files_are_found_wherever_they_are_named():
    values = [
        "See ![a](assets/a.png).",
        {"deep": ["assets/b/c.mp4", 3, None]},
        "assets/../x.png and https://x.example/assets/",
    ]

    assert asset_paths_in(values) == {"assets/a.png", "assets/b/c.mp4"}


def polyglots():
    """Return files that are a picture or captions and something else at once."""
    script = b"<script>alert(document.domain)</script>"
    return {
        "gif and script": picture("GIF") + b"*/=1;alert(1)//" + script,
        "jpeg and page": picture("JPEG") + b"<!doctype html>" + script,
        "png and zip": picture("PNG") + b"PK\x03\x04" + b"\x00" * 60,
        "png and php": picture("PNG") + b"<?php system($_GET['c']); ?>",
        "captions and page": VTT + script,
    }


@pytest.mark.parametrize("name", polyglots())
def test_a_file_that_is_two_things_is_only_ever_shown_as_the_harmless_one(organization, name):
    asset = store(organization, polyglots()[name], "page.html")

    assert asset.content_type in {"image/gif", "image/jpeg", "image/png", "text/vtt"}
    assert str(asset.file).rsplit(".", 1)[1] in {"gif", "jpg", "png", "vtt"}


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_does(organization):
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") + (60_000).to_bytes(4, "big")
    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")

    with pytest.raises(AssetRefused, match="pixels"):
        store(organization, bytes(bomb))


def test_a_zip_or_a_page_that_calls_itself_a_picture_is_refused(organization):
    for content in (b"PK\x03\x04" + b"\x00" * 100, b"<html>\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08" + b"\x00" * 50):
        with pytest.raises(AssetRefused):
            store(organization, content, "plan.png")


@pytest.mark.parametrize("name", ["a\x00b.png", "\u202egnp.exe", "con", "/etc/passwd", "a/../../b.png", "%2e%2e%2fx"])
def test_a_strange_name_reaches_no_path(organization, media, name):
    asset = store(organization, picture(), name)

    assert Path(default_storage.path(str(asset.file))).parent == media / "assets" / str(organization.pk)
    assert str(asset.file).endswith(f"{asset.sha256}.png")
