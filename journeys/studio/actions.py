"""What one click in the studio does, where that is more than one act of authoring."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from content.kinds.keys import mint_key
from content.kinds.rows import WORDS_OF_A_KEY
from content.skills.actions import define_indicator
from content.skills.models import BehaviorIndicator
from content.uploads.actions import drop_upload
from content.uploads.errors import UploadGone
from journeys.authoring.actions.aims import set_events, set_version_indicators, set_version_skills
from journeys.authoring.actions.drafts import claim_draft
from journeys.authoring.actions.journeys import update_version
from journeys.authoring.actions.modules import Aim
from journeys.authoring.actions.steps import revise_step, update_step
from journeys.authoring.models import Act, JourneyVersion, Step
from journeys.authoring.rules.content import EventContent
from journeys.bundle.actions import import_as_shown
from journeys.bundle.queries import Bundle
from journeys.studio.models import HeldForm
from journeys.studio.queries import chosen_indicators


def save_version(
    *,
    version_id: int,
    title: str,
    summary: str,
    language: str,
    license: str,
    weeks: int,
    skills: Sequence[Aim],
    events: Sequence[EventContent] = (),
    expected_edits: int,
) -> JourneyVersion:
    """
    Describe a draft, set the events that its rules may wait for and the skills it aims at, in one transaction.

    Raises what update_version, set_events and set_version_skills raise.
    """
    with transaction.atomic():
        update_version(
            version_id=version_id,
            title=title,
            summary=summary,
            language=language,
            license=license,
            weeks=weeks,
            expected_edits=expected_edits,
        )
        set_events(version_id=version_id, events=events)
        return set_version_skills(version_id=version_id, skills=skills)


def save_step(
    *,
    step_id: int,
    title: str,
    minutes: int,
    topic: str,
    body: str,
    spec: Any,
    serves: str,
    required: bool,
    opens: Any,
    due: Any,
    author_id: int | None,
    now: datetime,
    expected_edits: int,
) -> Step:
    """
    Place a step and reword its activity, in one transaction.

    Raises what update_step and revise_step raise.
    """
    with transaction.atomic():
        update_step(
            step_id=step_id, serves=serves, required=required, opens=opens, due=due, expected_edits=expected_edits
        )
        return revise_step(
            step_id=step_id,
            title=title,
            minutes=minutes,
            topic=topic,
            body=body,
            spec=spec,
            author_id=author_id,
            now=now,
        )


def import_upload(
    *, upload_id: int, bundle: Bundle, seen: str, organization_id: int, author_id: int | None, now: datetime
) -> JourneyVersion:
    """
    Import a held bundle as it was shown and forget the file, in one transaction; of two confirmations one gets on.

    Raises UploadGone, and what import_as_shown raises; then the file is kept.
    """
    with transaction.atomic():
        if not drop_upload(upload_id=upload_id):
            raise UploadGone
        return import_as_shown(bundle=bundle, seen=seen, organization_id=organization_id, author_id=author_id, now=now)


def write_behavior(
    *,
    version_id: int,
    skill_key: str,
    text: str,
    levels: Sequence[str],
    author_id: int | None,
    now: datetime,
    expected_edits: int,
) -> JourneyVersion:
    """
    Write a behavior of the organization's own down and add it to those of the draft, in one transaction.

    levels: the anchors, lowest first. Raises what define_indicator and set_version_indicators raise.
    """
    with transaction.atomic():
        version = claim_draft(version_id=version_id, expected_edits=expected_edits, act=Act.BEHAVIORS)
        organization_id = version.journey.organization_id
        taken = BehaviorIndicator.objects.filter(Q(organization=None) | Q(organization_id=organization_id))
        beginning = " ".join(text.split()[:WORDS_OF_A_KEY])
        written = define_indicator(
            organization_id=organization_id,
            skill_key=skill_key,
            key=mint_key(beginning, taken=set(taken.values_list("key", flat=True)), fallback="behavior"),
            text=text,
            levels=levels,
            author_id=author_id,
            now=now,
        )
        chosen = chosen_indicators(version_id)
        return set_version_indicators(version_id=version_id, indicator_ids=[*chosen, written.pk])


def hold_form(
    *, version_id: int, user_id: int, place: str, fields: Mapping[str, Sequence[str]], edits: int, now: datetime
) -> None:
    """Keep what a designer has typed in a form, valid or not, in place of what was kept of it before."""
    HeldForm.objects.update_or_create(
        version_id=version_id,
        user_id=user_id,
        place=place,
        defaults={"fields": {name: list(values) for name, values in fields.items()}, "edits": edits, "held_at": now},
    )


def let_go_of_form(*, version_id: int, user_id: int, place: str) -> None:
    """Forget what a designer had typed in a form, because it is saved or not wanted."""
    HeldForm.objects.filter(version_id=version_id, user_id=user_id, place=place).delete()
