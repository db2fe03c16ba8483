"""Refusals of the library: activities and files that cannot be used, or are not yours."""

from config.support.errors import InvalidInput, NotFound


class ActivityNotFound(NotFound):
    """No such activity in this organization."""

    code = "activity_not_found"
    title = "There is no such activity"


class ActivityInvalid(InvalidInput):
    """An activity has faults; each has a JSON pointer and says what to do."""

    code = "activity_invalid"
    title = "This activity is not finished yet"


class AssetNotFound(NotFound):
    """No such file in this organization."""

    code = "asset_not_found"
    title = "There is no such file"


class AssetRefused(InvalidInput):
    """A file is too large, or it is not of a kind that can be shown safely."""

    code = "asset_refused"
    title = "This file cannot be used"
