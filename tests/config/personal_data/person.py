"""A person with something in every table, and a stranger beside them."""

import json
from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore

from config.accounts.models import ClientOrganization, IdempotentRequest, Membership, User
from config.events.actions import record
from content.uploads.actions import hold_upload
from content.uploads.models import Purpose
from journeys.authoring.models import Step
from journeys.studio.models import HeldForm
from learners.cohorts.models import Cohort, Enrollment
from learners.nudges.addresses import address_hash
from learners.people.models import InvitationMail
from tests.factories import accounts, learners, nudges

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def everything_about(email: str, name: str, mark: str, cohort: Cohort) -> User:
    """Give one person a row in every table that holds something about people; `mark` begins every text of theirs."""
    person: User = accounts.UserFactory(email=email, name=name, time_zone="Asia/Kolkata", last_login=NOW)
    membership = accounts.MembershipFactory(user=person, organization=cohort.organization, external_id=f"{mark}-hr-7")
    accounts.MembershipFactory(organization=cohort.organization, manager=membership)
    enrollment = learners.EnrollmentFactory(cohort=cohort, user=person, status="active")
    _work(person, enrollment, mark)
    _messages(person, enrollment, mark)
    _choices(person, membership, mark)
    _account(person, mark)
    _keys(person, cohort, mark)
    _sent(person, cohort, mark)
    _happened(person, enrollment, mark)
    return person


def _work(person: User, enrollment: Enrollment, mark: str) -> None:
    learners.EnrollmentAdjustmentFactory(enrollment=enrollment, reason=f"{mark} reason")
    learners.CompletionFactory(enrollment=enrollment, step=Step.objects.get(version=enrollment.version, key="read"))
    learners.ModuleOpeningFactory(enrollment=enrollment)
    learners.EnrollmentMoveFactory(enrollment=enrollment)
    attempt = learners.AttemptFactory(enrollment=enrollment, response={"report": [f"{mark} report"]})
    learners.SignOffFactory(attempt=attempt, comment=f"{mark} comment", state="confirmed")
    asked = {"report": ["theirs"], "sign_off": {"name": person.name, "email": person.email}}
    of_another = learners.AttemptFactory(enrollment__cohort=enrollment.cohort, response=asked)
    learners.SignOffFactory(signer=person, comment=f"{mark} said", attempt=of_another)
    learners.ReflectionFactory(enrollment=enrollment, prompt=f"{mark} prompt", text=f"{mark} reflection")
    learners.RatingFactory(enrollment=enrollment)
    commitment = learners.CommitmentFactory(enrollment=enrollment, cue=f"{mark} cue", response=f"{mark} response")
    learners.CheckInFactory(commitment=commitment, note=f"{mark} note")


def _messages(person: User, enrollment: Enrollment, mark: str) -> None:
    words: dict[str, Any] = {
        "text": f"{mark} text",
        "why": f"{mark} why",
        "detail": f"{mark} detail",
        "message_id": f"<{mark}@example.com>",
        "provider_id": f"{mark}-provider",
        "target": f"{mark}-target",
    }
    for state in ("planned", "sent"):
        sent = nudges.NudgeDeliveryFactory(
            enrollment=enrollment, state=state, sent_at=NOW if state == "sent" else None, **words
        )
        nudges.DeliveryEventFactory(delivery=sent, detail=f"{mark} told", provider_event_id=f"{mark}-{state}")
    to_other = {"recipient": accounts.UserFactory(), "enrollment": enrollment}
    told = nudges.NudgeDeliveryFactory(**to_other, **words)
    nudges.DeliveryEventFactory(delivery=told, detail=f"{mark} told of")
    nudges.NudgeTimerFactory(enrollment=enrollment, why=f"{mark} moment", fault=f"{mark} fault")
    nudges.NudgeTimerFactory(**to_other, why=f"{mark} moment of another")
    nudges.ContactBudgetFactory(user=person)
    nudges.SuppressionFactory(address_hash=address_hash(person.email), detail=f"{mark} refused")


def _choices(person: User, membership: Membership, mark: str) -> None:
    learners.PreferencesFactory(user=person)
    learners.ChannelChoiceFactory(user=person)
    learners.CohortStaffFactory(cohort__organization=membership.organization, user=person)
    learners.LiveSessionFactory(facilitator=person)
    InvitationMail.objects.create(
        membership=membership, asked_at=NOW, expires_at=NOW, detail=f"{mark} mailbox", state="sent"
    )


def _account(person: User, mark: str) -> None:
    address = EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key=f"{mark}-key")
    Authenticator.objects.create(user=person, type="totp", data={"secret": f"{mark}-secret"})
    app = SocialApp.objects.create(provider="openid_connect", provider_id=mark, name="Work", client_id="work")
    social = SocialAccount.objects.create(
        user=person, provider="openid_connect", uid=f"{mark}-uid", extra_data={"email": person.email}
    )
    SocialToken.objects.create(app=app, account=social, token=f"{mark}-token", token_secret=f"{mark}-more")
    app.delete()
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session.create()
    UserSession.objects.create(
        user=person, ip="192.0.2.7", session_key=session.session_key, user_agent=f"{mark} browser", data={"m": mark}
    )
    asking = SessionStore()
    asking["account_login_code"] = {"email": person.email}
    asking.create()


def _keys(person: User, cohort: Cohort, mark: str) -> None:
    accounts.ApiKeyFactory(organization=cohort.organization, created_by=person)
    client = Client.objects.create(name="Reports", owner=person)
    ClientOrganization.objects.create(
        client_id=client.pk, organization=cohort.organization, created_by=person, created_at=NOW
    )
    Token.objects.create(client=client, user=person, type="ac", hash=f"{mark}-hash", data={"m": mark})
    body = {"data": [{"email": person.email.upper(), "name": person.name}]}
    IdempotentRequest.objects.create(caller=f"user:{person.uuid}", key=mark, fingerprint="a", created_at=NOW, body={})
    IdempotentRequest.objects.create(caller="key:other", key="k" + mark[:1], fingerprint="b", created_at=NOW, body=body)


def _sent(person: User, cohort: Cohort, mark: str) -> None:
    """A file that waits to be confirmed, and entries of a form that were not saved yet."""
    sent = {"name": f"{mark}.zip", "data": mark.encode(), "now": NOW}
    hold_upload(organization_id=cohort.organization_id, user_id=person.pk, purpose=Purpose.BUNDLE, **sent)
    typed = {"place": f"modules/{mark}/", "fields": {"title": [mark]}, "edits": 0, "held_at": NOW}
    HeldForm.objects.create(version_id=cohort.version_id, user=person, **typed)


def _happened(person: User, enrollment: Enrollment, mark: str) -> None:
    for actor_id in (person.pk, None):
        record(
            organization_id=enrollment.cohort.organization_id,
            actor_id=actor_id,
            verb="step.completed",
            object_type="enrollment",
            object_uuid=enrollment.uuid,
            enrollment_uuid=enrollment.uuid,
            occurred_at=NOW,
            now=NOW,
        )
    kind = ContentType.objects.get_for_model(User)
    other = accounts.UserFactory(is_superuser=True)
    for user, shown in ((person, "Spring"), (other, f"{person.name} ({mark})")):
        LogEntry.objects.create(
            user=user, content_type=kind, object_id=str(person.pk), object_repr=shown, action_flag=CHANGE
        )
    message = json.dumps([{"added": {"name": "staff", "object": person.name}}])
    LogEntry.objects.create(user=other, object_id="9", object_repr="Spring", action_flag=CHANGE, change_message=message)
