"""How allauth's sign-in behaves here."""

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest

from config.accounts.errors import MailAway

logger = logging.getLogger(__name__)
# A person waits for the page; a mail server that takes longer is as good as away.
PATIENCE_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Site:
    """What mails say about where they come from."""

    domain: str
    name: str


def _site() -> Site:
    return Site(domain=urlsplit(settings.SITE_URL).netloc, name="Waymark")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """
    Nobody signs up alone: people are invited by an organization or enrolled from a list.

    Codes are mailed while a person waits for the page, so a mail server that is away is told in a sentence.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name; the e-mail address is the log-in."""

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        message: EmailMessage = super().render_mail(*args, **kwargs)
        message.connection = get_connection(timeout=PATIENCE_SECONDS)
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a code or a link that somebody waits for. Raises MailAway when no mail can be sent."""
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": _site()})
        except OSError as error:
            # Refusals of a mail server are OSErrors too; which one it was is for the operator alone.
            logger.warning("A sign-in mail could not be sent (%s)", type(error).__name__)
            raise MailAway from error

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return an address of this site, whatever host the request named: a mail must not lead elsewhere."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell about a change that is made already: a mail server that is away takes nothing back."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except MailAway:
            logger.warning("A change to an account could not be told by mail")
