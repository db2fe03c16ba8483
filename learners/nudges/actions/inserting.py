"""Writing what was drafted, in one statement for all new messages and one for all timers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from learners.nudges.actions.drafting import Draft
from learners.nudges.dialect import MOMENT, TEXT, WHOLE, given, named_uuid, uuid_text, values
from learners.nudges.models import NudgeDelivery, NudgeTimer
from learners.nudges.rules.categories import priority_of
from learners.nudges.rules.identity import phase

# From so many messages in one batch on they are spread over ten minutes; below, each leaves at its own hour.
HERD: Final = 400
SPREAD: Final = timedelta(minutes=10)
PLACES: Final = 60

_DELIVERIES: Final = NudgeDelivery._meta.db_table
_TIMERS: Final = NudgeTimer._meta.db_table
_MEMBER: Final = {"timer_id": WHOLE, "number": WHOLE}
_LETTER: Final = {
    "number": WHOLE,
    "channel": TEXT,
    "state": TEXT,
    "reason": TEXT,
    "detail": TEXT,
    "send_after": MOMENT,
    "may_spread": WHOLE,
    "arm": TEXT,
    "priority": WHOLE,
    "phase": WHOLE,
    "wordings": WHOLE,
}
_WORDING: Final = {"number": WHOLE, "place": WHOLE, "text": TEXT}
_SLOT: Final = {"place": WHOLE, "at": MOMENT}
_MOVE: Final = {
    "number": WHOLE,
    "due_at": MOMENT,
    "fired_at": MOMENT,
    "keeps_fired_at": WHOLE,
    "anchor": TEXT,
    "occurrence": TEXT,
    "expires_at": MOMENT,
}

# What a message takes over from its timer, and what every new message has in common.
_FROM_TIMER: Final = (
    "organization_id",
    "recipient_id",
    "enrollment_id",
    "cohort_id",
    "scope",
    "rule_key",
    "subject",
    "anchor",
    "occurrence",
    "category",
    "why",
    "due_at",
    "expires_at",
)
_FROM_LETTER: Final = ("channel", "state", "reason", "detail", "arm", "priority")
_SAME: Final = {
    "target": "''",
    "message_id": "''",
    "provider_id": "''",
    "attempts": "0",
    "lease_until": "NULL",
    "lease_token": "NULL",
    "spent_on": "NULL",
    "sent_at": "NULL",
    "read_at": "NULL",
}

# A person's first wording of a rule follows from their number, the next ones come in turn. A message that was
# suppressed was never read and gives its turn back; the channels of one message share the turn.
_TURN: Final = f"""
COALESCE(
    CASE WHEN letter.wordings > 1 THEN (
        SELECT MAX(told.turn) + 1 FROM {_DELIVERIES} AS told
        WHERE told.enrollment_id = timer.enrollment_id AND told.recipient_id = timer.recipient_id
            AND told.rule_key = timer.rule_key AND told.state <> 'suppressed'
    ) END,
    0
) + DENSE_RANK() OVER (
    PARTITION BY timer.recipient_id, timer.scope, timer.rule_key ORDER BY timer.due_at, timer.id
) - 1
"""  # Every name in it is ours.  # noqa: S608  # nosec B608


def insert_messages(drafts: Sequence[Draft], *, now: datetime) -> tuple[int, list[int]]:
    """
    Insert the messages of these drafts that do not exist yet; return how many are new, and the ids of suppressed ones.

    One statement. The unique keys decide, and a row that exists is left as it is.
    """
    letters = list(_letters(drafts))
    if not letters:
        return 0, []
    numbered = [draft.case.ids if draft.letters else () for draft in drafts]
    is_herd = sum(map(len, numbered)) >= HERD
    parameters = [
        values({"timer_id": pk, "number": number} for number, ids in enumerate(numbered) for pk in ids),
        values(letters),
        values(
            {"number": number, "place": place, "text": text}
            for number, draft in enumerate(drafts)
            for place, text in enumerate(draft.texts or ("",))
        ),
        values({"place": place, "at": now + SPREAD * place / PLACES * is_herd} for place in range(PLACES + 1)),
        *[connection.ops.adapt_datetimefield_value(now)] * 2,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(), parameters)
        suppressed = [pk for (pk,) in cursor.fetchall()]
    return len(suppressed), [pk for pk in suppressed if pk is not None]


def _letters(drafts: Sequence[Draft]) -> Iterator[dict[str, Any]]:
    for number, draft in enumerate(drafts):
        for letter in draft.letters:
            yield {
                "number": number,
                "channel": letter.channel,
                "state": letter.state,
                "reason": letter.reason,
                "detail": letter.detail,
                "send_after": letter.send_after,
                "may_spread": int(letter.may_spread),
                "arm": letter.arm,
                "priority": priority_of(draft.case.category),
                "phase": phase(draft.case.rule_key),
                "wordings": max(1, len(draft.texts)),
            }


def _insert_sql() -> str:
    taken = ", ".join(f"timer.{name}" for name in _FROM_TIMER)
    lettered = ", ".join(f"letter.{name}" for name in _FROM_LETTER)
    key = " || '|' || ".join(
        [
            uuid_text("planned.scope"),
            uuid_text("planned.person"),
            *(f"planned.{name}" for name in ("rule_key", "subject", "anchor", "occurrence", "channel")),
        ]
    )
    chosen = {name: f"keyed.{name}" for name in (*_FROM_TIMER, *_FROM_LETTER, "turn", "dedupe")} | _SAME
    chosen |= {
        "uuid": named_uuid("keyed.dedupe"),
        "text": "wording.text",
        # A message that may leave a little later leaves while it is still of use.
        "send_after": "CASE WHEN keyed.may_spread = 0 THEN keyed.send_after"
        " WHEN slot.at < keyed.expires_at THEN slot.at ELSE keyed.expires_at END",
        "planned_at": "%s",
        "ended_at": "CASE WHEN keyed.state = 'suppressed' THEN %s END",
    }
    return f"""
        WITH {given("member", _MEMBER)}, {given("letter", _LETTER)},
        {given("wording", _WORDING)}, {given("slot", _SLOT)},
        planned AS (
            SELECT {taken}, {lettered}, letter.send_after, letter.may_spread, letter.phase, letter.wordings,
                member.number, person.uuid AS person, {_TURN} AS turn
            FROM member
            JOIN {_TIMERS} AS timer ON timer.id = member.timer_id
            JOIN accounts_user AS person ON person.id = timer.recipient_id
            JOIN letter ON letter.number = member.number
        ),
        keyed AS (SELECT planned.*, {key} AS dedupe FROM planned)
        INSERT INTO {_DELIVERIES} ({", ".join(chosen)})
        SELECT {", ".join(chosen.values())}
        FROM keyed
        JOIN wording ON wording.number = keyed.number
            AND wording.place = (keyed.recipient_id + keyed.phase + keyed.turn) %% keyed.wordings
        JOIN slot ON slot.place = (keyed.recipient_id + keyed.phase) %% {PLACES + 1}
        WHERE TRUE
        ON CONFLICT DO NOTHING
        RETURNING CASE WHEN state = 'suppressed' THEN id END
    """  # Every name in it is ours.  # noqa: S608  # nosec B608


def move_timers(drafts: Sequence[Draft]) -> None:
    """Let each timer of these drafts go where its draft says; one statement."""
    moves = [
        {
            "number": number,
            "due_at": draft.move.due_at,
            "fired_at": draft.move.fired_at,
            "keeps_fired_at": int(draft.move.keeps_fired_at),
            "anchor": draft.move.next and draft.move.next.anchor,
            "occurrence": draft.move.next and draft.move.next.occurrence,
            "expires_at": draft.move.next and draft.move.next.expires_at,
        }
        for number, draft in enumerate(drafts)
    ]
    members = values({"timer_id": pk, "number": number} for number, draft in enumerate(drafts) for pk in draft.case.ids)
    with connection.cursor() as cursor:
        cursor.execute(_move_sql(), [members, values(moves)])


def _move_sql() -> str:
    kept = ", ".join(
        f"{name} = COALESCE(going.{name}, {_TIMERS}.{name})" for name in ("anchor", "occurrence", "expires_at")
    )
    return f"""
        WITH {given("member", _MEMBER)}, {given("going", _MOVE)}
        UPDATE {_TIMERS} SET due_at = going.due_at, {kept}, fault = '',
            fired_at = CASE WHEN going.keeps_fired_at = 1 THEN {_TIMERS}.fired_at ELSE going.fired_at END
        FROM member JOIN going ON going.number = member.number
        WHERE {_TIMERS}.id = member.timer_id
    """  # Every name in it is ours.  # noqa: S608  # nosec B608
