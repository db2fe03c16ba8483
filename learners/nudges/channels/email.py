"""Mail through Django's mail connection: one connection for many messages, every failure classified."""

import re
import smtplib
from email.utils import formataddr
from types import TracebackType
from typing import Any, Final, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from learners.nudges.channels.contract import ChannelError, Letter, Refusal
from learners.nudges.channels.smtp import WatchedBackend

# Longer than this nobody waits for one answer of a mail server; the sending lease outlasts it (see actions/dispatch).
SEND_TIMEOUT_SECONDS: Final = 60

_SMTP_BACKEND: Final = "django.core.mail.backends.smtp.EmailBackend"
_OUR_SMTP_BACKEND: Final = "learners.nudges.channels.smtp.WatchedBackend"
# Enhanced status codes (RFC 3463) about the mailbox itself. Codes about policy or content say nothing of the address.
_DEAD_MAILBOX: Final = re.compile(r"\b5\.1\.[0-36]\b|\b5\.2\.1\b")
_ENHANCED: Final = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
_DEAD_CODES: Final = frozenset({550, 551, 553})
_ADDRESS: Final = re.compile(r"[^\s<>@\"']+@[^\s<>@\"']+")


class MailPost:
    """
    A mail connection for one batch or several; use it as a context manager.

    `ready` opens the connection, so that a dead server is known before any intent is written. After a failure of the
    server itself `is_down` stays true and the rest of the batch need not wait for the same time-out again.
    """

    def __init__(self) -> None:
        self._backend: Any = None
        self._sent_before = False
        self.is_down = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def try_again(self) -> None:
        """Forget that the server was away: each batch asks it once."""
        self.is_down = False

    def ready(self) -> None:
        """Open the connection when it is not open. Raises ChannelError, always a transient one."""
        if self._backend is not None:
            return
        backend = _backend()
        try:
            backend.open()
        except Exception as error:
            self.is_down = True
            backend.connection = None
            raise ChannelError(_words(error), refusal=Refusal.TRANSIENT, is_down=True) from error
        self._backend, self._sent_before = backend, False

    def send(self, letter: Letter) -> str:
        """
        Hand one mail over and return the provider's id for it, "" where it gives none. Raises ChannelError.

        A server that hung up between two messages is called once more: nothing of this one had been said yet.
        """
        self.ready()
        message = compose(letter)
        message.connection = self._backend
        try:
            self._hand_over(message)
        except ChannelError as error:
            if not (self._sent_before and error.is_down and error.refusal is Refusal.TRANSIENT):
                raise
            self.is_down = False
            self.ready()
            message.connection = self._backend
            self._hand_over(message)
        self._sent_before = True
        status = getattr(message, "anymail_status", None)
        return str(getattr(status, "message_id", "") or "")[:200]

    def _hand_over(self, message: EmailMultiAlternatives) -> None:
        try:
            message.send()
        except Exception as error:
            refused = classify(error, handing_over=getattr(self._backend, "may_have_handed_over", None))
            if refused.is_down or refused.refusal is Refusal.AMBIGUOUS:
                self.is_down = refused.is_down
                self._close()
            raise refused from error

    def _close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is None:
            return
        try:
            backend.close()
        except (OSError, smtplib.SMTPException):
            # What was sent is sent, and marked; a rude end of the conversation changes nothing.
            backend.connection = None


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Build the mail: text first, HTML beside it, our own Message-ID and headers."""
    name = " ".join(letter.name.split())
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((name, letter.address)) if name else letter.address],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated", **letter.headers},
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def classify(error: Exception, *, handing_over: bool | None) -> ChannelError:
    """
    Return what an exception of a mail backend means for the message.

    4xx and every trouble with the server, its name, its certificate or our log-in there: try again. 5xx: never again,
    and where the mailbox does not exist, nothing to this address ever again. A conversation that broke while the
    message was on the wire, and any error of unknown meaning after sending began: nobody knows.
    handing_over: whether the message was on the wire; None = this backend cannot tell.
    """
    detail = _words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()), (0, b""))
        return _by_code(code, f"{code} {_plain(reply)}", about_mailbox=True)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, detail, about_mailbox=False)
    if isinstance(error, smtplib.SMTPException | OSError):
        is_plain_no = handing_over is False
        return ChannelError(detail, refusal=Refusal.TRANSIENT if is_plain_no else Refusal.AMBIGUOUS, is_down=True)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        is_transient = status in (408, 425, 429) or status >= 500
        return ChannelError(detail, refusal=Refusal.TRANSIENT if is_transient else Refusal.PERMANENT)
    # A mail that cannot even be written down, such as one with a broken header, has not left.
    return ChannelError(detail, refusal=Refusal.PERMANENT if handing_over is False else Refusal.AMBIGUOUS)


def _by_code(code: int, detail: str, *, about_mailbox: bool) -> ChannelError:
    if not 500 <= code < 600:
        return ChannelError(_scrub(detail), refusal=Refusal.TRANSIENT, is_down=code == 421)
    enhanced = _ENHANCED.search(detail)
    is_dead = bool(_DEAD_MAILBOX.search(detail)) if enhanced else about_mailbox and code in _DEAD_CODES
    return ChannelError(_scrub(detail), refusal=Refusal.PERMANENT, address_is_dead=is_dead)


def _backend() -> Any:
    if settings.EMAIL_BACKEND in (_SMTP_BACKEND, _OUR_SMTP_BACKEND):
        return WatchedBackend(timeout=SEND_TIMEOUT_SECONDS)
    return get_connection()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _scrub(f"{error.smtp_code} {_plain(error.smtp_error)}")
    return _scrub(f"{type(error).__name__}: {error}")


def _plain(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)


def _scrub(text: str) -> str:
    """Servers repeat the address in their answer; the record of a message must not hold it."""
    return _ADDRESS.sub("[address]", " ".join(text.split()))[:380]
