"""The mail that invites a member, its link, and what becomes of both when the mail server is away."""

import re
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from config.accounts.models import Membership
from learners.people.actions import accept_invitation, ask_for_invitation, mail_invitation, mail_waiting_invitations
from learners.people.errors import HereAlready, InvitationOver
from learners.people.models import InvitationMail
from learners.people.queries import invitation_token
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
ADD = "admin:accounts_membership_add"
LIST = "admin:accounts_membership_changelist"
PASSWORD = "seven wide rivers"


class Away(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody listens")


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"ana@x.org": (550, b"no such user <ana@x.org>")})


AWAY = f"{__name__}.Away"
REFUSING = f"{__name__}.Refusing"


@pytest.fixture
def boss():
    return MembershipFactory(is_administrator=True, user__name="Bea Boss", organization__name="Harbor")


@pytest.fixture
def newcomer(boss):
    person = UserFactory(email="ana@x.org", name="Ana Lee")
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True)
    return MembershipFactory(user=person, organization=boss.organization)


def browser(membership):
    signed_in = Client()
    signed_in.force_login(membership.user)
    return signed_in


def asked(member, now=NOW):
    return ask_for_invitation(membership_id=member.pk, actor_id=None, now=now)


def link_in(message):
    return re.search(r"https?://[^/\s]+(/invitation/\S+)", message.body).group(1)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_inviting_somebody_sends_one_mail_with_a_link(boss):
    answer = browser(boss).post(
        reverse(ADD), {"email": "ana@x.org", "name": "Ana Lee", "is_designer": "on"}, follow=True
    )

    (message,) = mail.outbox
    assert message.to == ["Ana Lee <ana@x.org>"]
    for words in ("Bea Boss invites you to Harbor", "author and publish journeys", "/invitation/"):
        assert words in message.body
    assert "The invitation is on its way to ana@x.org" in said(answer)
    assert InvitationMail.objects.get().state == "sent"


def test_the_link_lets_the_person_choose_a_password_and_come_in(boss):
    browser(boss).post(reverse(ADD), {"email": "ana@x.org", "name": "Ana Lee", "is_learner": "on"})
    path, visitor = link_in(mail.outbox[0]), Client()

    shown = visitor.get(path)
    answer = visitor.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})

    assert b"Harbor" in shown.content
    assert answer.status_code == 302
    user = Membership.objects.get(user__email="ana@x.org").user
    assert user.check_password(PASSWORD)
    assert visitor.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


def test_a_look_at_the_link_changes_nothing(newcomer):
    path = reverse("invitation", args=[invitation_token(asked(newcomer))])

    answers = [Client().get(path).status_code for _ in range(2)]

    newcomer.user.refresh_from_db()
    assert answers == [200, 200]
    assert not newcomer.user.has_usable_password()


def test_a_password_that_is_refused_is_told_and_nothing_is_kept(newcomer):
    path = reverse("invitation", args=[invitation_token(asked(newcomer, datetime.now(UTC)))])

    answer = Client().post(path, {"new_password1": "abc", "new_password2": "abd"})

    assert answer.status_code == 422
    newcomer.user.refresh_from_db()
    assert not newcomer.user.has_usable_password()


def test_a_link_works_once_and_not_for_ever(newcomer):
    invitation = asked(newcomer)
    token = invitation_token(invitation)

    with pytest.raises(InvitationOver):
        accept_invitation(token=token, password=PASSWORD, now=NOW + timedelta(days=15))
    with pytest.raises(InvitationOver):
        accept_invitation(token=f"{token}x", password=PASSWORD, now=NOW)
    accept_invitation(token=token, password=PASSWORD, now=NOW + timedelta(days=13))
    with pytest.raises(InvitationOver):
        accept_invitation(token=token, password="another long one", now=NOW + timedelta(days=13))

    newcomer.user.refresh_from_db()
    assert newcomer.user.check_password(PASSWORD)
    answer = Client().post(
        reverse("invitation", args=[token]), {"new_password1": "another long one", "new_password2": "another long one"}
    )
    assert b"You are in already" in answer.content


def test_somebody_who_is_in_is_not_invited_again(boss):
    MembershipFactory(
        organization=boss.organization, user__email="ana@x.org", user__name="Ana Lee", user__last_login=NOW
    )

    answer = browser(boss).post(reverse(ADD), {"email": "Ana@x.org", "is_learner": "on"})

    assert "Ana Lee is a member already" in answer.content.decode()
    assert mail.outbox == []


def test_somebody_who_works_elsewhere_already_needs_no_mail(boss):
    known = MembershipFactory(user__email="ana@x.org", user__name="Ana Lee")
    known.user.set_password(PASSWORD)
    known.user.save()

    answer = browser(boss).post(reverse(ADD), {"email": "ana@x.org", "is_designer": "on"}, follow=True)

    assert Membership.objects.get(user=known.user, organization=boss.organization).is_designer
    assert "no mail was sent" in said(answer)
    assert mail.outbox == []


def test_somebody_who_was_invited_is_pointed_at_sending_again(boss):
    pages = browser(boss)
    pages.post(reverse(ADD), {"email": "ana@x.org", "is_learner": "on"})

    answer = pages.post(reverse(ADD), {"email": "ana@x.org", "is_learner": "on"})

    assert "was invited already" in answer.content.decode()
    assert "Send the invitation again" in answer.content.decode()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_loses_nothing_and_is_told(boss, settings):
    settings.EMAIL_BACKEND = AWAY

    answer = browser(boss).post(
        reverse(ADD), {"email": "ana@x.org", "name": "Ana Lee", "is_learner": "on"}, follow=True
    )

    assert Membership.objects.filter(user__email="ana@x.org").exists()
    assert "could not be sent yet: nobody listens" in said(answer)
    assert "was added successfully" not in said(answer)
    waiting = InvitationMail.objects.get()
    assert (waiting.state, waiting.tries, waiting.sent_at) == ("waiting", 1, None)


def test_what_waits_is_tried_again_and_sent_once(newcomer, settings):
    settings.EMAIL_BACKEND = AWAY
    invitation = mail_invitation(invitation_id=asked(newcomer).pk, now=NOW)
    assert invitation.state == "waiting"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    soon = mail_waiting_invitations(now=NOW + timedelta(minutes=1))
    later = mail_waiting_invitations(now=NOW + timedelta(minutes=5))
    again = mail_waiting_invitations(now=NOW + timedelta(minutes=10))

    assert (soon, later, again) == (0, 1, 0)
    assert len(mail.outbox) == 1


def test_a_server_that_stays_away_ends_in_a_row_that_says_so(newcomer, settings):
    settings.EMAIL_BACKEND = AWAY
    invitation = asked(newcomer)

    mail_waiting_invitations(now=NOW)
    mail_waiting_invitations(now=NOW + timedelta(days=2, minutes=1))

    invitation.refresh_from_db()
    assert (invitation.state, invitation.detail) == ("failed", "nobody listens")
    assert asked(newcomer).pk != invitation.pk


def test_an_address_that_is_refused_is_told_without_repeating_it(newcomer, settings):
    settings.EMAIL_BACKEND = REFUSING

    invitation = mail_invitation(invitation_id=asked(newcomer).pk, now=NOW)

    assert invitation.state == "failed"
    assert "ana@x.org" not in invitation.detail


def test_a_mail_whose_sender_ended_midway_is_not_sent_twice(newcomer):
    invitation = asked(newcomer)
    InvitationMail.objects.filter(pk=invitation.pk).update(state="sending", tried_at=NOW)

    mail_waiting_invitations(now=NOW + timedelta(minutes=20))

    invitation.refresh_from_db()
    assert invitation.state == "unknown"
    assert mail.outbox == []


def test_the_invitation_is_sent_again_from_the_list(boss, newcomer):
    chosen = {"action": "invite_again", "_selected_action": [newcomer.pk]}

    answer = browser(boss).post(reverse(LIST), chosen, follow=True)

    assert "1 invitation is sent" in said(answer)
    assert len(mail.outbox) == 1


def test_nobody_who_has_signed_in_gets_the_mail_again(boss, newcomer):
    newcomer.user.last_login = NOW
    newcomer.user.save()

    answer = browser(boss).post(
        reverse(LIST), {"action": "invite_again", "_selected_action": [newcomer.pk]}, follow=True
    )

    assert "Ana Lee has signed in already" in said(answer)
    assert mail.outbox == []
    with pytest.raises(HereAlready):
        asked(newcomer)


def test_an_administrator_invites_nobody_of_another_organization_again(boss):
    stranger = MembershipFactory(user__name="Canary")

    browser(boss).post(reverse(LIST), {"action": "invite_again", "_selected_action": [stranger.pk]}, follow=True)

    assert not InvitationMail.objects.exists()
    assert mail.outbox == []
