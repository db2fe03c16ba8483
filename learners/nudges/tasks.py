"""Bells. They carry nothing: whoever hears one looks into the database for what there is to do."""

import gc
from typing import Any, Final

from celery import shared_task
from celery.signals import worker_init
from django.conf import settings

from config.support.clock import database_now
from learners.nudges.actions.dispatch import dispatch_for
from learners.nudges.actions.tick import tick
from learners.nudges.readiness import get_ready

# A bell that nobody heard for so long is worth nothing: the next one says the same.
EXPIRES_SECONDS: Final = 60
# Short, so that a tick finds a free process within its time even while thousands wait to be sent.
DISPATCH_SECONDS: Final = 10.0


@shared_task(name="nudges.tick", ignore_result=True, expires=EXPIRES_SECONDS)
def ring_tick() -> None:
    """Run the loops of the engine once, if nobody else does."""
    tick(now=database_now())


@shared_task(name="nudges.dispatch", ignore_result=True, expires=EXPIRES_SECONDS)
def ring_dispatch() -> None:
    """Send what is due, batch by batch, until nothing is left or the next bell may as well go on."""
    dispatch_for(seconds=DISPATCH_SECONDS, now=database_now())


@worker_init.connect
def prepare_pool(**kwargs: Any) -> None:
    """Read before the fork what all children need: one that replaces a dead one then sends at once."""
    if not settings.EMBEDDED:
        get_ready()
        # What lives now lives as long as the worker: no collection looks at it again, and the children share its pages.
        gc.collect()
        gc.freeze()
