"""The history of a version in plain words: who changed what, and which states can come back."""

from dataclasses import dataclass
from typing import Final

from journeys.authoring.models import DraftEdit, JourneyVersion
from journeys.authoring.queries.history import content_in, edits_of, rows_named_in, state_of
from journeys.authoring.rules.states import State
from journeys.publishing.rules.change import change_between

PAGE: Final = 20
# Of somebody who had a page open for longer, the newest of what was changed is told.
MOST_TOLD: Final = 50


@dataclass(frozen=True, slots=True)
class EditLine:
    """
    One edit. words: what it changed; empty for one that changed nothing, or whose state is not kept any more.

    after: the number by which restore_state brings the state back that this edit led to; None where the version stands
    so now, or where it is not kept.
    """

    edit: DraftEdit
    words: tuple[str, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class History:
    """
    One page of it, newest first. older: the number that the next page continues from, None at the end.

    beginning: the number by which restore_state brings the state back that the oldest edit began from; None where
    there are older pages, or where it is not kept.
    """

    lines: tuple[EditLine, ...]
    older: int | None
    beginning: int | None


def history_of(version: JourneyVersion, *, older_than: int | None = None) -> History:
    """Return a page of a version's history. older_than: an edit's number. At most 13 queries, whatever the number."""
    edits = edits_of(version.pk)
    newer: DraftEdit | None = None
    if older_than is None:
        found = list(edits[: PAGE + 1])
        stands: State | None = state_of(version)
    else:
        found = list(edits.filter(number__lte=older_than)[: PAGE + 2])
        newer, found = (found[0], found[1:]) if found else (None, [])
        stands = newer.before if newer else None
    shown = found[:PAGE]
    lines = _lines(version, shown, newer, stands)
    has_older = len(found) > PAGE
    last = shown[-1] if shown else None
    is_kept = last is not None and last.before is not None and not has_older
    return History(lines, last.number if last and has_older else None, last.number if last and is_kept else None)


def _lines(
    version: JourneyVersion, edits: list[DraftEdit], newer: DraftEdit | None, stands: State | None
) -> tuple[EditLine, ...]:
    named = rows_named_in([state for state in [stands, *(edit.before for edit in edits)] if state is not None])
    lines = []
    after, after_number = stands, newer.number if newer and newer.before else None
    new = content_in(after, named) if after else None
    for edit in edits:
        old = content_in(edit.before, named) if edit.before else None
        words = change_between(old, new).words if old and new and edit.before != after else ()
        lines.append(EditLine(edit, words, after_number))
        after, new, after_number = edit.before, old, edit.number if edit.before else None
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a draft since a page was drawn: what changed in words, and the names of who changed it."""

    words: tuple[str, ...]
    people: tuple[str, ...]


def changed_since(version: JourneyVersion, known: int) -> Since:
    """Return what changed since a draft counted so many edits; at most 12 queries."""
    edits = list(edits_of(version.pk).filter(number__gt=known)[:MOST_TOLD])
    people = tuple(dict.fromkeys(str(edit.made_by) for edit in edits if edit.made_by))
    first, stands = (edits[-1].before if edits else None), state_of(version)
    if first is None:
        return Since((), people)
    named = rows_named_in([first, stands])
    return Since(change_between(content_in(first, named), content_in(stands, named)).words, people)
