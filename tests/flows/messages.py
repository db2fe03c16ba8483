"""The rows of the engine, read from outside while processes of their own write them."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

import psycopg

from tests.flows.mail import Post
from tests.processes import Served

OPEN = {"planned", "claimed", "sending", "retry"}


@dataclass(frozen=True)
class Message:
    """One message: its Message-ID ("" until it was on its way), category, state, reason and address."""

    id: str
    category: str
    state: str
    reason: str


class Messages:
    """Looks at the messages of an installation; each look is a query of its own, on SQLite or PostgreSQL."""

    def __init__(self, served: Served) -> None:
        self.url = served.environment.get("DATABASE_URL", "")
        self.file = served.data_dir / "waymark.sqlite3"

    def by_state(self) -> Counter[str]:
        rows = self._ask("SELECT state, count(*) FROM learners_nudgedelivery GROUP BY state")
        return Counter({str(state): int(str(n)) for state, n in rows})

    def ended(self, planned: int) -> bool:
        """Whether at least so many were planned, and none is open any more."""
        states = self.by_state()
        return states.total() >= planned and not set(states) & OPEN

    def orphans(self) -> set[str]:
        """Return the tokens under which messages are still held though their lease has run out."""
        now = "clock_timestamp()" if self.url else "strftime('%Y-%m-%d %H:%M:%f', 'now')"
        return {
            str(token)
            for (token,) in self._ask(
                "SELECT DISTINCT lease_token FROM learners_nudgedelivery"
                f" WHERE state IN ('claimed', 'sending') AND lease_until < {now}"
            )
        }

    def all(self) -> list[Message]:
        rows = self._ask("SELECT message_id, category, state, reason FROM learners_nudgedelivery")
        return [Message(*map(str, row)) for row in rows]

    def _ask(self, query: str) -> list[tuple[object, ...]]:
        if self.url:
            with psycopg.connect(self.url) as connection:
                return connection.execute(query).fetchall()  # type: ignore[arg-type]
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as file:
            return file.execute(query).fetchall()


def copies(post: Post) -> Counter[str]:
    """Return how many copies of each Message-ID the mail server took."""
    return Counter(str(mail["Message-ID"]) for mail in list(post.sink.accepted))
