"""A mail server on loopback for a product that runs as a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message

from aiosmtpd.controller import Controller

from tests.learners.nudges.smtp_sink import Sink, free_port
from tests.processes import eventually


@dataclass
class Post:
    """A server that keeps every copy it accepts."""

    sink: Sink
    port: int

    @property
    def url(self) -> str:
        """What EMAIL_URL must be."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str, *, about: str = "") -> list[Message]:
        """Return the copies for one address whose subject holds these words, oldest first."""
        return [one for one in list(self.sink.accepted) if address in one["To"] and about in str(one["Subject"])]

    def await_one(self, address: str, *, about: str = "", after: int = 0) -> Message:
        """Return the first such copy behind so many, as soon as it is there."""
        found: list[Message] = eventually(
            lambda: self.to(address, about=about)[after:],
            what=lambda: str([(one["To"], one["Subject"]) for one in self.sink.accepted]),
        )
        return found[0]


@contextmanager
def post_office(*, delay: float = 0.0) -> Iterator[Post]:
    """Start a server on a free loopback port that takes `delay` seconds for each mail; stopped at the end."""
    sink = Sink()
    sink.delay = delay
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield Post(sink, controller.port)
    finally:
        controller.stop()


def part(message: Message, kind: str) -> str:
    """Return the decoded part of a kind, such as text/plain."""
    found = next(one for one in message.walk() if one.get_content_type() == kind)
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(found.get_content_charset() or "utf-8")
