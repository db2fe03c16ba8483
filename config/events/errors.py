"""Mistakes in recording what happened."""


class UnknownVerb(ValueError):
    """The code recorded a verb that config/events/verbs.py does not list: add it there first."""
