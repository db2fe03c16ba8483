"""Log lines: readable by people, or JSON with LOG_JSON=1. No personal data belongs in either."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

# A signed link is a key to what it opens; it must not be found in a log.
SIGNED = re.compile(r"/(sign-off|unsubscribe|invitation|confirm-email|reset/key)/[^/\s?]+")
# A list is searched by names, and an address of ours may be asked for with anything behind it.
QUERY = re.compile(r"(?<!\S)(/[^\s?]*)\?\S+")
# Whatever a library says, addresses of people and keys do not reach a log.
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SECRET = re.compile(r"\b(Bearer\s+|wm_|whsec_)[\w~+/.-]{4,}=*")
LONGEST_MESSAGE: Final = 200


def scrub(text: str) -> str:
    """Return a text without addresses of people, keys, tokens of signed links, and what somebody searched for."""
    short = QUERY.sub(r"\1?…", SIGNED.sub(r"/\1/…", text))
    return SECRET.sub(r"\1…", ADDRESS.sub("…@…", short))


def _scrubbed(value: Any) -> Any:
    """Scrub before a line is formed: cut out of the finished line, a token would take the quotes behind it along."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _scrubbed(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(one) for one in value]
    return scrub(value if isinstance(value, str) else repr(value))


def _scrub_event(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return {key: _scrubbed(value) for key, value in event.items()}


def told(error: BaseException | None) -> str:
    """
    Return the traceback of an error and of what caused it, with the first line of each message alone.

    A database quotes the row that broke a constraint, and a validator the value that it refused, in the lines after.
    """
    if error is None:
        return ""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    first = (str(error).splitlines() or [""])[0][:LONGEST_MESSAGE]
    where = "".join(traceback.format_tb(error.__traceback__))
    own = f"Traceback (most recent call last):\n{where}{type(error).__qualname__}: {first}"
    return f"{told(before)}\n\nwhich led to\n\n{own}" if before is not None else own


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    error: BaseException | None = (exc_info if isinstance(exc_info, tuple) else sys.exc_info())[1]
    return error


def _told_of(exc_info: ExcInfo) -> str:
    return told(_error_of(exc_info))


def formatter(*, as_json: bool) -> logging.Formatter:
    """Return the formatter of every handler; request ids of structlog are merged in."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # The usual formatters of errors print whole messages or local variables, and with them what people wrote.
            structlog.processors.ExceptionRenderer(_told_of),
            _scrub_event,
            renderer,
        ],
    )


def configure() -> None:
    """Send structlog's own events through Django's logging, so that one set of levels and handlers decides."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
