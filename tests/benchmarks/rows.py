"""Loads people by the hundred thousand: a few are made by the product's own actions, the rest are copies of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, models

from config.accounts.actions import create_api_key
from config.accounts.actor import SCOPES
from config.accounts.models import Membership, Organization, User
from config.support.clock import now as real_now
from journeys.authoring.models import JourneyVersion
from journeys.bundle.actions import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.publishing.actions import publish_version
from learners.cohorts.actions import create_cohort, enroll, mark_joined
from learners.cohorts.models import Cohort, Enrollment
from learners.progress.models import Completion

SAMPLES = Path("journeys/bundle/samples")
# People of one organization live in a handful of zones; all of these are in the middle of their day at 15:00 UTC.
ZONES = (
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Warsaw",
    "Africa/Lagos",
    "Africa/Cairo",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
)


@dataclass
class House:
    """
    An organization with a published journey, running cohorts, and a key that may do everything.

    copied: (enrollment made by the action, how many copies with the ids behind it).
    """

    organization: Organization
    version: JourneyVersion
    cohorts: list[Cohort]
    secret: str
    now: datetime
    copied: list[tuple[Enrollment, int]] = field(default_factory=list)

    @property
    def people(self) -> models.QuerySet[Enrollment]:
        """Every enrollment in the order in which they were made."""
        return Enrollment.objects.order_by("pk")


def found_house(*, cohorts: int = 1, journey: str = "judgment-with-ai", now: datetime | None = None) -> House:
    """Found an organization by the product's actions; its cohorts began twelve days ago."""
    now = now or real_now()
    organization = Organization.objects.create(slug="bench", name="Bench", time_zone="Europe/Paris")
    bundle = read_bundle(SAMPLES / journey)
    version = import_bundle(bundle=bundle, organization_id=organization.pk, author_id=None, now=now)
    publish_version(version_id=version.pk, actor_id=None, now=now)
    key = create_api_key(
        organization_id=organization.pk,
        name="Bench",
        scopes=tuple(SCOPES),
        expires_at=now + timedelta(days=300),
        created_by_id=None,
        now=now,
    )
    made = [
        create_cohort(
            organization_id=organization.pk,
            version_id=version.pk,
            name=f"Cohort {number}",
            starts_on=(now - timedelta(days=12)).date(),
            now=now - timedelta(days=13),
        )
        for number in range(cohorts)
    ]
    return House(organization, version, made, key.secret, now)


def add_people(house: House, count: int, *, zones: Sequence[str] = ("Europe/Paris",)) -> None:
    """
    Enroll `count` more people, spread over the cohorts and zones; their roll-ups are those of people at work.

    One person a zone is enrolled by the action and has seen the journey; the others are copies.
    """
    for number, zone in enumerate(zones):
        share = count // len(zones) + (1 if number < count % len(zones) else 0)
        if share:
            _add_in_zone(house, share, zone)


def _add_in_zone(house: House, count: int, zone: str) -> None:
    begun = house.now - timedelta(days=12)
    before = User.objects.count()
    first = enroll(
        cohort_id=house.cohorts[0].pk,
        email=f"first{before}@example.com",
        name=f"First {before}",
        time_zone=zone,
        actor_id=None,
        now=begun,
    )
    mark_joined(enrollment_id=first.pk, now=begun)
    house.copied.append((first, count - 1))
    if count == 1:
        return
    user = clone(
        User,
        first.user_id,
        count - 1,
        email=f"'person' || ({before} + n) || '@example.com'",
        name=f"'Person ' || ({before} + n)",
    )
    member = Membership.objects.get(user_id=first.user_id).pk
    clone(Membership, member, count - 1, user_id=f"{user} - 1 + n")
    cohorts = "ARRAY[" + ", ".join(str(cohort.pk) for cohort in house.cohorts) + "]"
    clone(
        Enrollment,
        first.pk,
        count - 1,
        user_id=f"{user} - 1 + n",
        cohort_id=f"({cohorts})[1 + mod(n, {len(house.cohorts)})]",
        needs_arming="FALSE",
    )


def move_on(house: House) -> None:
    """Bring everybody somewhere: as many steps as their number says, deadlines before and behind, some through."""
    modules = house.version.modules.count()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE learners_enrollment SET
                completed = mod(id, required + 1),
                practiced = mod(id, 5),
                current_position = 1 + mod(id, {modules}),
                status = CASE WHEN mod(id, 20) = 0 THEN 'withdrawn' WHEN mod(id, 20) = 1 THEN 'paused'
                    WHEN mod(id, 20) < 5 THEN 'completed' WHEN mod(id, 20) = 5 THEN 'invited' ELSE 'active' END,
                next_due_at = CASE WHEN mod(id, 20) > 4
                    THEN %s::timestamptz + (mod(id, 29) - 9) * interval '7 hours' END,
                last_activity_at = %s::timestamptz - mod(id, 12) * interval '1 day',
                needs_arming = FALSE
            """,
            [house.now, house.now],
        )


def add_completions(house: House, steps: int) -> None:
    """Give everybody completions of the first `steps` required steps."""
    first = house.people[0]
    wanted = list(house.version.modules.order_by("position", "steps__position").values_list("steps__id", "steps__key"))
    made = Completion.objects.create(
        enrollment=first, step_key="-", step_id=wanted[0][0], completed_at=house.now, recorded_at=house.now
    )
    people = "FROM learners_enrollment AS e CROSS JOIN learners_completion AS row WHERE row.id = %s"
    for step_id, key in wanted[:steps]:
        insert_copies(Completion, people, [made.pk], enrollment_id="e.id", step_id=str(step_id), step_key=f"'{key}'")
    made.delete()


def settle_down(*tables: str) -> None:
    """Vacuum and analyze, as autovacuum would have done in a night."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")


def clone(model: type[models.Model], pk: int, count: int, **columns: str) -> int:
    """
    Insert `count` copies of one row and return the id of the first; n counts from 1 in the expressions of columns.

    Uuids are drawn anew.
    """
    source = f"FROM {model._meta.db_table} AS row CROSS JOIN generate_series(1, {count}) AS n WHERE row.id = %s"
    insert_copies(model, source, [pk], **columns)
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]
    return int(newest) - count + 1


def insert_copies(model: type[models.Model], source: str, parameters: Sequence[Any], **columns: str) -> None:
    """Insert what `source` gives, with the columns of its `row` but for those that are named."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    drawn = {field.column: "gen_random_uuid()" for field in fields if field.column == "uuid"}
    chosen = drawn | columns
    names = ", ".join(str(field.column) for field in fields)
    values = ", ".join(chosen.get(field.column, f"row.{field.column}") for field in fields)
    with connection.cursor() as cursor:
        # As a restore does it: the rows that these refer to are known to be there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} {source}", parameters)
        cursor.execute("SET session_replication_role = DEFAULT")
