"""What accounts do on their own, once a day."""

from celery import shared_task

from config.accounts.actions import forget_expired
from config.support.clock import now


@shared_task(name="accounts.forget_expired", ignore_result=True)
def forget_what_expired() -> None:
    """Delete access tokens and remembered answers whose time has passed. Idempotent; a day missed is made up for."""
    forget_expired(now=now())
