"""Celery: a bell and a beat. It holds no schedule of ours, no message and no state."""

import os
from typing import Any, Final

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings

from config.support import bell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# What a broker that does not answer may cost whoever rings.
RING_SECONDS: Final = 0.2
# Bells that nobody could hear for so long would only stand before a newer tick, which rings again anyway.
EXPIRES_SECONDS: Final = 15.0

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["learners.nudges", "learners.people", "learners.rollout", "config.accounts", "content.uploads"])


def _ringer() -> Celery:
    """
    Return the app that rings: the same broker over connections of its own, which wait 0.2 s for an answer.

    A worker waits seconds for the next message on purpose; who rings does so inside a person's request.
    """
    if not settings.REDIS_URL:
        return app
    ringer = Celery("waymark-ringer", set_as_current=False)
    ringer.config_from_object("django.conf:settings", namespace="CELERY")
    # Without max_retries even a refused connection is tried again for six seconds.
    times = {"socket_timeout": RING_SECONDS, "socket_connect_timeout": RING_SECONDS, "max_retries": 0}
    ringer.conf.broker_transport_options = times
    return ringer


ringer = _ringer()


@app.on_after_configure.connect
def keep_time(sender: Celery, **kwargs: Any) -> None:
    """Ring the tick every TICK_SECONDS; one that could not run for so long, or for 15 s, expires: none pile up."""
    seconds = float(settings.TICK_SECONDS)
    sender.add_periodic_task(
        seconds, sender.signature("nudges.tick"), name="tick", expires=max(seconds, EXPIRES_SECONDS)
    )
    sender.add_periodic_task(crontab(hour="3", minute="30"), sender.signature("accounts.forget_expired"), name="forget")
    sender.add_periodic_task(crontab(minute="40"), sender.signature("uploads.forget_expired"), name="forget-uploads")
    sender.add_periodic_task(crontab(minute="*/5"), sender.signature("people.mail_invitations"), name="invitations")
    sender.add_periodic_task(crontab(), sender.signature("rollout.move"), name="rollouts")


@setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """Leave logging as settings made it; Celery would replace it."""


def ring_celery(name: str) -> None:
    """Send the task called `name` without arguments; no retry, so that a broker that is away costs 0.2 s."""
    ringer.send_task(name, retry=False, ignore_result=True, expires=EXPIRES_SECONDS)


bell.install(ring_celery)
