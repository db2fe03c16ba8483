"""How people want to be reached, and who a member is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.core import signing

from config.accounts.models import Membership, User
from config.support.prepared import Prepared, wholes
from learners.people.models import ChannelChoice, InvitationMail, Preferences
from learners.people.rules import ContactRules

_INVITATION: Final = "learners.people.invitation"

_opted_out: Final = Prepared(
    lambda: ChannelChoice.objects.filter(user_id__in=wholes("people"), is_on=False).values_list(
        "user_id", "category", "channel"
    )
)
_people: Final = Prepared(
    lambda: (
        User.objects.filter(pk__in=wholes("people"))
        .select_related("preferences")
        .only("id", "time_zone", "preferences")
    )
)


def get_preferences(user_id: int) -> Preferences:
    """Return the person's preferences, or unsaved ones with the defaults; one query."""
    return Preferences.objects.filter(user_id=user_id).first() or Preferences(user_id=user_id)


def contact_rules(user_ids: Collection[int]) -> Mapping[int, ContactRules]:
    """
    Return how each of these people may be reached, by user id; two queries, whatever their number.

    A person without own preferences gets the defaults. Unknown ids are left out.
    """
    off: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for user_id, category, channel in _opted_out(people=user_ids):
        off[user_id].add((category, channel))
    return {person.pk: _rules_of(person, frozenset(off.get(person.pk, ()))) for person in _people(people=user_ids)}


def _rules_of(person: User, off: frozenset[tuple[str, str]]) -> ContactRules:
    preferences = getattr(person, "preferences", None) or Preferences(user=person)
    return ContactRules(
        zone=person.time_zone,
        quiet_from=preferences.quiet_from,
        quiet_until=preferences.quiet_until,
        quiet_days=frozenset(preferences.quiet_days),
        paused_until=preferences.paused_until,
        off=off,
    )


def channel_choices(user_id: int) -> dict[tuple[str, str], bool]:
    """Return what the person chose, by (category, channel); a pair that is absent is on. One query."""
    rows = ChannelChoice.objects.filter(user_id=user_id)
    return {(row.category, row.channel): row.is_on for row in rows}


def members_by_email(*, organization_id: int, emails: Collection[str]) -> dict[str, Membership]:
    """Return the organization's memberships by lower-case address, with their people and managers; one query."""
    wanted = {email.strip().lower() for email in emails}
    rows = Membership.objects.filter(organization_id=organization_id, user__email__in=wanted)
    return {row.user.email: row for row in rows.select_related("user", "manager__user")}


def has_signed_in(user: User) -> bool:
    """Tell whether the person has ever come in, or could with a password of their own. No query."""
    return user.last_login is not None or user.has_usable_password()


def invitation_token(invitation: InvitationMail) -> str:
    """Return the text of the signed link, the same for a mail that is tried again. Its end is in the row."""
    return signing.Signer(salt=_INVITATION).sign(invitation.uuid.hex)


def find_invitation(token: str) -> InvitationMail | None:
    """Return the invitation that a signed link means, or None for a text that we did not sign. One query."""
    try:
        uuid = UUID(signing.Signer(salt=_INVITATION).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    mails = InvitationMail.objects.select_related("membership__user", "membership__organization", "asked_by")
    return mails.filter(uuid=uuid).first()


def member_here(*, organization_id: int, email: str) -> Membership | None:
    """
    Return the membership of somebody who needs no invitation: they have signed in, or one was asked for. Two queries.

    Somebody who was only named as a manager, or who was enrolled and never came, may still be invited.
    """
    member = members_by_email(organization_id=organization_id, emails=[email]).get(email)
    if member is None or not member.is_active:
        return None
    return member if has_signed_in(member.user) or member.invitations.exists() else None
