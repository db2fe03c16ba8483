"""The files that activities show, for members of the organization they belong to."""

import re
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from content.activities.models import Asset
from content.activities.queries import get_asset

RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
A_YEAR = 31_536_000


@require_safe
@member_page
def asset(request: HttpRequest, actor: Actor, uuid: UUID) -> HttpResponse:
    """Send one file, whole or the part a player asks for; a stranger gets 404."""
    found = get_asset(actor, uuid)
    etag = f'"{found.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _guarded(HttpResponseNotModified(), found)
    if not default_storage.exists(str(found.file)):
        raise Http404
    part = RANGE.match(request.headers.get("Range", ""))
    if part and request.headers.get("If-Range", etag) == etag:
        return _guarded(_part(found, *part.groups()), found)
    return _guarded(FileResponse(found.file.open("rb"), content_type=found.content_type), found)


def _part(found: Asset, first: str, last: str) -> HttpResponseBase:
    """Send the bytes from first to last; without first, the last ones. Films cannot be wound without this."""
    size = found.file.size
    start = int(first) if first else max(size - int(last or 0), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end or not (first or last):
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    stream = found.file.open("rb")
    stream.seek(start)
    response = FileResponse(_Slice(stream, end - start + 1), status=206, content_type=found.content_type)
    response["Content-Length"] = str(end - start + 1)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


class _Slice:
    """The next so many bytes of a stream, and nothing behind them."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        self.stream.close()


def _guarded(response: HttpResponseBase, found: Asset) -> HttpResponse:
    """Say what the bytes are, that they may run nothing, and that they never change."""
    response["ETag"] = f'"{found.sha256}"'
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    ending = str(found.file).rsplit(".", 1)[-1]
    response["Content-Disposition"] = f'inline; filename="{found.sha256[:12]}.{ending}"'
    patch_cache_control(response, private=True, max_age=A_YEAR, immutable=True)
    return response  # type: ignore[return-value]
