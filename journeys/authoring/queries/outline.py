"""The outline of a version, as the schedule takes it."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import events_of, indicators_of, modules_of, nudges_of
from journeys.authoring.rules.content import outline_from
from journeys.schedule.outline import Outline

KEPT: Final = 256

# Published versions never change, so each process keeps the outlines it has used. The date is part of the name: a
# publish that was rolled back and made again is another snapshot under the same uuid.
_known: "OrderedDict[tuple[UUID, datetime], Outline]" = OrderedDict()
_lock: Final = Lock()


def outline_of(version_id: int) -> Outline:
    """
    Return the outline of a version: for a published one known to this process one query, else four.

    Prefer outline_for where the version is loaded already. Raises UnknownVersion.
    """
    version = JourneyVersion.objects.filter(pk=version_id).select_related("journey").first()
    if version is None:
        raise UnknownVersion
    return outline_for(version)


def outline_for(version: JourneyVersion) -> Outline:
    """
    Return the outline of a loaded version: no query for a published one known to this process, else three.

    Two more where a rule asks how people rated themselves.

    version: with its journey selected. A draft is read afresh each time, with each activity's newest wording.
    """
    if version.published_at is None:
        return _read(version)
    name = (version.uuid, version.published_at)
    with _lock:
        if name in _known:
            _known.move_to_end(name)
            return _known[name]
    outline = _read(version)
    with _lock:
        _known[name] = outline
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return outline


def _read(version: JourneyVersion) -> Outline:
    modules = modules_of(version.pk, whole=False)
    nudges, events = nudges_of(version.pk), events_of(version)
    outline = outline_from(version.journey.key, version.title, modules, nudges, events)
    if not outline.asks_ratings:
        return outline
    return outline_from(version.journey.key, version.title, modules, nudges, events, indicators_of(version.pk))
