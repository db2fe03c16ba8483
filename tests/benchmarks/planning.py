"""Planning: due timers to deliveries, per second of processor time of both sides."""

import os
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from learners.nudges.actions.plan import plan
from learners.nudges.models import NudgeDelivery
from tests.benchmarks.measuring import Figure, queries_of, spending
from tests.benchmarks.rows import ZONES, House, add_people, found_house, settle_down
from tests.benchmarks.timers import NOW, WEEKLY, add_weekly_message, arm_people, live_a_little, make_due

PEOPLE = int(os.environ.get("BENCH_TIMERS", "60000"))
TABLES = ("learners_nudgetimer", "learners_nudgedelivery", "learners_enrollment", "accounts_user")


def measure() -> Iterator[Figure]:
    """Plan a herd of one weekly message, and hold it against inserting the same rows from a table."""
    house = found_house(cohorts=20, now=NOW)
    add_weekly_message(house)
    add_people(house, PEOPLE, zones=ZONES)
    arm_people(house)
    live_a_little(house)
    due = PEOPLE // 2
    make_due(due)
    settle_down(*TABLES)
    queries = queries_of(lambda: plan(now=NOW, limit=1))
    handled = 0
    with spending() as spent:
        while seen := plan(now=NOW)[0]:
            handled += seen
    planned = NudgeDelivery.objects.filter(planned_at=NOW, rule_key=WEEKLY).count()
    ceiling = _bare_insert(house)
    yield Figure("plan: timers", handled, handled / spent.total, "a core-second", floor=ceiling, queries=queries)
    yield Figure("plan: share of it in the database", handled, spent.server / spent.total * 100, "%")
    yield Figure("plan: messages written", planned, planned / spent.total, "a core-second", floor=ceiling)
    yield Figure("plan: on the wall", handled, handled / spent.wall, "a second")


def _bare_insert(house: House) -> float:
    """Return how many rows of this very table, with its indexes and constraints, one core-second inserts at most."""
    columns = ", ".join(str(field.column) for field in NudgeDelivery._meta.concrete_fields if not field.primary_key)
    fresh = columns.replace("uuid,", "gen_random_uuid(),", 1).replace("dedupe", "'copy-' || dedupe")
    later = NOW + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE planned AS SELECT {columns} FROM learners_nudgedelivery WHERE planned_at = %s",
            [NOW],
        )
        cursor.execute("UPDATE planned SET planned_at = %s", [later])
        cursor.execute("SELECT count(*) FROM planned")
        count = int(cursor.fetchone()[0])
        with spending() as spent:
            cursor.execute(f"INSERT INTO learners_nudgedelivery ({columns}) SELECT {fresh} FROM planned")
    return count / spent.total
