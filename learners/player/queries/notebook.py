"""Reflections as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from config.accounts.actor import Actor
from content.kinds.contract import AudienceChoice
from content.kinds.registry import parse_spec
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import effective_revision, outline_for, step_on_record, steps_on_record
from learners.reflections.models import Reflection
from learners.reflections.queries import (
    audience_choices,
    get_own_reflection,
    get_readable,
    list_reflections,
    list_shared_with,
)


@dataclass(frozen=True)
class Note:
    """
    One reflection with its place. change_url: where its author writes on, "" for a reader.

    choices: whom its author may let in, with names; empty for a reader.
    """

    row: Reflection
    title: str
    journey: str
    author: str
    is_mine: bool
    change_url: str
    choices: Sequence[AudienceChoice] = ()

    @property
    def is_draft(self) -> bool:
        return self.row.saved_at is None

    @property
    def is_shared(self) -> bool:
        return not self.is_draft and self.row.audience != "private"


def load_notebook(actor: Actor) -> tuple[list[Note], list[Note]]:
    """
    Return the person's own notes and those shared with them, newest first.

    Two queries for known versions, and one more for each version that has lost a step of theirs.
    """
    own = list(list_reflections(actor).select_related("enrollment__version__journey"))
    shared = list(list_shared_with(actor).select_related("enrollment__version__journey")[:100])
    lost = _lost_titles([*own, *shared])
    return [_note(row, lost, is_mine=True) for row in own], [_note(row, lost, is_mine=False) for row in shared]


def load_note(actor: Actor, reflection_uuid: UUID) -> Note:
    """Return a note that the actor may read. Raises UnknownReflection."""
    row = get_readable(actor, reflection_uuid)
    if row.author_id == actor.user_id:
        return load_own_note(actor, reflection_uuid)
    return _note(row, _lost_titles([row]), is_mine=False)


def load_own_note(actor: Actor, reflection_uuid: UUID) -> Note:
    """Return one of the actor's own notes with whom they may let in. Raises UnknownReflection."""
    row = get_own_reflection(actor, reflection_uuid)
    step = step_on_record(row.enrollment.version, row.step_key)
    spec: Any = parse_spec("reflection", effective_revision(step).spec)
    return _note(row, _lost_titles([row]), is_mine=True, choices=audience_choices(row.enrollment, spec.audience))


def _lost_titles(rows: Sequence[Reflection]) -> dict[tuple[int, str], str]:
    """The titles of steps that the versions of these reflections have lost, by version and step key."""
    lost: dict[JourneyVersion, set[str]] = {}
    for row in rows:
        version = row.enrollment.version
        if row.step_key not in outline_for(version).steps_by_key:
            lost.setdefault(version, set()).add(row.step_key)
    return {
        (version.pk, key): effective_revision(step).title
        for version, keys in lost.items()
        for key, step in steps_on_record(version, keys).items()
    }


def _note(
    row: Reflection,
    lost: Mapping[tuple[int, str], str],
    *,
    is_mine: bool,
    choices: Sequence[AudienceChoice] = (),
) -> Note:
    version = row.enrollment.version
    step = outline_for(version).steps_by_key.get(row.step_key)
    change = reverse("step", args=[row.enrollment.uuid, row.step_key]) + "?change=1"
    return Note(
        row=row,
        title=step.title if step else lost.get((version.pk, row.step_key), row.step_key),
        journey=version.title,
        author=str(row.author) if not is_mine else "",
        is_mine=is_mine,
        # What stands in a step that the journey has lost can be read and shared, and no longer changed.
        change_url=change if is_mine and step else "",
        choices=choices,
    )
