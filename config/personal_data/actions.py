"""Handing out what is kept about a person, and erasing it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from config.accounts.models import Membership, User
from config.events.actions import record
from config.personal_data.errors import NobodyThere
from config.personal_data.mentions import cut_mentions
from config.personal_data.queries import personal_files
from config.personal_data.registry import personal_models
from config.personal_data.telling import kind_of
from config.support.personal_data import Cut, Delete, Erasure
from learners.cohorts.actions import withdraw
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.nudges.actions.leaving import end_messages
from learners.progress.actions import withdraw_sign_off
from learners.progress.models import SignOff, SignOffState

GONE = (EnrollmentStatus.COMPLETED, EnrollmentStatus.WITHDRAWN)


@dataclass(slots=True)
class Erased:
    """How many rows of each kind were deleted, emptied of words and names, or kept without a name."""

    deleted: dict[str, int] = field(default_factory=dict)
    emptied: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    mentions: int = 0


@transaction.atomic
def export_person(*, user_id: int, actor_id: int | None, now: datetime) -> dict[str, str]:
    """
    Return everything that is kept about a person, as text by file name, and note that it was handed out.

    actor_id: who asked for it; None for the operator's command. Raises NobodyThere.
    """
    person = User.objects.filter(pk=user_id, erased_at__isnull=True).first()
    if person is None:
        raise NobodyThere
    files = personal_files(person, now=now)
    _tell(person, "person.exported", actor_id=actor_id, now=now)
    return files


@transaction.atomic
def erase_person(*, user_id: int, now: datetime) -> Erased:
    """
    Erase a person by the rule of each model, and return what became of which rows. All or nothing.

    First what runs is stopped: enrollments under way are withdrawn, waiting messages end, requests to confirm a
    practice are taken back. Completions and the fates of messages stay countable without a name. Raises NobodyThere for
    somebody who was erased before.
    """
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id, erased_at__isnull=True).first()
    if person is None:
        raise NobodyThere
    _stop_what_runs(person, now)
    _tell(person, "person.erased", actor_id=None, now=now)
    done = Erased(mentions=cut_mentions(person))
    # What points at other rows goes before them, and the person, whom the rules ask for their address, goes last.
    for model, rule in reversed(personal_models()):
        for about in rule.about:
            _apply(done, model, about.erase, model._default_manager.filter(about.rows_of(person)), now)
    return done


def _stop_what_runs(person: User, now: datetime) -> None:
    running = Enrollment.objects.filter(user=person).exclude(status__in=GONE).order_by("pk")
    for enrollment_id in list(running.values_list("pk", flat=True)):
        withdraw(enrollment_id=enrollment_id, reason="", actor_id=None, now=now)
    asked = SignOff.objects.filter(signer=person, state=SignOffState.ASKED).order_by("pk")
    for enrollment_id, uuid in list(asked.values_list("enrollment_id", "uuid")):
        withdraw_sign_off(enrollment_id=enrollment_id, sign_off_uuid=uuid, now=now)
    end_messages(person_id=person.pk, now=now)


def _apply(done: Erased, model: type[Model], erasure: Erasure, rows: QuerySet[Model], now: datetime) -> None:
    kind = kind_of(model).replace("-", " ")
    ids = list(rows.values_list("pk", flat=True).distinct())
    if not ids:
        return
    chosen = model._default_manager.filter(pk__in=ids)
    if isinstance(erasure, Delete):
        chosen.delete()
        done.deleted[kind] = done.deleted.get(kind, 0) + len(ids)
    elif isinstance(erasure, Cut):
        chosen.update(**{name: value(now) if callable(value) else value for name, value in erasure.values.items()})
        done.emptied[kind] = done.emptied.get(kind, 0) + len(ids)
    else:
        done.kept[kind] = done.kept.get(kind, 0) + len(ids)


def _tell(person: User, verb: str, *, actor_id: int | None, now: datetime) -> None:
    for organization_id in Membership.objects.filter(user=person).values_list("organization_id", flat=True):
        record(
            organization_id=organization_id,
            actor_id=actor_id,
            verb=verb,
            object_type="person",
            object_uuid=person.uuid,
            occurred_at=now,
            now=now,
        )
