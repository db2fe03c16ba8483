"""How a person wants to be reached."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from config.support.errors import Fault, InvalidInput
from learners.people.errors import UnknownChannel
from learners.people.models import ChannelChoice, Preferences
from learners.people.rules import ALWAYS_ON, CATEGORIES, CHANNELS, clean_quiet_days

THEMES = ("system", "light", "dark")


@transaction.atomic
def save_preferences(
    *,
    user_id: int,
    quiet_from: time,
    quiet_until: time,
    quiet_days: Sequence[int] = (),
    theme: str = "system",
) -> Preferences:
    """
    Keep a person's quiet hours, quiet days and colors; a pause stays as it is.

    Times are the person's local ones and may cross midnight; equal times mean no quiet hours.
    Raises InvalidInput for days that are no weekdays and for an unknown theme.
    """
    try:
        days = clean_quiet_days(quiet_days)
    except ValueError as error:
        raise InvalidInput(faults=[Fault("/quiet_days", str(error))]) from error
    if theme not in THEMES:
        raise InvalidInput(faults=[Fault("/theme", f"Choose one of {', '.join(THEMES)}.")])
    preferences, _ = Preferences.objects.update_or_create(
        user_id=user_id,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "quiet_days": days, "theme": theme},
    )
    return preferences


@transaction.atomic
def pause_messages(*, user_id: int, until: datetime | None, now: datetime) -> Preferences:
    """
    Hold every message to this person back until an instant, or let them go on with None.

    Raises InvalidInput when the instant has passed.
    """
    if until is not None and until <= now:
        raise InvalidInput(faults=[Fault("/paused_until", "Choose a day that is still to come.")])
    preferences, _ = Preferences.objects.update_or_create(user_id=user_id, defaults={"paused_until": until})
    return preferences


@transaction.atomic
def set_channel_choice(*, user_id: int, category: str, channel: str, is_on: bool, now: datetime) -> ChannelChoice:
    """
    Switch one kind of message on one channel on or off; a repeat changes nothing but the date.

    Raises UnknownChannel for a category or channel that does not exist, and for one that cannot be switched off.
    """
    if category not in CATEGORIES or channel not in CHANNELS:
        raise UnknownChannel(f"“{category}” by “{channel}” is not on the list.")
    if category in ALWAYS_ON and not is_on:
        raise UnknownChannel("Messages that your account needs cannot be switched off.")
    choice, _ = ChannelChoice.objects.update_or_create(
        user_id=user_id, category=category, channel=channel, defaults={"is_on": is_on, "changed_at": now}
    )
    return choice
