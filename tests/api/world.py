"""Two organizations with data that could leak, and callers of every kind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from config.accounts.actions import create_api_key
from config.accounts.actor import SCOPES
from config.accounts.models import Membership, Organization, User
from config.events.actions import sequence_events
from learners.cohorts.actions.keys import limit_key
from learners.cohorts.models import Cohort, Enrollment
from learners.progress.actions import complete_step
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.running import NOW, enrolled, published_version, running_cohort

V1 = "/api/v1"


@dataclass
class Caller:
    """Somebody who calls the API: with a secret, or with a session."""

    client: Client
    secret: str = ""

    def _send(self, method: str, path: str, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        address = path if path.startswith("/api") else f"{V1}{path}"
        if "json" in more:
            more["data"], more["content_type"] = more.pop("json"), "application/json"
        return getattr(self.client, method)(address, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self._send("get", path, **more)

    def post(self, path: str, **more: Any) -> Any:
        return self._send("post", path, **more)

    def patch(self, path: str, **more: Any) -> Any:
        return self._send("patch", path, **more)


@dataclass
class World:
    """`organization` with one running cohort of two learners, a second cohort of one, and `other`, a stranger's."""

    organization: Organization
    cohort: Cohort
    second: Cohort
    ada: Enrollment
    ben: Enrollment
    cleo: Enrollment
    other: Organization
    other_cohort: Cohort
    oda: Enrollment
    administrator: User
    designer: User
    facilitator: User
    manager: User
    line_manager: User
    stranger: User


def make_world() -> World:
    """Build both organizations with the real actions."""
    version = published_version(OrganizationFactory(name="Acme"))
    organization = version.journey.organization
    cohort = running_cohort(version)
    second = running_cohort(version)
    foreign = published_version(OrganizationFactory(name="Rival"))
    other_cohort = running_cohort(foreign)
    ada = enrolled(cohort, "ada@example.com", name="Ada Canary")
    ben = enrolled(cohort, "ben@example.com", name="Ben Canary")
    complete_step(enrollment_id=ada.pk, step_key="read", now=NOW)
    world = World(
        organization=organization,
        cohort=cohort,
        second=second,
        ada=ada,
        ben=ben,
        cleo=enrolled(second, "cleo@example.com", name="Cleo Canary"),
        other=foreign.journey.organization,
        other_cohort=other_cohort,
        oda=enrolled(other_cohort, "oda@example.com", name="Oda Canary"),
        administrator=member(organization, is_administrator=True),
        designer=member(organization, is_designer=True),
        facilitator=member(organization),
        manager=member(organization),
        line_manager=member(organization),
        stranger=member(foreign.journey.organization, is_administrator=True),
    )
    CohortStaffFactory(cohort=cohort, user=world.facilitator)
    CohortStaffFactory(cohort=cohort, user=world.manager, role="manager")
    boss = Membership.objects.get(user=world.line_manager)
    Membership.objects.filter(user=ben.user, organization=organization).update(manager=boss)
    sequence_events()
    for enrollment in (ada, ben, world.cleo, world.oda):
        enrollment.refresh_from_db()
    return world


def member(organization: Organization, **roles: bool) -> User:
    """Return somebody new who belongs to an organization."""
    user: User = MembershipFactory(organization=organization, **roles).user
    return user


def with_key(
    organization: Organization, scopes: Collection[str] = tuple(SCOPES), *, cohorts: Collection[Cohort] = ()
) -> Caller:
    """Return a caller with a new key."""
    return Caller(Client(), new_key(organization, scopes, *cohorts))


def new_key(organization: Organization, scopes: Collection[str], *cohorts: Cohort, now: datetime = NOW) -> str:
    """Return the secret of a new key, which is limited to these cohorts if there are any."""
    made = create_api_key(
        organization_id=organization.pk,
        name="Tool",
        scopes=scopes,
        expires_at=now + timedelta(days=300),
        created_by_id=None,
        now=now,
    )
    if cohorts:
        limit_key(api_key_id=made.api_key.pk, cohort_ids=[cohort.pk for cohort in cohorts])
    return made.secret


def signed_in(user: User, *, check_csrf: bool = False) -> Caller:
    """Return a caller with the session of a page."""
    client = Client(enforce_csrf_checks=check_csrf)
    client.force_login(user)
    return Caller(client)


def anonymous() -> Caller:
    """Return a caller whom nobody knows."""
    return Caller(Client())
