"""What the schedule leaves out of a version: the words that a learner reads about each module."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from journeys.authoring.models import JourneyVersion, Module, ModuleSkill

KEPT: Final = 256

# A published version never changes, so each process keeps what it has read; see journeys.authoring.queries.outline.
_known: "OrderedDict[tuple[UUID, datetime], Mapping[str, ModuleText]]" = OrderedDict()
_lock: Final = Lock()


@dataclass(frozen=True, slots=True)
class ModuleText:
    """
    The words about one module.

    outcome finishes "You will be able to …". skills: titles, in the designer's order.
    """

    title: str
    outcome: str
    motivation: str
    skills: tuple[str, ...]


def module_texts(version: JourneyVersion) -> Mapping[str, ModuleText]:
    """
    Return the words about each module by its key.

    No query for a published version that this process has read before, else two.
    """
    if version.published_at is None:
        return _read(version.pk)
    name = (version.uuid, version.published_at)
    with _lock:
        if name in _known:
            _known.move_to_end(name)
            return _known[name]
    texts = _read(version.pk)
    with _lock:
        _known[name] = texts
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return texts


def _read(version_id: int) -> Mapping[str, ModuleText]:
    skills = ModuleSkill.objects.select_related("skill").order_by("position", "id")
    modules = Module.objects.filter(version_id=version_id).prefetch_related(Prefetch("skills", skills))
    return {
        module.key: ModuleText(
            title=module.title,
            outcome=module.outcome,
            motivation=module.why_motivation,
            skills=tuple(row.skill.title for row in module.skills.all()),
        )
        for module in modules
    }
