"""Timers, preferences and old messages for many people, as arm, pages and dispatch would have left them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection

from learners.nudges.actions.arm import arm
from learners.nudges.actions.suppress import suppress_address
from learners.nudges.models import NudgeDelivery, NudgeTimer
from tests.benchmarks.rows import House, insert_copies
from tests.factories.journeys import NudgeRuleFactory
from tests.factories.nudges import NudgeDeliveryFactory

# A Thursday afternoon, by which the engine goes in every program: in the middle of the day of all ZONES.
NOW: Final = datetime(2027, 3, 4, 15, tzinfo=UTC)
WEEKLY: Final = "every-thursday"


def add_weekly_message(house: House) -> None:
    """Let the journey send a message on Thursdays at 16:00, in turns of three wordings; before anybody is enrolled."""
    NudgeRuleFactory(
        version=house.version,
        position=99,
        key=WEEKLY,
        category="practice",
        trigger={"event": "weekly", "weekday": "thu", "at": "16:00"},
        channels=["email"],
        texts=["What did you try this week?", "Whom could you ask tomorrow?", "What would you keep?"],
    )


def arm_people(house: House, *, a_person: int = 3) -> None:
    """
    Arm the people enrolled by the action, and give their copies copies of `a_person` of their timers that lie ahead.

    The first is the message that repeats every week.
    """
    after = 0
    while True:
        seen, _, after = arm(now=NOW - timedelta(days=1), after_id=after)
        if not seen:
            break
    while house.copied:
        first, count = house.copied.pop()
        armed = NudgeTimer.objects.filter(enrollment=first, due_at__gt=NOW - timedelta(days=1))
        weekly = armed.filter(repeats_days=7).order_by("pk")[:1]
        others = armed.filter(repeats_days=0).order_by("-purpose", "pk")[: a_person - 1]
        kept = [timer.pk for timer in [*weekly, *others]]
        NudgeTimer.objects.filter(enrollment=first).exclude(pk__in=kept).delete()
        for pk in kept:
            insert_copies(
                NudgeTimer,
                "FROM learners_enrollment AS e CROSS JOIN learners_nudgetimer AS row"
                " WHERE row.id = %s AND e.id BETWEEN %s AND %s",
                [pk, first.pk + 1, first.pk + count],
                recipient_id="e.user_id",
                enrollment_id="e.id",
                cohort_id="e.cohort_id",
                scope="e.uuid",
            )


def make_due(count: int) -> None:
    """Let the weekly message of `count` people be due a minute ago, and everything else lie ahead."""
    ahead, due = NOW + timedelta(days=3), NOW - timedelta(minutes=1)
    nominal = due.strftime("%Y-%m-%dT16:00")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE learners_nudgetimer SET due_at = %s WHERE due_at <= %s", [ahead, NOW])
        cursor.execute(
            """
            UPDATE learners_nudgetimer SET due_at = %s, anchor = %s, occurrence = %s, expires_at = %s, until_at = %s
            WHERE id IN (SELECT id FROM learners_nudgetimer WHERE repeats_days = 7 ORDER BY md5(id::text) LIMIT %s)
            """,
            [due, nominal[:10], nominal, due + timedelta(hours=48), NOW + timedelta(days=90), count],
        )


def live_a_little(house: House) -> None:
    """
    Let people be people: of each hundred two have switched something off, five keep hours of their own, one is on
    leave, three heard from us lately, one has left, and two mailboxes in a thousand are dead. Everybody has two old
    messages.
    """
    statements = (
        "INSERT INTO learners_channelchoice (user_id, category, channel, is_on, changed_at)"
        " SELECT id, 'practice', 'email', FALSE, now() FROM accounts_user WHERE mod(id, 50) = 0",
        "INSERT INTO learners_preferences (user_id, quiet_from, quiet_until, quiet_days, theme, paused_until)"
        " SELECT id, '20:00', '07:30', '[5, 6]', 'system', CASE WHEN mod(id, 100) = 1"
        f" THEN '{NOW + timedelta(days=5)}'::timestamptz END FROM accounts_user WHERE mod(id, 20) = 1",
        "INSERT INTO learners_contactbudget (user_id, period, used)"
        f" SELECT id, '{NOW:%Y-%m-%d}', 1 FROM accounts_user WHERE mod(id, 33) = 2",
        "UPDATE learners_enrollment SET status = 'withdrawn' WHERE mod(id, 100) = 3",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    _remember_old_messages(house)
    for enrollment in house.people.select_related("user")[:200:5]:
        suppress_address(enrollment.user.email, cause="refused", now=NOW)


def _remember_old_messages(house: House) -> None:
    first = house.people[0]
    for weeks in (1, 2):
        sent_at = NOW - timedelta(weeks=weeks)
        old = NudgeDeliveryFactory(
            enrollment=first,
            state="sent",
            rule_key=WEEKLY,
            anchor=f"{weeks} weeks ago",
            turn=2 - weeks,
            planned_at=sent_at,
            sent_at=sent_at,
            ended_at=sent_at,
        )
        insert_copies(
            NudgeDelivery,
            "FROM learners_enrollment AS e CROSS JOIN learners_nudgedelivery AS row WHERE row.id = %s AND e.id <> %s",
            [old.pk, first.pk],
            recipient_id="e.user_id",
            enrollment_id="e.id",
            cohort_id="e.cohort_id",
            scope="e.uuid",
            dedupe=f"'old-{weeks}-' || e.uuid",
        )
