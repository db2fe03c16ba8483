"""Who is asking: built once a request, from a session, an API key or an OAuth client."""

from dataclasses import dataclass, field

ADMINISTRATOR = "administrator"
DESIGNER = "designer"
LEARNER = "learner"

SCOPES = {
    "journeys:read": "Read journeys and skills",
    "progress:read": "Read cohorts, enrollments and events",
    "progress:write": "Record completions",
    "cohorts:write": "Create and change cohorts",
    "enrollments:write": "Enroll people, pause and withdraw them",
    "people:read": "Read names and e-mail addresses",
}
# The figures of the whole installation belong to whoever runs it, so no organization gives this away.
METRICS = "metrics:read"
OPERATOR_SCOPES = {METRICS: "Read the figures of the whole installation at /metrics"}
KEY_SCOPES = SCOPES | OPERATOR_SCOPES
# Named already, so that no other meaning takes the word. Nothing is behind them yet, so nobody is given them.
RESERVED_SCOPES = frozenset({"webhooks:manage"})


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who is asking, in one organization.

    user_id is empty for a key or a client. roles are of the membership. scopes limit keys and clients; a signed-in
    person has none and is limited by roles instead (is_person). cohort_ids, when not None, limits everything to those
    cohorts. caller names the asker for idempotency and logs, without personal data.
    """

    organization_id: int
    user_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)
    cohort_ids: frozenset[int] | None = None
    caller: str = ""

    @property
    def is_person(self) -> bool:
        return self.user_id is not None

    @property
    def is_administrator(self) -> bool:
        return ADMINISTRATOR in self.roles

    @property
    def is_designer(self) -> bool:
        return DESIGNER in self.roles

    def may(self, scope: str) -> bool:
        """Return whether a key carries this scope; people are judged by their roles where the row is read."""
        return self.is_person or scope in self.scopes
