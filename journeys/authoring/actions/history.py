"""Writing the history of a draft down; claim_draft does it for every act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from journeys.authoring.models import DraftEdit, JourneyVersion
from journeys.authoring.queries.history import state_of
from journeys.authoring.rules.states import State, keys_in

# Of older edits it is still told who made them, when and what they did, but their states are not kept.
KEPT_EDITS: Final = 200


@dataclass
class _Hand:
    """Whose edits are being made; entries: the edit of each draft that is written down already, by version."""

    by: int | None
    now: datetime
    entries: dict[int, int] = field(default_factory=dict)


_hand: ContextVar[_Hand | None] = ContextVar("hand", default=None)


@contextmanager
def editing(*, by: int | None, now: datetime) -> Iterator[None]:
    """
    Sign and date the edits made inside, and gather those of one draft into one entry of its history.

    The edge opens it around what one click does. Without it an act is an entry of its own, by nobody, at the time of
    the database.
    """
    token = _hand.set(_Hand(by, now))
    try:
        yield
    finally:
        _hand.reset(token)


def write_down(version: JourneyVersion, act: str) -> None:
    """
    Keep the state that an edit begins from; 8 queries, 9 once there are old states.

    version: as it was just claimed, so that nobody else writes to its history, and before anything in it has changed.
    """
    hand = _hand.get()
    if hand and _is_written(hand, version.pk):
        return
    before = state_of(version)
    last = DraftEdit.objects.filter(version=version).order_by("-number").first()
    signed: dict[str, Any] = {"made_by_id": hand.by, "made_at": hand.now} if hand else {}
    edit = DraftEdit.objects.create(
        version=version, number=version.edits, act=act, before=before, lost=_lost(last, before), **signed
    )
    DraftEdit.objects.filter(version=version, number__lte=edit.number - KEPT_EDITS, before__isnull=False).update(
        before=None
    )
    if hand:
        hand.entries[version.pk] = edit.pk


def _is_written(hand: _Hand, version_id: int) -> bool:
    """An entry whose act was refused is gone with its transaction, so the row is asked for; one query if any."""
    known = hand.entries.get(version_id)
    return known is not None and DraftEdit.objects.filter(pk=known).exists()


def _lost(last: DraftEdit | None, before: State) -> list[str]:
    if last is None or last.before is None:
        return []
    return sorted(keys_in(last.before) - keys_in(before))
