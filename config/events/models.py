"""The append-only record of what happened."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models

from config.accounts.models import Organization
from config.support.personal_data import NOTHING_PERSONAL, About, Cut, PersonalData

_TIMES: Final = ("occurred_at", "recorded_at")


class ActivityEvent(models.Model):
    """
    One fact: actor, verb, object, time. Written in the transaction of the fact, never changed but for its position.

    position is given by the sequencer to committed rows only, in one order without gaps: readers page by it alone,
    because ids are taken before the commit and would skip what commits late. data holds keys and numbers, never what a
    person wrote. Personal data: who did what; exported, the actor is cut on erasure.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=48)
    object_type = models.CharField(max_length=32)
    object_uuid = models.UUIDField()
    enrollment_uuid = models.UUIDField(null=True)
    cohort_uuid = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)

    PERSONAL_DATA = PersonalData(
        about=(
            About("actor", erase=Cut({"actor": None}), export=("verb", "object_type", "object_uuid", *_TIMES, "data")),
        ),
        why="Who did it is cut; that it happened stays, in keys and numbers.",
    )

    class Meta:
        verbose_name = "event"
        verbose_name_plural = "events"
        indexes = [
            models.Index(fields=["organization", "position"], name="event_org_position"),
            # The feed of somebody who sees single cohorts would otherwise read the whole organization's.
            models.Index(
                fields=["cohort_uuid", "position"],
                name="event_cohort_position",
                condition=models.Q(position__isnull=False),
            ),
            models.Index(fields=["id"], name="event_unsequenced", condition=models.Q(position__isnull=True)),
            models.Index(fields=["enrollment_uuid", "occurred_at"], name="event_enrollment"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_uuid}"


class Sequence(models.Model):
    """
    One row: the last position given. Its lock makes the sequencer the only writer of positions.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_position = models.BigIntegerField(default=0)

    PERSONAL_DATA = NOTHING_PERSONAL

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="sequence_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_position)
