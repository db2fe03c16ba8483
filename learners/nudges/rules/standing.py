"""The first guard as far as a row can answer it: may this person still be written to about this journey at all?"""

from dataclasses import dataclass
from typing import Final

from learners.nudges.rules.built_in import SIGN_OFF, WELCOME

PAUSED: Final = "paused"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class RowStanding:
    """
    What rows say about a recipient.

    status: of the enrollment, "" for a message without one. has_joined: they have opened the journey.
    is_active: the account is open. is_member: they belong to the organization.
    """

    rule_key: str
    status: str
    is_active: bool
    is_member: bool
    has_joined: bool = False
    rule_is_known: bool = True


def refused_by_row(row: RowStanding) -> str | None:
    """Return why the message is not needed any more, in words, or None when the row has no objection."""
    if not row.is_active:
        return "The person's account is closed"
    if row.rule_key == SIGN_OFF:
        return "The learner has left the journey" if row.status == WITHDRAWN else None
    if not row.is_member:
        return "The person has left the organization"
    if row.status == WITHDRAWN:
        return "The person has left the journey"
    if row.status == PAUSED:
        return "The journey is paused for this person"
    if row.rule_key == WELCOME:
        return "The person has opened the journey already" if row.has_joined else None
    return None if row.rule_is_known else "The rule is no longer part of this journey version"
