"""The cohort is written once a module, under a clock that then stands still; every mail and log line is kept."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from config.logs import formatter
from tests.canaries.texts import LOOKED_AT, Stage, make_stage


class Listener(logging.Handler):
    """Keeps every line that is logged, as the formatter of the real handlers writes it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(formatter(as_json=True))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@dataclass
class Kept:
    """A stage with what went out while it was built. mails: (address, everything in the message)."""

    stage: Stage
    mails: list[tuple[str, str]]
    logs: Listener


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
    listener = Listener()
    logging.getLogger().addHandler(listener)
    loggers = [logging.getLogger(name) for name in ("", "django_structlog", "django.request")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    with django_db_blocker.unblock(), time_machine.travel(LOOKED_AT, tick=False), transaction.atomic():
        mail.outbox = []
        stage = make_stage()
        mails = [(message.to[0], message.message().as_bytes().decode()) for message in mail.outbox]
        yield Kept(stage, mails, listener)
        transaction.set_rollback(True)
    logging.getLogger().removeHandler(listener)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
