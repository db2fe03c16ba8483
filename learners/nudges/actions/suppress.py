"""Addresses that get nothing any more, and people who want less."""

from datetime import datetime

from django.db import transaction

from config.accounts.models import Membership, User
from config.events.actions import record
from learners.nudges.addresses import address_hash, known_hashes
from learners.nudges.links import Stop
from learners.nudges.models import Suppression
from learners.people.actions import set_channel_choice
from learners.people.rules import ALWAYS_ON


@transaction.atomic
def suppress_address(address: str, *, category: str = "", cause: str, detail: str = "", now: datetime) -> None:
    """Send nothing of this category ("" = nothing at all) to an address any more. Idempotent: the first cause stays."""
    Suppression.objects.bulk_create(
        [
            Suppression(
                address_hash=address_hash(address),
                category=category,
                cause=cause,
                detail=detail[:300],
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def stop_messages(stop: Stop, *, now: datetime) -> bool:
    """
    Stop one kind of message for one person at once, and tell whether there is such a person. Idempotent.

    Messages already planned are suppressed when their turn comes. Kinds that preferences cannot switch off, such as the
    request to confirm a practice, are stopped by the address.
    """
    person = User.objects.filter(uuid=stop.person).first()
    if person is None:
        return False
    if stop.category in ALWAYS_ON:
        suppress_address(person.email, category=stop.category, cause="asked", now=now)
    else:
        set_channel_choice(user_id=person.pk, category=stop.category, channel=stop.channel, is_on=False, now=now)
    _tell(person, stop, now=now)
    return True


@transaction.atomic
def allow_messages(stop: Stop, *, now: datetime) -> bool:
    """Take a stop back and tell whether there is such a person. Idempotent; a dead address stays suppressed."""
    person = User.objects.filter(uuid=stop.person).first()
    if person is None:
        return False
    if stop.category in ALWAYS_ON:
        asked = Suppression.objects.filter(category=stop.category, cause="asked")
        asked.filter(address_hash__in=known_hashes(person.email)).delete()
    else:
        set_channel_choice(user_id=person.pk, category=stop.category, channel=stop.channel, is_on=True, now=now)
    return True


def _tell(person: User, stop: Stop, *, now: datetime) -> None:
    """Record the act once in each organization of the person: it holds for all of them."""
    for organization_id in Membership.objects.filter(user=person).values_list("organization_id", flat=True):
        record(
            organization_id=organization_id,
            actor_id=person.pk,
            verb="nudge.opted_out",
            object_type="person",
            object_uuid=person.uuid,
            occurred_at=now,
            now=now,
            data={"category": stop.category, "channel": stop.channel},
        )
