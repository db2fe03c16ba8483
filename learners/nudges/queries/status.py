"""Where the engine stands: the accounting identity, the lag, the lease."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from config.support.clock import database_now
from learners.nudges.models import DeliveryState, EngineState, NudgeDelivery
from learners.nudges.models.delivery import OPEN, WAITING
from learners.nudges.queries.outlook import what_is_left
from learners.nudges.rules.categories import EVERY_PRIORITY


@dataclass(frozen=True, slots=True)
class Status:
    """
    Every message ever planned, by its fate: planned = sent + suppressed + failed + unknown + open, at every instant.

    suppressed: by reason. lag_seconds: for how long the oldest due message has waited. lease: who drives now,
    {"holder", "until"}, None = nobody.
    """

    planned: int
    sent: int
    suppressed: dict[str, int]
    failed: int
    unknown: int
    open: int
    lag_seconds: int
    lease: dict[str, str] | None

    @property
    def adds_up(self) -> bool:
        """Whether the accounting identity holds."""
        return self.planned == self.sent + sum(self.suppressed.values()) + self.failed + self.unknown + self.open


def read_status(*, now: datetime, organization_id: int | None = None) -> Status:
    """
    Return the status of the installation, or the counts of one organization; 3 queries.

    The counts come from one statement, so they are of one instant whatever the workers do.
    """
    rows = NudgeDelivery.objects.all()
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    counts = list(rows.values_list("state", "reason").annotate(n=Count("id")).order_by())

    def of(*states: str) -> int:
        return sum(n for state, _, n in counts if state in states)

    suppressed: dict[str, int] = {}
    for state, reason, n in counts:
        if state == DeliveryState.SUPPRESSED:
            suppressed[reason] = suppressed.get(reason, 0) + n
    return Status(
        planned=sum(n for _, _, n in counts),
        sent=of(DeliveryState.SENT),
        suppressed=dict(sorted(suppressed.items())),
        failed=of(DeliveryState.FAILED),
        unknown=of(DeliveryState.UNKNOWN),
        open=of(*OPEN),
        lag_seconds=lag_seconds(now=now),
        lease=_lease(now),
    )


def lag_seconds(*, now: datetime) -> int:
    """
    Return for how long the oldest due message, planned or still to be planned, has waited; 0 when nothing waits.

    One query on partial indexes.
    """
    return what_is_left(now=now).lag_seconds


def due_deliveries(*, now: datetime) -> QuerySet[NudgeDelivery]:
    """Return the messages that wait to be sent now, found at the head of the partial index for each priority."""
    return NudgeDelivery.objects.filter(state__in=WAITING, priority__in=EVERY_PRIORITY, send_after__lte=now)


def tick_age_seconds() -> float | None:
    """Return for how long no tick has ended, by the database's clock, None before the first; for /readyz."""
    last = EngineState.objects.filter(pk=1).values_list("last_tick_at", flat=True).first()
    return None if last is None else max(0.0, (database_now() - last).total_seconds())


def _lease(now: datetime) -> dict[str, str] | None:
    state = EngineState.objects.filter(pk=1).first()
    if state is None or state.lease_until is None or state.lease_until < now:
        return None
    return {"holder": state.lease_holder, "until": _stamp(state.lease_until)}


def lease_in_words(state: EngineState, *, now: datetime) -> str:
    """Return who drives at this moment; between two ticks the lease is free, and who held it last is told. No query."""
    if state.lease_until is not None and state.lease_until >= now:
        return f"held by {state.lease_holder} until {_stamp(state.lease_until)}"
    if state.last_tick_at is None:
        return "free; no tick has ended yet"
    last = f"free between two ticks; the last one ended at {_stamp(state.last_tick_at)}"
    return f"{last}, the lease was last held by {state.lease_holder}" if state.lease_holder else last


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
