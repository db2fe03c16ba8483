"""Reads of held files."""

from datetime import datetime
from uuid import UUID

from config.accounts.actor import Actor
from content.uploads.errors import UploadGone
from content.uploads.models import HeldUpload


def held_upload(actor: Actor, uuid: UUID, *, purpose: str, now: datetime) -> HeldUpload:
    """Return a file that the actor sent, with its bytes; one query. Raises UploadGone."""
    found = HeldUpload.objects.visible_to(actor).held_at(now).filter(uuid=uuid, purpose=purpose).first()
    if found is None:
        raise UploadGone
    return found
