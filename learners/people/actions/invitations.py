"""Bringing people into an organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from config.accounts.models import Membership, Organization, User
from config.accounts.models.user import validate_zone
from config.events.actions import prepare
from config.events.models import ActivityEvent
from config.support.errors import Fault
from learners.people.errors import BadAddress, BadZone, OwnManager
from learners.people.queries import members_by_email

NAME_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    Who is to be a member. email is clean: lower case and checked.

    name and time_zone are taken for a person who is new to Waymark only: what people say about themselves stands.
    is_learner False is for people who are only named as somebody's manager.
    """

    email: str
    name: str = ""
    time_zone: str = ""
    manager_email: str = ""
    is_learner: bool = True


def clean_email(value: str) -> str:
    """Return the address in lower case without blanks around it. Raises BadAddress."""
    email = value.strip().strip("\u200b\ufeff").lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadAddress(faults=[Fault("/email", BadAddress.title)]) from error
    return email


def clean_zone(value: str) -> str:
    """Return the name of a zone as the IANA database writes it, or "" for none. Raises BadZone."""
    zone = value.strip()
    if zone:
        try:
            validate_zone(zone)
        except ValidationError as error:
            detail = f"“{zone}” is not a time zone. Use a name such as Europe/Paris."
            raise BadZone(detail, faults=[Fault("/time_zone", detail)]) from error
    return zone


@transaction.atomic
def invite_member(
    *,
    organization_id: int,
    email: str,
    name: str = "",
    time_zone: str = "",
    manager_email: str = "",
    is_administrator: bool = False,
    is_designer: bool = False,
    is_learner: bool = True,
    actor_id: int | None = None,
    now: datetime,
) -> User:
    """
    Make a person a member of the organization and return them; they sign in with a code sent to their address.

    Idempotent: a member stays one and keeps the roles they have; roles named here are added. A person without a time
    zone gets the organization's. Raises BadAddress, BadZone, OwnManager.
    """
    address = clean_email(email)
    invitation = Invitation(
        email=address,
        name=" ".join(name.split())[:NAME_LENGTH],
        time_zone=clean_zone(time_zone),
        manager_email=clean_email(manager_email) if manager_email.strip() else "",
        is_learner=is_learner,
    )
    if invitation.manager_email == address:
        raise OwnManager(faults=[Fault("/manager_email", OwnManager.title)])
    members = invite_members(organization_id=organization_id, invitations=[invitation], actor_id=actor_id, now=now)
    membership = members[address]
    roles = {"is_administrator": is_administrator, "is_designer": is_designer, "is_learner": is_learner}
    wanted = {role: True for role, given in roles.items() if given and not getattr(membership, role)}
    if wanted:
        Membership.objects.filter(pk=membership.pk).update(**wanted)
    return membership.user


@transaction.atomic
def invite_members(
    *, organization_id: int, invitations: Sequence[Invitation], actor_id: int | None, now: datetime
) -> dict[str, Membership]:
    """
    Make these people members and return every membership by address, those of their managers too.

    Invitations are clean (see clean_email, clean_zone). At most 10 queries on PostgreSQL, whatever their number. Two
    callers may invite the same person at once: constraints decide, and both get the same row.
    """
    organization = Organization.objects.get(pk=organization_id)
    wanted = {invitation.email: invitation for invitation in _with_managers(invitations)}
    people = _people(organization, wanted)
    members = members_by_email(organization_id=organization_id, emails=wanted)
    new = [email for email in wanted if email not in members]
    if new:
        Membership.objects.bulk_create(
            [
                Membership(user=people[email], organization=organization, is_learner=wanted[email].is_learner)
                for email in new
            ],
            ignore_conflicts=True,
        )
        members = members_by_email(organization_id=organization_id, emails=wanted)
        _tell([members[email] for email in new], actor_id=actor_id, now=now)
    _reactivate(members.values())
    _set_managers(invitations, members)
    return members


def _with_managers(invitations: Sequence[Invitation]) -> Iterable[Invitation]:
    for invitation in invitations:
        if invitation.manager_email:
            yield Invitation(email=invitation.manager_email, is_learner=False)
    # Later entries win, so a manager who is invited as a learner too keeps their own line.
    yield from invitations


def _people(organization: Organization, wanted: Mapping[str, Invitation]) -> dict[str, User]:
    known = {user.email: user for user in User.objects.filter(email__in=wanted)}
    missing = [invitation for email, invitation in wanted.items() if email not in known]
    if not missing:
        return known
    User.objects.bulk_create([_person(organization, invitation) for invitation in missing], ignore_conflicts=True)
    people = {user.email: user for user in User.objects.filter(email__in=wanted)}
    # Sign-in looks for the address here: the first mailed code then proves it, and nobody is asked for a second one.
    addresses = [
        EmailAddress(user=people[invitation.email], email=invitation.email, primary=True) for invitation in missing
    ]
    EmailAddress.objects.bulk_create(addresses, ignore_conflicts=True)
    return people


def _person(organization: Organization, invitation: Invitation) -> User:
    person = User(
        email=invitation.email, name=invitation.name, time_zone=invitation.time_zone or organization.time_zone
    )
    person.set_unusable_password()
    return person


def _tell(members: Sequence[Membership], *, actor_id: int | None, now: datetime) -> None:
    ActivityEvent.objects.bulk_create(
        [
            prepare(
                organization_id=member.organization_id,
                actor_id=actor_id,
                verb="person.invited",
                object_type="person",
                object_uuid=member.user.uuid,
                occurred_at=now,
                now=now,
            )
            for member in members
        ]
    )


def _reactivate(members: Iterable[Membership]) -> None:
    gone = [member.pk for member in members if not member.is_active]
    if gone:
        Membership.objects.filter(pk__in=gone).update(is_active=True)


def _set_managers(invitations: Sequence[Invitation], members: Mapping[str, Membership]) -> None:
    changed = []
    for invitation in invitations:
        if not invitation.manager_email:
            continue
        member, manager = members[invitation.email], members[invitation.manager_email]
        if member.manager_id != manager.pk:
            member.manager = manager
            changed.append(member)
    if changed:
        Membership.objects.bulk_update(changed, ["manager"])
