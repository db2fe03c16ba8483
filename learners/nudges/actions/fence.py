"""The last look before the intent: has anything that the guards read changed since?"""

from typing import Any, Final

from django.db import connection

from learners.nudges.addresses import known_hashes
from learners.nudges.models import NudgeDelivery

_OPTED_OUT: Final = (
    "EXISTS (SELECT 1 FROM learners_channelchoice WHERE user_id = %s AND category = %s AND channel = %s AND NOT is_on)"
)
_SUPPRESSED: Final = (
    "EXISTS (SELECT 1 FROM learners_suppression WHERE address_hash IN ({hashes}) AND category IN ('', %s))"
)
_MOVED_ON: Final = "NOT EXISTS (SELECT 1 FROM learners_enrollment WHERE id = %s AND revision = %s)"
_GONE: Final = "NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = %s AND is_active AND email = %s)"


class FactsChanged(Exception):
    """Something the guards had read is not true any more: they must be asked again."""


def require_unchanged(delivery: NudgeDelivery) -> None:
    """
    Raise FactsChanged when the person has opted out, gone or moved on, or the address was suppressed, since the guards.

    Runs in the transaction of the intent; one statement. The guards are asked for several messages at once to be
    quick; this makes sure that none leaves after such a fact was committed. The enrollment is as loaded with the
    delivery: every change of its facts writes another revision.
    """
    address = delivery.recipient.email
    hashes = known_hashes(address)
    conditions = [_OPTED_OUT, _SUPPRESSED.format(hashes=", ".join(["%s"] * len(hashes))), _GONE]
    values: list[Any] = [delivery.recipient_id, delivery.category, delivery.channel, *hashes, delivery.category]
    values += [delivery.recipient_id, address]
    if delivery.enrollment is not None:
        conditions.append(_MOVED_ON)
        values += [delivery.enrollment_id, delivery.enrollment.revision]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(conditions)}", values)
        if cursor.fetchone()[0]:
            raise FactsChanged
