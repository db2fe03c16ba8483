"""Django's SMTP backend, able to tell whether a broken conversation may have handed the message over."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Watched(smtplib.SMTP):
    """
    Remembers whether a message is on the wire.

    Between DATA and the server's answer a lost connection proves nothing (RFC 1047): the server may have taken the
    message. Before and after, a failure is a plain no.
    """

    handing_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing_over = True
        reply = super().data(msg)
        self.handing_over = False
        return reply


class _WatchedSSL(_Watched, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class WatchedBackend(EmailBackend):
    """Sends by SMTP as configured in settings."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSSL if self.use_ssl else _Watched

    @property
    def may_have_handed_over(self) -> bool:
        """Tell whether the last failure fell between DATA and the server's answer."""
        return isinstance(self.connection, _Watched) and self.connection.handing_over
