"""The only place where the time is read. Everything below an edge gets `now` as an argument."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """Return this process's time as aware UTC. Call it in views, tasks and commands only."""
    return datetime.now(UTC)


def database_now() -> datetime:
    """
    Return the database's time as aware UTC; one query.

    The engine decides leases by this clock alone, so that a worker whose own clock is wrong can do no harm.
    SQLite has no clock of its own: there the process's time is the database's.
    """
    if connection.vendor != "postgresql":
        return now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        value: datetime = cursor.fetchone()[0]
    return value.astimezone(UTC)
