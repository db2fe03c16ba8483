"""A learner's own commitments; nobody else reads them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from config.accounts.actor import Actor
from config.accounts.reads import ReadAs
from config.support.prepared import moment, text, whole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.reflections.errors import UnknownCommitment
from learners.reflections.models import CheckIn, Commitment

_own_one: Final = ReadAs(lambda actor: _own(actor).filter(enrollment_id=whole("enrollment"), step_key=text("step")))


def list_commitments(actor: Actor) -> QuerySet[Commitment]:
    """
    Return the actor's own commitments in this organization, newest first, each with its answers newest first.

    Two queries; `check_ins.all()` costs none.
    """
    answers = Prefetch("check_ins", CheckIn.objects.order_by("-answered_at", "-id"))
    rows = _own(actor).select_related("enrollment__cohort", "enrollment__version").prefetch_related(answers)
    return rows.order_by("-made_at", "-id")


def get_own_commitment(actor: Actor, commitment_uuid: UUID) -> Commitment:
    """Return one of the actor's own commitments; one query. Raises UnknownCommitment."""
    commitment = _own(actor).select_related("enrollment__cohort").filter(uuid=commitment_uuid).first()
    if commitment is None:
        raise UnknownCommitment
    return commitment


def own_commitment(actor: Actor, enrollment_id: int, step_key: str) -> Commitment | None:
    """Return the plan that the actor made at a step of their own enrollment, or None; one query."""
    return _own_one.first(actor, enrollment=enrollment_id, step=step_key)


def due_check_ins(actor: Actor, *, now: datetime) -> list[Commitment]:
    """
    Return the actor's commitments whose moment to be asked has come and that were not answered since, oldest first.

    People who withdrew are not asked. One query.
    """
    return _due(actor, now=now)


def _read_due(actor: Actor) -> QuerySet[Commitment]:
    answered = CheckIn.objects.filter(commitment=OuterRef("pk"), answered_at__gte=OuterRef("changed_at"))
    rows = _own(actor).filter(~Exists(answered), check_in_at__lte=moment("now"))
    rows = rows.exclude(enrollment__status=EnrollmentStatus.WITHDRAWN)
    return rows.select_related("enrollment__cohort", "enrollment__version").order_by(F("check_in_at").asc(), "id")


_due: Final = ReadAs(_read_due)


def _own(actor: Actor) -> QuerySet[Commitment]:
    if actor.user_id is None:
        return Commitment.objects.none()
    return Commitment.objects.filter(
        enrollment__user_id=actor.user_id, enrollment__cohort__organization_id=actor.organization_id
    )
