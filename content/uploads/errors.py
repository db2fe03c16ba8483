"""Refusals of held files."""

from config.support.errors import NotFound


class UploadGone(NotFound):
    """The file was confirmed, replaced or forgotten, or it is somebody else's."""

    code = "upload_gone"
    title = "This file is no longer kept. Choose it again."
