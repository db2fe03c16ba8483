"""Bringing an earlier state of a draft back, as one more edit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from config.support.errors import Fault
from content.activities.actions import bring_back
from content.activities.models import Activity
from journeys.authoring.actions.drafts import Rows, claim_draft, empty_version, fill_version
from journeys.authoring.errors import NothingToUndo, StateGone
from journeys.authoring.models import Act, DraftEdit, JourneyVersion
from journeys.authoring.queries.history import Named, content_in, edit_to_undo, rows_named_in, shown_elsewhere, state_of
from journeys.authoring.rules.states import State, skill_ids_in, steps_in


@dataclass(frozen=True, slots=True)
class Restored:
    """
    A draft that got an earlier state back.

    kept: titles of the steps whose newer words stay, because another draft shows them too.
    """

    version: JourneyVersion
    kept: tuple[str, ...]


def restore_state(
    *, version_id: int, number: int, author_id: int | None, now: datetime, expected_edits: int | None = None
) -> Restored:
    """
    Give a draft the state back that the edit of this number began from; keys stay what they were.

    Steps that say something else by now get their earlier words as a new revision of their activity. Raises StateGone
    for a state that is not kept or names what was deleted since, VersionFrozen, EditedMeanwhile, UnknownVersion.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.RESTORED)
        edit = DraftEdit.objects.filter(version=version, number=number).exclude(before=None).first()
        if edit is None:
            raise StateGone
        return _restore(version, edit, author_id, now)


def undo_last(*, version_id: int, author_id: int | None, now: datetime, expected_edits: int | None = None) -> Restored:
    """
    Take the newest change of a draft back; undoing an undo brings the change again.

    Raises NothingToUndo, and what restore_state raises.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.UNDONE)
        edit = edit_to_undo(version_id, state_of(version))
        if edit is None:
            raise NothingToUndo
        return _restore(version, edit, author_id, now)


def _restore(version: JourneyVersion, edit: DraftEdit, author_id: int | None, now: datetime) -> Restored:
    state: State = edit.before or {}
    named = rows_named_in([state])
    _refuse_what_is_gone(version, state, named)
    content = content_in(state, named, key=version.journey.key)
    rows = Rows(
        skills={named.skills[pk].key: pk for pk in skill_ids_in(state)},
        indicators={named.indicators[pk].key: pk for pk in state["indicators"]},
        activities={step["key"]: step["activity_id"] for step in steps_in(state)},
    )
    empty_version(version)
    fill_version(version, content, rows)
    return Restored(version, tuple(_reworded(version, state, named, author_id, now)))


def _refuse_what_is_gone(version: JourneyVersion, state: State, named: Named) -> None:
    """Raise StateGone where a row that the state names was deleted, so that the draft could only come back in part."""
    mine = Q(organization_id=version.journey.organization_id)
    wanted = {step["activity_id"] for step in steps_in(state)}
    is_whole = (
        skill_ids_in(state) == set(named.skills)
        and set(state["indicators"]) == set(named.indicators)
        and {step["revision_id"] for step in steps_in(state)} == set(named.revisions)
        and Activity.objects.filter(mine, pk__in=wanted).count() == len(wanted)
    )
    if not is_whole:
        detail = "A skill, a behavior or an activity of this state was deleted since, so it cannot come back whole."
        raise StateGone(detail, faults=[Fault("", detail, "state_gone")])


def _reworded(
    version: JourneyVersion, state: State, named: Named, author_id: int | None, now: datetime
) -> Iterator[str]:
    """Give steps their earlier words back; yields the titles of those that keep the newer ones."""
    wanted: Mapping[int, int] = {step["activity_id"]: step["revision_id"] for step in steps_in(state)}
    newest = dict(Activity.objects.filter(pk__in=wanted).values_list("pk", "latest_id"))
    changed = {pk: revision for pk, revision in wanted.items() if newest[pk] != revision}
    elsewhere = shown_elsewhere(version.pk, changed) if changed else frozenset()
    for activity_id, revision_id in changed.items():
        if activity_id in elsewhere:
            yield named.revisions[revision_id].title
        else:
            bring_back(revision_id=revision_id, author_id=author_id, now=now)
