"""Mail for a machine without a mail server: one file a message in DATA_DIR/mail, readable by any mail program."""

import os
import uuid
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from config.support.clock import now


class MailFolder(BaseEmailBackend):
    """Writes each message as `<time>-<random>.eml`; a file appears whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            moment = self.moment_of(message)
            message.extra_headers.setdefault("Date", format_datetime(moment))
            name = f"{moment:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.eml"
            hidden = folder / f".{name}"
            hidden.write_bytes(message.message().as_bytes())
            os.replace(hidden, folder / name)
        return len(email_messages)

    def moment_of(self, message: EmailMessage) -> datetime:
        """Return when the message is written: in its file's name, by which mails are in order, and in its header."""
        return now()
