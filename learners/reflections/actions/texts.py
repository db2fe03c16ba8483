"""Writing, sharing, taking back and deleting a learner's own account."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from config.support.errors import Fault
from learners.cohorts.models import Enrollment
from learners.progress.actions.completing import complete_locked, own_completion
from learners.progress.actions.locking import lock_standing, require_open
from learners.progress.actions.settling import event_of
from learners.progress.queries.standing import Standing
from learners.reflections.actions.asked import spec_of
from learners.reflections.errors import AudienceTooWide, NewerVersion, NothingWritten, UnknownReflection
from learners.reflections.models import Reflection
from learners.reflections.models.reflection import Audience

LONGEST: Final = 50_000


@transaction.atomic
def save_draft(
    *,
    enrollment_id: int,
    step_key: str,
    text: str,
    audience: str = Audience.PRIVATE,
    expected_revision: int | None = None,
    now: datetime,
) -> Reflection:
    """
    Keep an unfinished text, as autosave does; nobody but the author can read it.

    A shared text becomes a draft again while it is being changed, and so does a private one for which a wider audience
    is chosen, so that no half sentence reaches anybody; saving shares it anew. A private one that stays private stays
    saved. expected_revision: the one that the page knows; None for a page that saw no text.
    Raises NewerVersion, AudienceTooWide, WrongKind, and the refusals of a step that is not open.
    """
    enrollment, _, spec = _open_step(enrollment_id, step_key, now)
    _check(spec, text, audience)
    reflection = _current(enrollment, step_key, expected_revision, now)
    was_shared = _is_shared(reflection)
    if was_shared or audience != Audience.PRIVATE:
        reflection.saved_at = None
    _write(reflection, spec, text, audience, now)
    if was_shared:
        _tell(enrollment, reflection, verb="reflection.unshared", now=now)
    return reflection


@transaction.atomic
def save_reflection(
    *,
    enrollment_id: int,
    step_key: str,
    text: str,
    audience: str = Audience.PRIVATE,
    expected_revision: int | None = None,
    now: datetime,
) -> Reflection:
    """
    Save a reflection, share it with its audience if that is wider than its author, and complete the step.

    Saving again changes the text or the audience; the step stays completed as of the first time.
    Raises NothingWritten, AudienceTooWide, NewerVersion, WrongKind, and the refusals of complete_step.
    """
    enrollment, standing, spec = _open_step(enrollment_id, step_key, now)
    if not text.strip():
        raise NothingWritten(faults=[Fault("/text", NothingWritten.title)])
    _check(spec, text, audience)
    reflection = _current(enrollment, step_key, expected_revision, now)
    shared_before = reflection.audience if _is_shared(reflection) else None
    reflection.saved_at = now
    _write(reflection, spec, text, audience, now)
    events = []
    if _is_shared(reflection) and audience != shared_before:
        events.append(_event(enrollment, reflection, verb="reflection.shared", now=now))
    if shared_before is not None and not _is_shared(reflection):
        events.append(_event(enrollment, reflection, verb="reflection.unshared", now=now))
    complete_locked(enrollment, standing, own_completion(enrollment, step_key, now=now), events=events, now=now)
    return reflection


@transaction.atomic
def unshare(*, actor: Actor, reflection_uuid: UUID, now: datetime) -> Reflection:
    """
    Take a shared reflection back: from now on only its author can read it. Works after withdrawal too.

    A repeat changes nothing. Raises UnknownReflection for a text that is not the actor's own.
    """
    reflection = _own(actor, reflection_uuid)
    was_shared = _is_shared(reflection)
    if reflection.audience != Audience.PRIVATE:
        reflection.audience = Audience.PRIVATE
        reflection.changed_at = now
        reflection.revision += 1
        reflection.save(update_fields=["audience", "changed_at", "revision"])
    if was_shared:
        _tell(reflection.enrollment, reflection, verb="reflection.unshared", now=now)
    return reflection


@transaction.atomic
def delete_reflection(*, actor: Actor, reflection_uuid: UUID, now: datetime) -> None:
    """
    Delete a reflection for good; no copy stays. The step stays completed, without the text.

    Raises UnknownReflection for a text that is not the actor's own.
    """
    reflection = _own(actor, reflection_uuid)
    _tell(reflection.enrollment, reflection, verb="reflection.deleted", now=now)
    reflection.delete()


def _open_step(enrollment_id: int, step_key: str, now: datetime) -> tuple[Enrollment, Standing, Any]:
    enrollment, standing = lock_standing(enrollment_id)
    require_open(enrollment, standing, step_key, now=now)
    return enrollment, standing, spec_of(enrollment.version_id, step_key, "reflection")


def _check(spec: Any, text: str, audience: str) -> None:
    if audience not in spec.audiences:
        raise AudienceTooWide(faults=[Fault("/audience", AudienceTooWide.title)])
    if len(text) > LONGEST:
        raise NothingWritten(
            "This text is too long to keep.", faults=[Fault("/text", f"Write at most {LONGEST:,} characters.")]
        )


def _current(enrollment: Enrollment, step_key: str, expected_revision: int | None, now: datetime) -> Reflection:
    """Return the row to write into. The enrollment's lock keeps a second tab from writing between this and the save."""
    reflection = Reflection.objects.filter(enrollment=enrollment, step_key=step_key).first()
    if reflection is None:
        return Reflection(enrollment=enrollment, step_key=step_key, author_id=enrollment.user_id, started_at=now)
    if expected_revision != reflection.revision:
        raise NewerVersion(reflection.revision)
    return reflection


def _write(reflection: Reflection, spec: Any, text: str, audience: str, now: datetime) -> None:
    reflection.prompt = spec.prompt
    reflection.text = text.replace("\x00", "")
    reflection.audience = audience
    reflection.changed_at = now
    reflection.revision += 1
    reflection.save()


def _own(actor: Actor, reflection_uuid: UUID) -> Reflection:
    rows = Reflection.objects.select_for_update(of=("self",)).select_related(
        "enrollment__cohort", "enrollment__version__journey"
    )
    reflection = rows.filter(
        uuid=reflection_uuid,
        author_id=actor.user_id,
        enrollment__cohort__organization_id=actor.organization_id,
    ).first()
    if actor.user_id is None or reflection is None:
        raise UnknownReflection
    return reflection


def _is_shared(reflection: Reflection) -> bool:
    return reflection.saved_at is not None and reflection.audience != Audience.PRIVATE


def _tell(enrollment: Enrollment, reflection: Reflection, *, verb: str, now: datetime) -> None:
    _event(enrollment, reflection, verb=verb, now=now).save(force_insert=True)


def _event(enrollment: Enrollment, reflection: Reflection, *, verb: str, now: datetime) -> ActivityEvent:
    """Say that it happened: keys and the audience, never a word of the text, not even how long it is."""
    return event_of(
        enrollment,
        verb=verb,
        object_type="reflection",
        object_uuid=reflection.uuid,
        occurred_at=now,
        now=now,
        actor_id=enrollment.user_id,
        data={"step": reflection.step_key, "audience": reflection.audience},
    )
