"""Refusals about ratings."""

from config.support.errors import DomainError


class RatingStands(DomainError):
    """A rating was given more than a day ago, and was to be changed."""

    code = "rating_stands"
    title = "This rating was given more than a day ago, so it stays as it is: later ones are compared with it."


class NothingToRate(DomainError):
    """The journey has none of the behaviors that the step asks about."""

    code = "nothing_to_rate"
    title = "This journey does not have a behavior that this step asks about. Tell whoever runs the journey."
