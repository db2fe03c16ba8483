"""A file between two pages: one a person and purpose, and not for long."""

from datetime import UTC, datetime

import pytest

from config.accounts.actor import Actor
from content.uploads.actions import HELD_FOR, drop_upload, forget_expired_uploads, hold_upload
from content.uploads.errors import UploadGone
from content.uploads.models import HeldUpload, Purpose
from content.uploads.queries import held_upload
from content.uploads.tasks import forget_what_expired
from tests.factories.accounts import MembershipFactory

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def member():
    return MembershipFactory(is_designer=True)


def _hold(member, data=b"one", now=NOW, purpose=Purpose.BUNDLE, name="a.zip"):
    return hold_upload(
        organization_id=member.organization_id, user_id=member.user_id, purpose=purpose, name=name, data=data, now=now
    )


def test_a_file_is_given_back_to_its_sender_alone_until_its_time_is_over(member):
    held = _hold(member, bytes(range(256)))
    actor = Actor(member.organization_id, member.user_id)

    assert bytes(held_upload(actor, held.uuid, purpose=Purpose.BUNDLE, now=NOW).data) == bytes(range(256))
    for who, purpose, now in (
        (Actor(member.organization_id, MembershipFactory().user_id), Purpose.BUNDLE, NOW),
        (Actor(MembershipFactory().organization_id, member.user_id), Purpose.BUNDLE, NOW),
        (actor, Purpose.SKILLS, NOW),
        (actor, Purpose.BUNDLE, NOW + HELD_FOR),
    ):
        with pytest.raises(UploadGone):
            held_upload(who, held.uuid, purpose=purpose, now=now)


def test_a_newer_file_takes_the_place_and_not_the_address_of_an_older_one(member):
    first, second = _hold(member), _hold(member, b"two")
    _hold(member, b"three", purpose=Purpose.SKILLS)

    assert first.uuid != second.uuid
    assert [bytes(held.data) for held in HeldUpload.objects.order_by("purpose")] == [b"two", b"three"]


def test_whatever_expired_is_forgotten_by_the_next_upload_and_by_the_clock(member):
    _hold(member)
    _hold(MembershipFactory(), now=NOW + HELD_FOR)
    assert HeldUpload.objects.count() == 1

    assert forget_expired_uploads(now=NOW + HELD_FOR) == 0
    forget_what_expired()
    # The clock of this test lies ahead of the one on the wall, or behind it.
    assert HeldUpload.objects.filter(expires_at__lte=datetime.now(UTC)).count() == 0


def test_one_of_two_confirmations_gets_the_file(member):
    held = _hold(member)

    assert [drop_upload(upload_id=held.pk), drop_upload(upload_id=held.pk)] == [True, False]


def test_a_name_is_its_last_part_and_not_too_long(member):
    assert _hold(member, name="C:\\me\\..\\a\n b.zip").name == "a b.zip"
    assert len(_hold(member, name="x" * 400).name) == 200
