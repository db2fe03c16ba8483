"""The rows behind the keys of a version: what completions and events point at."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from journeys.authoring.models import JourneyVersion, Module, Step

KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Places:
    """steps: (row id, uuid) by bare step key. modules: uuid by module key."""

    steps: dict[str, tuple[int, UUID]]
    modules: dict[str, UUID]


# As with outlines: a published version never changes, and a publish that was made again has another date.
_known: "OrderedDict[tuple[UUID, datetime], Places]" = OrderedDict()
_lock: Final = Lock()


def places_of(version: JourneyVersion) -> Places:
    """Return the rows of a version: no query for a published one known to this process, else two."""
    if version.published_at is None:
        return _read(version)
    name = (version.uuid, version.published_at)
    with _lock:
        if name in _known:
            _known.move_to_end(name)
            return _known[name]
    places = _read(version)
    with _lock:
        _known[name] = places
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return places


def _read(version: JourneyVersion) -> Places:
    steps = Step.objects.filter(version_id=version.pk).values_list("key", "pk", "uuid")
    modules = Module.objects.filter(version_id=version.pk).values_list("key", "uuid")
    return Places({key: (pk, uuid) for key, pk, uuid in steps}, dict(modules))
