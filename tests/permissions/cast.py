"""Two organizations that have one of everything, and a caller of every kind for the first."""

from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client

from config.accounts.actions import create_api_client, create_api_key
from config.accounts.actor import KEY_SCOPES, SCOPES
from config.accounts.models import ClientOrganization, Membership, Organization, User
from config.support.clock import now
from content.activities.actions import store_asset
from content.activities.models import Asset
from content.skills.actions import define_indicator, save_framework, save_skill
from content.uploads.actions import hold_upload
from content.uploads.models import HeldUpload, Purpose
from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.actions.journeys import start_draft
from journeys.authoring.actions.nudge_rules import add_nudge_rule
from journeys.authoring.models import JourneyVersion
from journeys.bundle.queries import bundle_archive
from learners.cohorts.actions import set_staff
from learners.cohorts.actions.keys import limit_key
from learners.cohorts.models import ApiKeyCohort, Cohort, Enrollment
from learners.nudges.links import Stop, unsubscribe_link
from learners.people.actions import ask_for_invitation, invite_member
from learners.people.models import InvitationMail
from learners.people.queries import invitation_token
from learners.progress.actions import Answer, ask_sign_off, complete_step
from learners.progress.models import Attempt, Completion, SignOff
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.models import Commitment, Reflection
from learners.rollout.actions import start_rollout
from learners.rollout.models import Rollout
from tests.api.world import member, new_key
from tests.factories.accounts import OrganizationFactory
from tests.factories.learners import CommitmentFactory, LiveSessionFactory, ReflectionFactory
from tests.factories.nudges import DeliveryEventFactory, NudgeDeliveryFactory, NudgeTimerFactory
from tests.learners.running import NOW, enrolled, published_version, running_cohort
from tests.permissions.visits import Visitor

OWNER, COLLEAGUE, FACILITATOR, MANAGER = "owner", "colleague", "facilitator", "manager"
LINE_MANAGER, DESIGNER, ADMINISTRATOR = "line manager", "designer", "administrator"
RIVAL, OPERATOR, ANONYMOUS = "other organization's administrator", "operator", "anonymous"
KEY, BLIND_KEY, LIMITED_KEY = "key with the scope", "key without the scope", "key of another cohort"

INSIDERS = frozenset({OWNER, COLLEAGUE, FACILITATOR, MANAGER, LINE_MANAGER, DESIGNER, ADMINISTRATOR})
MEMBERS = INSIDERS | {RIVAL}
PEOPLE = MEMBERS | {OPERATOR}
KEYS = frozenset({KEY, BLIND_KEY, LIMITED_KEY})
EVERYBODY = PEOPLE | KEYS | {ANONYMOUS}

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FRAMEWORK = b"conceptUri,preferredLabel\nhttps://skills.example/1,Listening\n"
KEYS_OF = {"studio-module": "first", "studio-nudge": "weekly"}
NUDGE: dict[str, Any] = {
    "key": "weekly",
    "category": "practice",
    "trigger": {"event": "weekly", "weekday": "thu", "at": "16:00"},
    "channels": ["email"],
    "texts": ["What did you try this week?"],
}
REPORT = {"report": ["I asked first."]}


@dataclass
class Rows:
    """One of everything that an organization has, around one learner."""

    organization: Organization
    version: JourneyVersion
    draft: JourneyVersion
    cohort: Cohort
    enrollment: Enrollment
    colleague: Enrollment
    reflection: Reflection
    commitment: Commitment
    sign_off: SignOff
    asset: Asset
    invitation: InvitationMail
    rollout: Rollout
    by_model: dict[type[Model], Model]
    uploads: dict[str, HeldUpload] = field(default_factory=dict)

    @property
    def learner(self) -> User:
        return self.enrollment.user

    def token(self, route: str) -> str:
        """Return the signed text of a link that is sent by mail."""
        if route == "unsubscribe":
            link = unsubscribe_link(Stop(person=self.learner.uuid, category="practice", channel="email"))
            return link.rstrip("/").rsplit("/", 1)[1]
        return invitation_token(self.invitation) if route == "invitation" else sign_off_token(self.sign_off)

    def address(self, route: str) -> dict[str, Any]:
        """Return what the named address takes for this organization's rows."""
        return {
            "enrollment": self.enrollment.uuid,
            "cohort": self.cohort.uuid,
            "journey": self.version.journey.uuid,
            "number": self.version.number,
            "journey_uuid": self.version.journey.uuid,
            "rollout_uuid": self.rollout.uuid,
            "reflection": self.reflection.uuid,
            "commitment": self.commitment.uuid,
            "version_uuid": self.draft.uuid,
            "uuid": self.asset.uuid,
            "upload_uuid": self.uploads["skills" if "skill" in route else "bundle"].uuid,
            "token": self.token(route),
            "cohort_id": self.cohort.pk,
            "enrollment_id": self.enrollment.pk,
            "key": KEYS_OF.get(route, "try-it"),
            "module_key": "first",
            "step_key": "meet" if "session" in route or "attendance" in route else "try-it",
            "act": "pause",
            "kind": "pause",
            "mail_id": "no-such-mail",
            "pk": 1,
            "uidb36": "1",
        }


@dataclass
class Cast:
    """own: the rows of the organization that all but the rival belong to. doors: what each met at the admin's door."""

    own: Rows
    foreign: Rows
    second: Cohort
    people: dict[str, User]
    secrets: dict[str, str]
    cookies: dict[str, dict[str, str]]
    doors: dict[str, str] = field(default_factory=dict)

    def visitor(self, role: str, *, check_csrf: bool = False) -> Visitor:
        """Return a new browser in which somebody is signed in, or a tool with its key."""
        cookies = SimpleCookie(self.cookies[role]) if role in self.cookies else None
        return Visitor(cookies=cookies, secret=self.secrets.get(role, ""), check_csrf=check_csrf)

    def blind(self, scope: str) -> Visitor:
        """Return a tool with a key that has every scope but this one."""
        return Visitor(secret=self.secrets[f"{BLIND_KEY} {scope if scope in SCOPES else 'people:read'}"])


def make_cast() -> Cast:
    """Build both organizations by the real actions, and everybody who calls."""
    own, foreign = furnish("Acme"), furnish("Rival")
    organization = own.organization
    people = {
        OWNER: own.learner,
        COLLEAGUE: own.colleague.user,
        FACILITATOR: member(organization),
        MANAGER: member(organization),
        LINE_MANAGER: member(organization),
        DESIGNER: member(organization, is_designer=True),
        ADMINISTRATOR: member(organization, is_administrator=True),
        RIVAL: member(foreign.organization, is_administrator=True, is_designer=True),
        OPERATOR: User.objects.create_superuser("operator@example.org"),
    }
    for role in (FACILITATOR, MANAGER):
        set_staff(cohort_id=own.cohort.pk, user_id=people[role].pk, role=role, actor_id=None, now=NOW)
    boss = Membership.objects.get(user=people[LINE_MANAGER])
    Membership.objects.filter(user=own.learner).update(manager=boss)
    second = running_cohort(own.version)
    for rows, sender in ((own, people[DESIGNER]), (foreign, people[RIVAL])):
        rows.uploads = {purpose: _sent(rows, sender, purpose) for purpose in Purpose.values}
    secrets = {KEY: new_key(organization, KEY_SCOPES), LIMITED_KEY: new_key(organization, KEY_SCOPES, second)}
    secrets |= {f"{BLIND_KEY} {scope}": new_key(organization, set(KEY_SCOPES) - {scope}) for scope in SCOPES}
    return Cast(own, foreign, second, people, secrets, {role: cookies_of(person) for role, person in people.items()})


def furnish(name: str) -> Rows:
    """Build an organization with one of everything."""
    version = published_version(OrganizationFactory(name=name, slug=name.lower()))
    organization = version.journey.organization
    cohort = running_cohort(version)
    enrollment = enrolled(cohort, f"learner@{name.lower()}.example", name=f"{name} Learner")
    colleague = enrolled(cohort, f"colleague@{name.lower()}.example", name=f"{name} Colleague")
    newcomer = invite_member(organization_id=organization.pk, email=f"new@{name.lower()}.example", now=NOW)
    sign_off = _practiced(enrollment, f"peer@{name.lower()}.example")
    draft = start_draft(journey_id=version.journey_id, author_id=None, now=NOW)
    add_nudge_rule(version_id=draft.pk, **NUDGE)
    rows = Rows(
        organization=organization,
        version=version,
        draft=draft,
        cohort=cohort,
        enrollment=enrollment,
        colleague=colleague,
        reflection=ReflectionFactory(enrollment=enrollment, step_key="look-back", audience="facilitator"),
        commitment=CommitmentFactory(enrollment=enrollment, step_key="plan"),
        sign_off=sign_off,
        asset=store_asset(organization_id=organization.pk, name="x.png", file=ContentFile(PICTURE), now=NOW),
        invitation=ask_for_invitation(membership_id=Membership.objects.get(user=newcomer).pk, actor_id=None, now=NOW),
        rollout=start_rollout(version_id=version.pk, policy="keep", cohort_ids=[cohort.pk], actor_id=None, now=NOW),
        by_model={},
    )
    LiveSessionFactory(cohort=cohort, step_key="meet")
    rows.by_model = _one_of_each(rows)
    return rows


def _sent(rows: Rows, sender: User, purpose: str) -> HeldUpload:
    """Let somebody send a file that was not confirmed yet: a bundle of the draft, or a framework."""
    bundle = bundle_archive(rows.draft.pk, key=rows.draft.journey.key)
    return hold_upload(
        organization_id=rows.organization.pk,
        user_id=sender.pk,
        purpose=purpose,
        name="first.zip",
        data=bundle if purpose == Purpose.BUNDLE else FRAMEWORK,
        now=now(),
    )


def _practiced(enrollment: Enrollment, signer: str) -> SignOff:
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    complete_step(enrollment_id=enrollment.pk, step_key="try-it", now=NOW, answer=Answer(REPORT, 1))
    return ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email=signer, now=NOW)


def _one_of_each(rows: Rows) -> dict[type[Model], Model]:
    """Make, or find, a row of every model that the administration shows."""
    organization, enrollment = rows.organization, rows.enrollment
    framework = save_framework(organization_id=organization.pk, key="ours", version="1", title="Ours")
    skill = save_skill(organization_id=organization.pk, framework_id=framework.pk, key="asking", title="Asking")
    indicator = define_indicator(
        organization_id=organization.pk,
        skill_key="asking",
        key="asks",
        text="Asks first",
        levels=["Never", "Always"],
        now=NOW,
    )
    key = create_api_key(
        organization_id=organization.pk,
        name="Old",
        scopes=["progress:read"],
        expires_at=NOW + timedelta(days=9),
        created_by_id=None,
        now=NOW,
    ).api_key
    limit_key(api_key_id=key.pk, cohort_ids=[rows.cohort.pk])
    client = create_api_client(
        organization_id=organization.pk, name="BI", scopes=["progress:read"], created_by_id=None, now=NOW
    )
    delivery = NudgeDeliveryFactory(enrollment=enrollment)
    found: list[Model] = [
        organization,
        rows.learner,
        Membership.objects.get(user=rows.learner),
        key,
        ApiKeyCohort.objects.get(api_key=key),
        ClientOrganization.objects.get(client_id=client.client_id),
        rows.version.journey,
        rows.version.steps.get(key="read").activity,
        framework,
        skill,
        indicator,
        save_calendar(organization_id=organization.pk, name="Plant", now=NOW),
        rows.cohort,
        enrollment,
        Completion.objects.filter(enrollment=enrollment)[0],
        Attempt.objects.get(enrollment=enrollment),
        rows.sign_off,
        NudgeTimerFactory(enrollment=enrollment),
        delivery,
        DeliveryEventFactory(delivery=delivery),
    ]
    return {type(row): row for row in found}


def cookies_of(person: User) -> dict[str, str]:
    """Return the cookies of somebody who signed in."""
    client = Client()
    client.force_login(person)
    return {name: cookie.value for name, cookie in client.cookies.items()}
