"""A learner's own reflections."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from config.accounts.actor import Actor
from config.accounts.reads import ReadAs
from config.support.prepared import text, whole
from learners.cohorts.models import Enrollment
from learners.reflections.errors import UnknownReflection
from learners.reflections.models import Reflection

_own_one: Final = ReadAs(lambda actor: _own(actor).filter(enrollment_id=whole("enrollment"), step_key=text("step")))


def list_reflections(actor: Actor) -> QuerySet[Reflection]:
    """Return the actor's own reflections in this organization, last changed first, with cohort and version."""
    return _own(actor).select_related("enrollment__cohort", "enrollment__version").order_by("-changed_at", "-id")


def get_own_reflection(actor: Actor, reflection_uuid: UUID) -> Reflection:
    """Return one of the actor's own reflections; one query. Raises UnknownReflection."""
    rows = _own(actor).select_related("enrollment__cohort", "enrollment__version")
    reflection = rows.filter(uuid=reflection_uuid).first()
    if reflection is None:
        raise UnknownReflection
    return reflection


def own_reflection(actor: Actor, enrollment_id: int, step_key: str) -> Reflection | None:
    """Return what the actor wrote at a step of their own enrollment, or None; one query."""
    return _own_one.first(actor, enrollment=enrollment_id, step=step_key)


def written_in(enrollment: Enrollment) -> QuerySet[Reflection]:
    """
    Return what the learner of an enrollment saved in it, for pages whose caller has checked that it is their own.

    enrollment: with its cohort. One query.
    """
    learner = Actor(enrollment.cohort.organization_id, user_id=enrollment.user_id)
    return _own(learner).filter(enrollment=enrollment, saved_at__isnull=False)


def drafts_in(enrollment_ids: Iterable[int]) -> QuerySet[Reflection, tuple[int, str]]:
    """Return (enrollment id, step key) of every reflection that was begun and not saved, without a word of it."""
    begun = Reflection.objects.filter(enrollment_id__in=list(enrollment_ids), saved_at__isnull=True).exclude(text="")
    return begun.values_list("enrollment_id", "step_key")


def _own(actor: Actor) -> QuerySet[Reflection]:
    if actor.user_id is None:
        return Reflection.objects.none()
    return Reflection.objects.filter(author_id=actor.user_id, enrollment__cohort__organization_id=actor.organization_id)
