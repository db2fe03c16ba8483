from datetime import UTC, datetime

import pytest
from django.test import Client

from content.activities.actions import store_asset
from tests.content.activities.files import MP4, picture, upload
from tests.factories.accounts import MembershipFactory

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(db):
    return MembershipFactory()


def signed_in(membership):
    client = Client()
    client.force_login(membership.user)
    return client


def stored(membership, content):
    return store_asset(organization_id=membership.organization_id, name="x.bin", file=upload(content), now=NOW)


def body(response):
    return b"".join(response.streaming_content)


def test_a_member_sees_the_file_and_it_can_run_nothing(owner):
    asset = stored(owner, picture())

    response = signed_in(owner).get(f"/assets/{asset.uuid}/")

    assert response.status_code == 200
    assert body(response) == picture()
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("inline")
    assert "private" in response["Cache-Control"]
    assert "immutable" in response["Cache-Control"]


def test_a_colleague_sees_it_a_stranger_and_a_visitor_do_not(owner):
    asset = stored(owner, picture())
    colleague = MembershipFactory(organization=owner.organization)
    stranger = MembershipFactory()

    assert signed_in(colleague).get(f"/assets/{asset.uuid}/").status_code == 200
    assert signed_in(stranger).get(f"/assets/{asset.uuid}/").status_code == 404
    visitor = Client().get(f"/assets/{asset.uuid}/")
    assert visitor.status_code == 302
    assert "/accounts/login/" in visitor["Location"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=0-999999", 0, None)],
)
def test_a_player_gets_the_part_it_asks_for(owner, asked, first, last):
    asset = stored(owner, MP4)

    response = signed_in(owner).get(f"/assets/{asset.uuid}/", headers={"Range": asked})

    expected = MP4[first : None if last is None else last + 1]
    assert response.status_code == 206
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    assert response["Content-Range"].endswith(f"/{len(MP4)}")


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=9-3", "bytes=-0", "bytes=-"])
def test_a_part_that_is_not_there_is_refused(owner, asked):
    asset = stored(owner, MP4)

    response = signed_in(owner).get(f"/assets/{asset.uuid}/", headers={"Range": asked})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(MP4)}"


@pytest.mark.parametrize(
    "headers", [{"Range": "lines=1-2"}, {"Range": "bytes=0-1,5-6"}, {"Range": "bytes=0-1", "If-Range": '"old"'}]
)
def test_a_range_that_cannot_be_used_gives_the_whole_file(owner, headers):
    asset = stored(owner, MP4)

    response = signed_in(owner).get(f"/assets/{asset.uuid}/", headers=headers)

    assert response.status_code == 200
    assert body(response) == MP4


def test_a_file_that_was_not_changed_is_not_sent_again(owner):
    asset = stored(owner, MP4)
    client = signed_in(owner)

    response = client.get(f"/assets/{asset.uuid}/", headers={"If-None-Match": f'"{asset.sha256}"'})

    assert response.status_code == 304
    assert client.head(f"/assets/{asset.uuid}/").status_code == 200
    assert client.post(f"/assets/{asset.uuid}/").status_code == 405


def test_a_row_without_its_file_is_not_found(owner):
    asset = stored(owner, MP4)
    asset.file.storage.delete(str(asset.file))

    assert signed_in(owner).get(f"/assets/{asset.uuid}/").status_code == 404
