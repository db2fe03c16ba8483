"""What held files do on their own, once an hour."""

from celery import shared_task

from config.support.clock import now
from content.uploads.actions import forget_expired_uploads


@shared_task(name="uploads.forget_expired", ignore_result=True)
def forget_what_expired() -> None:
    """Forget files that nobody confirmed. Idempotent; an hour missed is made up for."""
    forget_expired_uploads(now=now())
