"""The mail that invites a member: asked for in one transaction, sent in none, its fate kept in a row."""

import logging
import re
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Final
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from config.accounts.adapter import PATIENCE_SECONDS
from config.accounts.models import Membership, User
from learners.people.errors import HereAlready, InvitationOver, PersonErased
from learners.people.models import InvitationMail, MailState
from learners.people.queries import find_invitation, has_signed_in, invitation_token

logger = logging.getLogger(__name__)

VALID_FOR: Final = timedelta(days=14)
TRIED_AGAIN_AFTER: Final = timedelta(minutes=5)
TRIED_FOR: Final = timedelta(days=2)
# Nobody sends one mail for as long: whoever claimed it is gone.
SENDING_ENDS_AFTER: Final = timedelta(minutes=15)
AT_ONCE: Final = 50
_ADDRESS: Final = re.compile(r"[^\s<>@\"']+@[^\s<>@\"']+")


@transaction.atomic
def ask_for_invitation(*, membership_id: int, actor_id: int | None, now: datetime) -> InvitationMail:
    """
    Ask for one mail that invites a member, to be sent by mail_invitation once this is committed.

    While one waits it is returned instead, and tried at once. Raises HereAlready for somebody who has signed in or is
    not active, PersonErased.
    """
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
    if membership.user.erased_at is not None:
        raise PersonErased
    if has_signed_in(membership.user):
        raise HereAlready(_("%(name)s has signed in already and needs no invitation.") % {"name": membership.user})
    if not (membership.is_active and membership.user.is_active):
        raise HereAlready(_("%(name)s is not active. Make them active first.") % {"name": membership.user})
    under_way = InvitationMail.objects.filter(
        membership=membership, state__in=(MailState.WAITING, MailState.SENDING)
    ).first()
    if under_way is not None:
        return under_way
    return InvitationMail.objects.create(
        membership=membership, asked_by_id=actor_id, asked_at=now, expires_at=now + VALID_FOR
    )


def mail_invitation(*, invitation_id: int, now: datetime) -> InvitationMail:
    """
    Send an invitation that waits and keep what became of it; call it outside any transaction.

    Of two callers one sends. A mail server that is away leaves the invitation waiting, for mail_waiting_invitations.
    """
    claimed = InvitationMail.objects.filter(pk=invitation_id, state=MailState.WAITING).update(
        state=MailState.SENDING, tried_at=now
    )
    mails = InvitationMail.objects.select_related("membership__user", "membership__organization", "asked_by")
    invitation = mails.get(pk=invitation_id)
    if claimed:
        _send(invitation, now)
        invitation.save(update_fields=["state", "tries", "sent_at", "detail"])
    return invitation


def mail_waiting_invitations(*, now: datetime) -> int:
    """
    Try again every invitation that waits, at most every five minutes for two days; returns how many were sent.

    Also gives up those whose sender ended midway: nobody knows whether they left, so they are not sent twice.
    """
    stuck = InvitationMail.objects.filter(state=MailState.SENDING, tried_at__lt=now - SENDING_ENDS_AFTER)
    stuck.update(state=MailState.UNKNOWN)
    due = Q(tried_at__isnull=True) | Q(tried_at__lte=now - TRIED_AGAIN_AFTER)
    waiting = InvitationMail.objects.filter(due, state=MailState.WAITING).order_by("id")
    ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    return sum(mail_invitation(invitation_id=pk, now=now).state == MailState.SENT for pk in ids)


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> User:
    """
    Give the invited person the password they chose; the link proves that the address is theirs.

    Raises InvitationOver for a link that was altered, is too old or has done its work.
    """
    invitation = find_invitation(token)
    if invitation is None or invitation.expires_at < now:
        raise InvitationOver
    user = User.objects.select_for_update().get(pk=invitation.membership.user_id)
    if has_signed_in(user) or not user.is_active:
        raise InvitationOver
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
    return user


def _send(invitation: InvitationMail, now: datetime) -> None:
    invitation.tries += 1
    try:
        _message(invitation).send()
    except (OSError, AnymailError) as error:
        invitation.detail = _ADDRESS.sub("[address]", " ".join(str(error).split()))[:300] or type(error).__name__
        is_over = _is_final(error) or now - invitation.asked_at > TRIED_FOR
        invitation.state = MailState.FAILED if is_over else MailState.WAITING
        logger.warning("An invitation could not be sent (%s)", type(error).__name__)
    else:
        invitation.state, invitation.sent_at, invitation.detail = MailState.SENT, now, ""


def _is_final(error: Exception) -> bool:
    """A server that refused this address or this mail for good (5xx) would refuse it again."""
    recipients = getattr(error, "recipients", None)
    codes = [code for code, _reply in recipients.values()] if isinstance(recipients, dict) else []
    return any(code >= 500 for code in codes) or getattr(error, "smtp_code", 0) in range(550, 560)


def _message(invitation: InvitationMail) -> EmailMessage:
    membership = invitation.membership
    user = membership.user
    path = reverse("invitation", args=[invitation_token(invitation)])
    with translation.override(user.locale):
        context = {
            "user": user,
            "organization": membership.organization,
            "asked_by": invitation.asked_by,
            "membership": membership,
            "link": f"{settings.SITE_URL}{path}",
            "until": invitation.expires_at,
        }
        subject = _("You are invited to %(organization)s on Waymark") % {"organization": membership.organization}
        text = render_to_string("learners/people/invitation_mail.txt", context)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        to=[formataddr((" ".join(user.name.split()), user.email)) if user.name else user.email],
        headers={"Message-ID": f"<invitation-{invitation.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=PATIENCE_SECONDS),
    )
