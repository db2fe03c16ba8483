"""Refusals of the kinds: a spec or an answer that cannot be used, and a kind that does not exist."""

from config.support.errors import InvalidInput, NotFound


class SpecError(InvalidInput):
    """What the designer wrote has faults; each fault has a JSON pointer and says what to do."""

    code = "spec_invalid"
    title = "This activity is not finished yet"


class ResponseError(InvalidInput):
    """An answer does not fit its activity; each fault has a JSON pointer and says what to do."""

    code = "response_invalid"
    title = "This answer does not fit the activity"


class UnknownKind(NotFound):
    """No activity kind has this name."""

    code = "unknown_kind"
    title = "There is no such kind of activity"
