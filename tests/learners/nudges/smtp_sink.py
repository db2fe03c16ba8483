"""A real SMTP server on loopback that records every copy it accepts, and misbehaves on request."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """accepted: the mails that were taken, in order. The three answers, when set, are given instead of 250."""

    def __init__(self) -> None:
        self.accepted: list[Message] = []
        self.to_recipient: dict[str, str] = {}
        self.to_data = ""
        self.hang_up_after_taking = False
        self.hang_up_before_recipient = 0
        self.connections = 0
        self.delay = 0.0

    async def handle_EHLO(  # noqa: N802 - the server calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_before_recipient and len(self.accepted) >= self.hang_up_before_recipient:
            self.hang_up_before_recipient = 0
            hang_up(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.to_recipient:
            return self.to_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.to_data:
            return self.to_data
        self.accepted.append(message_from_bytes(envelope.original_content or b""))
        if self.hang_up_after_taking:
            hang_up(server)
        return "250 taken"


def hang_up(server: SMTP) -> None:
    """Close the conversation without a word."""
    if server.transport is not None:
        server.transport.close()


@contextlib.contextmanager
def smtp_sink(settings: Any) -> Iterator[Sink]:
    """Start a sink on a free loopback port and send mail to it."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        use_server(settings, controller.port)
        yield sink
    finally:
        controller.stop()


def use_server(settings: Any, port: int) -> None:
    """Let mail go to a server on this loopback port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def free_port() -> int:
    """Return a loopback port on which nothing listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
