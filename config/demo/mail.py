"""The mail folder of the demo: written under the clock of its story, read by its pages, emptied of an erased person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from django.conf import settings
from django.core import mail

from config.accounts.models import Organization
from config.support.mail_folder import MailFolder

_story_time: ContextVar[datetime | None] = ContextVar("story_time", default=None)


@contextmanager
def written_at(moment: datetime) -> Iterator[None]:
    """Let what is mailed inside carry this moment: in the story it is the present."""
    token = _story_time.set(moment)
    try:
        yield
    finally:
        _story_time.reset(token)


class StoryMailFolder(MailFolder):
    """The mail folder under the clock of the story."""

    def moment_of(self, message: mail.EmailMessage) -> datetime:
        return _story_time.get() or super().moment_of(message)


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail of the folder in a list. id: its file's name without the ending; to: the bare address."""

    id: str
    subject: str
    to: str
    name: str
    sent_at: datetime | None


def list_mails(to: str = "") -> tuple[list[KeptMail], dict[str, str]]:
    """
    Return the mails, newest first, those to one address where it is given; and the name of every address that got one.

    The name is the newest that a mail wrote, "" where none did.
    """
    mails = [_summary(path) for path in sorted(_folder().glob("[!.]*.eml"), reverse=True)]
    names: dict[str, str] = {}
    for kept in mails:
        names[kept.to] = names.get(kept.to) or kept.name
    return [kept for kept in mails if to in ("", kept.to)], names


def read_mail(mail_id: str) -> EmailMessage | None:
    """Return one mail, or None where there is none of this name."""
    path = _folder() / f"{mail_id}.eml"
    return _parsed(path) if path.exists() else None


def forget_mails(words: Sequence[str]) -> int:
    """
    Delete mails of the demo that carry one of these words (a name, an address), and return how many.

    A folder without a demo is the operator's own way of sending, and a real mail server keeps what it has: both are
    left alone.
    """
    if settings.EMAIL_URL or not Organization.objects.filter(is_demo=True).exists():
        return 0
    lowered = [word.lower() for word in words if word]
    found = [path for path in _folder().glob("*.eml") if _carries(path, lowered)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _carries(path: Path, words: Sequence[str]) -> bool:
    """Say whether anything that can be read in a mail has one of these words, which are in small letters."""
    message = _parsed(path)
    texts = [str(value) for value in message.values()]
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
            texts.append(str(part.get_content()))
    whole = "\n".join(texts).lower()
    return any(word in whole for word in words)


def _parsed(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


def _summary(path: Path) -> KeptMail:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parse(file)
    people: Sequence[Address] = getattr(headers["To"], "addresses", ())
    first = people[0] if people else Address()
    sent_at: datetime | None = getattr(headers["Date"], "datetime", None)
    if sent_at is not None and sent_at.tzinfo is None:
        # "-0000": written in UTC by a machine that does not say where it stands.
        sent_at = sent_at.replace(tzinfo=UTC)
    return KeptMail(path.stem, str(headers["Subject"] or ""), first.addr_spec, first.display_name, sent_at)


def _folder() -> Path:
    return Path(settings.MAIL_FOLDER)
