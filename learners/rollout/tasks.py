"""The bell that moves people. It carries nothing: whoever hears it looks into the log for what is not finished."""

from typing import Final

from celery import shared_task

from config.support.clock import database_now
from learners.rollout.actions import move_everybody

EXPIRES_SECONDS: Final = 60


@shared_task(name="rollout.move", ignore_result=True, expires=EXPIRES_SECONDS)
def ring_move() -> None:
    """Go on with every rollout that is not finished."""
    move_everybody(now=database_now())
