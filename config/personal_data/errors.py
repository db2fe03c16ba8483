"""What is refused when somebody wants their data, or wants it gone."""

from config.support.errors import DomainError, NotFound


class NobodyThere(NotFound):
    """No person has this address, or the one who had it was erased."""

    code = "nobody_there"
    title = "Nobody has this address"


class StillNeeded(DomainError):
    """Without this person nobody could run an organization, or the installation."""

    code = "still_needed"
    title = "Somebody else has to take over first"


class WrongCode(DomainError):
    """The mailed code was mistyped, is too old, or was tried too often."""

    code = "wrong_code"
    status = 422
    title = "That code does not fit. Ask for a new one."
