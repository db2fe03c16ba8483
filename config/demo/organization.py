"""The demo organization before anybody learns: people with roles, published journeys, cohorts, a key."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from config.accounts.actions import create_api_key
from config.accounts.actor import KEY_SCOPES
from config.accounts.keys import digest_of
from config.accounts.models import ApiKey, Membership, Organization, User
from config.demo.people import Person
from config.demo.sign_ins import SIGN_INS, DemoAccess
from journeys.authoring.models import JourneyVersion
from journeys.bundle.actions.importing import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.publishing.actions import publish_version
from learners.cohorts.actions.cohorts import create_cohort, schedule_live_session, set_staff
from learners.cohorts.actions.enrolling import enroll_many
from learners.cohorts.models import Cohort
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.rules.enrollment_list import read_enrollment_csv

ZONE = "Europe/Paris"
KEY_DAYS = 365


@dataclass(frozen=True, slots=True)
class Staff:
    """The signed-in people of the demo, by what they do."""

    organization: Organization
    designer: User
    manager: User
    facilitator: User


def found_organization(*, access: DemoAccess, now: datetime) -> Staff:
    """Create the organization with its five sign-ins and its key."""
    with transaction.atomic():
        organization = Organization.objects.create(slug="northlight", name="Northlight", time_zone=ZONE, is_demo=True)
        people = {sign_in.email: _sign_in(organization, sign_in.email, sign_in.name) for sign_in in SIGN_INS}
        set_password(access.password)
        ensure_key(organization, access.api_key, now=now)
    return Staff(
        organization=organization,
        designer=people["designer@example.com"],
        manager=people["manager@example.com"],
        facilitator=people["facilitator@example.com"],
    )


def _sign_in(organization: Organization, email: str, name: str) -> User:
    is_admin = email.startswith("admin")
    user = User.objects.create_user(email, name=name, time_zone=ZONE, is_superuser=is_admin)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Membership.objects.create(
        user=user,
        organization=organization,
        is_administrator=is_admin,
        is_designer=email.startswith("designer"),
        is_learner=email.startswith("learner"),
    )
    return user


def set_password(password: str) -> None:
    """Give the five sign-ins this password; one hash for all, because a slow one would delay every start."""
    people = User.objects.filter(email__in=[sign_in.email for sign_in in SIGN_INS])
    one = people.first()
    if one is not None and not one.check_password(password):
        people.update(password=make_password(password))


def ensure_key(organization: Organization, secret: str, *, now: datetime) -> None:
    """Make the demo key unless it is there already."""
    if ApiKey.objects.filter(digest=digest_of(secret)).exists():
        return
    create_api_key(
        organization_id=organization.pk,
        name="Demo",
        scopes=list(KEY_SCOPES),
        expires_at=now + timedelta(days=KEY_DAYS),
        created_by_id=None,
        now=now,
        secret=secret,
    )


def publish_samples(staff: Staff, *, now: datetime) -> dict[str, JourneyVersion]:
    """Import and publish the three sample journeys as the designer; by key."""
    published = {}
    for folder in sample_paths().values():
        draft = import_bundle(
            bundle=read_bundle(folder),
            organization_id=staff.organization.pk,
            author_id=staff.designer.pk,
            now=now,
        )
        version = publish_version(version_id=draft.pk, actor_id=staff.designer.pk, note="First version", now=now)
        published[version.journey.key] = version
    return published


def open_cohort(
    staff: Staff, version: JourneyVersion, *, name: str, starts_on: date, people: Sequence[Person], now: datetime
) -> Cohort:
    """Create a cohort with its staff and enroll its people from a list, as an administrator would."""
    cohort = create_cohort(
        organization_id=staff.organization.pk,
        version_id=version.pk,
        name=name,
        starts_on=starts_on,
        time_zone=ZONE,
        actor_id=staff.facilitator.pk,
        now=now,
    )
    for user, role in ((staff.facilitator, StaffRole.FACILITATOR), (staff.manager, StaffRole.MANAGER)):
        set_staff(cohort_id=cohort.pk, user_id=user.pk, role=role, actor_id=staff.designer.pk, now=now)
    rows = read_enrollment_csv(enrollment_csv(people)).rows
    enroll_many(cohort_id=cohort.pk, rows=rows, actor_id=staff.facilitator.pk, now=now, dry_run=False)
    return cohort


def enrollment_csv(people: Sequence[Person]) -> bytes:
    """Return the list of people as the file that an HR system would give."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["e-mail", "name", "time zone", "manager e-mail"])
    for person in people:
        writer.writerow([person.email, person.name, person.zone, "manager@example.com"])
    return text.getvalue().encode()


def plan_live_sessions(
    staff: Staff, cohort: Cohort, opens: dict[str, datetime], *, now: datetime
) -> dict[str, datetime]:
    """Schedule each live session two days after its step opens, at 15:00 in the cohort's zone; returns step → start."""
    planned = {}
    for step_key, opened in opens.items():
        day = opened.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=2)
        starts_at = datetime.combine(day, time(15), ZoneInfo(ZONE)).astimezone(UTC)
        schedule_live_session(
            cohort_id=cohort.pk,
            step_key=step_key,
            starts_at=starts_at,
            place="Room Cairn, or by video",
            facilitator_id=staff.facilitator.pk,
            actor_id=staff.facilitator.pk,
            now=now,
        )
        planned[step_key] = starts_at
    return planned
