"""Refusals of publishing."""

from config.support.errors import InvalidInput


class NotReady(InvalidInput):
    """The checks found errors; each is listed with its place."""

    code = "not_ready"
    title = "This version cannot be published yet"
