"""Work on invitations that nobody waits for."""

from celery import shared_task

from config.support.clock import now
from learners.people.actions import mail_waiting_invitations


@shared_task(name="people.mail_invitations", ignore_result=True)
def mail_invitations() -> None:
    """Try again every invitation that waits for a mail server."""
    mail_waiting_invitations(now=now())
