"""Enrolling 5,000 people from a list."""

from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from django.db import transaction

from config.accounts.models import Membership, User
from learners.cohorts.actions import enroll_many
from learners.cohorts.rules.enrollment_list import read_enrollment_csv
from tests.benchmarks.measuring import Figure, queries_of, resident, spending
from tests.benchmarks.rows import ZONES, House, found_house

PEOPLE = 5_000


def measure() -> Iterator[Figure]:
    """Look at the list, enroll it, enroll it again; the floor makes the same people and memberships and no more."""
    house = found_house(cohorts=2)
    data = _list()
    idle = resident()
    with spending() as looked:
        rows = read_enrollment_csv(data).rows
        enroll_many(cohort_id=house.cohorts[0].pk, rows=rows, actor_id=None, now=house.now, dry_run=True)
    with spending() as spent:
        enroll_many(cohort_id=house.cohorts[0].pk, rows=rows, actor_id=None, now=house.now, dry_run=False)
    after = resident()
    with spending() as repeated:
        enroll_many(cohort_id=house.cohorts[0].pk, rows=rows, actor_id=None, now=house.now, dry_run=False)
    floor = _bare(house)
    queries = queries_of(
        lambda: enroll_many(cohort_id=house.cohorts[1].pk, rows=rows[:500], actor_id=None, now=house.now, dry_run=False)
    )
    yield Figure("list of people: look", PEOPLE, looked.total, "CPU s", floor=floor)
    yield Figure("list of people: enroll", PEOPLE, spent.total, "CPU s", floor=floor)
    yield Figure("list of people: queries of a batch of 500", 500, queries, "queries", queries=queries)
    yield Figure("list of people: the same list again", PEOPLE, repeated.total, "CPU s", floor=floor)
    yield Figure("list of people: memory after it", PEOPLE, after, "MiB", floor=idle)


def _list() -> bytes:
    lines = ["email,name,time_zone"]
    lines += [f"person{n}@example.org,Person {n},{ZONES[n % len(ZONES)]}" for n in range(PEOPLE)]
    return "\n".join(lines).encode()


def _bare(house: House) -> float:
    """Return the CPU seconds of inserting as many people and memberships, 500 at a time."""
    password = make_password(None)
    with spending() as spent, transaction.atomic():
        for start in range(0, PEOPLE, 500):
            people = User.objects.bulk_create(
                User(email=f"bare{n}@example.org", name=f"Bare {n}", password=password)
                for n in range(start, start + 500)
            )
            Membership.objects.bulk_create(Membership(user=one, organization=house.organization) for one in people)
    return spent.total
