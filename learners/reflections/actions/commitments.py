"""If-then plans and the answers to "did the moment come?"."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from config.support.errors import Fault, InvalidInput
from content.kinds.shapes import SHORT
from journeys.schedule.grammar import parse_wait
from journeys.schedule.placing import moment_after
from learners.cohorts.actions.presence import ask_to_arm, mark_active
from learners.cohorts.models import Enrollment
from learners.cohorts.queries import WITH_TERMS, terms_of
from learners.cohorts.rules.own_facts import calendar_of
from learners.progress.actions.completing import complete_locked, own_completion
from learners.progress.actions.locking import lock_standing, require_open
from learners.progress.actions.settling import event_of
from learners.reflections.actions.asked import spec_of
from learners.reflections.errors import NothingWritten, UnknownCommitment
from learners.reflections.models import CheckIn, Commitment
from learners.reflections.models.commitment import Answer

LONGEST: Final = SHORT
NOTE_LENGTH: Final = 500
# Two clicks on one button are one answer.
SAME_CLICK: Final = timedelta(seconds=30)
# Pages take the answer with one press, and offer a line about it afterwards.
SAME_THOUGHT: Final = timedelta(hours=1)


@transaction.atomic
def make_commitment(*, enrollment_id: int, step_key: str, cue: str, response: str, now: datetime) -> Commitment:
    """
    Make an if-then plan at a step, complete the step, and set when to ask whether the moment came.

    Idempotent: the same plan again changes nothing, another one replaces it as change_commitment does.
    Raises NothingWritten, InvalidInput, WrongKind, and the refusals of complete_step.
    """
    enrollment, standing = lock_standing(enrollment_id)
    require_open(enrollment, standing, step_key, now=now)
    spec = spec_of(enrollment.version_id, step_key, "commitment")
    cue, response = _plan(cue, response)
    commitment = Commitment.objects.filter(enrollment=enrollment, step_key=step_key).first()
    if commitment is not None:
        return _replace(commitment, enrollment, spec, cue, response, now=now)
    commitment = Commitment.objects.create(
        enrollment=enrollment,
        step_key=step_key,
        cue=cue,
        response=response,
        made_at=now,
        changed_at=now,
        check_in_at=_check_in_at(spec, enrollment, now),
    )
    made = _event(enrollment, commitment, verb="commitment.made", now=now)
    complete_locked(enrollment, standing, own_completion(enrollment, step_key, now=now), events=[made], now=now)
    return commitment


@transaction.atomic
def change_commitment(*, actor: Actor, commitment_uuid: UUID, cue: str, response: str, now: datetime) -> Commitment:
    """
    Change a plan. A day of asking that is still to come stays; one that has passed is set anew.

    Raises UnknownCommitment for a plan that is not the actor's own, NothingWritten, InvalidInput.
    """
    commitment = _own(actor, commitment_uuid)
    spec = spec_of(commitment.enrollment.version_id, commitment.step_key, "commitment")
    return _replace(commitment, commitment.enrollment, spec, *_plan(cue, response), now=now)


@transaction.atomic
def delete_commitment(*, actor: Actor, commitment_uuid: UUID, now: datetime) -> None:
    """Delete a plan and its answers for good; the step stays completed. Raises UnknownCommitment."""
    commitment = _own(actor, commitment_uuid)
    _event(commitment.enrollment, commitment, verb="commitment.deleted", now=now).save(force_insert=True)
    commitment.delete()


@transaction.atomic
def check_in(*, actor: Actor, commitment_uuid: UUID, answer: str, note: str = "", now: datetime) -> CheckIn:
    """
    Answer whether the moment came and what was done; any of the three is a full answer. The newest one counts.

    The same answer within half a minute is the same click. Raises UnknownCommitment for a plan that is not the actor's
    own, InvalidInput.
    """
    if answer not in Answer.values:
        raise InvalidInput(faults=[Fault("/answer", "Choose one of the three answers.")])
    if len(note) > NOTE_LENGTH:
        raise InvalidInput(faults=[Fault("/note", f"Write at most {NOTE_LENGTH} characters.")])
    commitment = _own(actor, commitment_uuid)
    newest = commitment.check_ins.order_by("-answered_at", "-id").first()
    if newest is not None and newest.answer == answer and _is_same(newest, note.strip(), now):
        if note.strip() and not newest.note:
            newest.note = note.strip()
            newest.save(update_fields=["note"])
        return newest
    made = CheckIn.objects.create(commitment=commitment, answer=answer, note=note.strip(), answered_at=now)
    mark_active(enrollment_id=commitment.enrollment_id, now=now)
    told = _event(commitment.enrollment, commitment, verb="checkin.recorded", made=made, now=now)
    told.save(force_insert=True)
    return made


def _is_same(newest: CheckIn, note: str, now: datetime) -> bool:
    passed = now - newest.answered_at
    adds_a_line = bool(note) and not newest.note and passed < SAME_THOUGHT
    return adds_a_line or (passed < SAME_CLICK and note in ("", newest.note))


def _plan(cue: str, response: str) -> tuple[str, str]:
    """Return both halves on one line each. Raises NothingWritten and InvalidInput with every fault."""
    halves = {"/cue": " ".join(cue.split()), "/response": " ".join(response.split())}
    empty = [
        Fault(pointer, "Write this half too; a few words are enough.") for pointer, half in halves.items() if not half
    ]
    if empty:
        raise NothingWritten("A plan has two halves: the moment, and what you will do then.", faults=empty)
    long = [
        Fault(pointer, f"Write at most {LONGEST} characters.")
        for pointer, half in halves.items()
        if len(half) > LONGEST
    ]
    if long:
        raise InvalidInput(faults=long)
    return halves["/cue"], halves["/response"]


def _replace(
    commitment: Commitment, enrollment: Enrollment, spec: Any, cue: str, response: str, *, now: datetime
) -> Commitment:
    if (commitment.cue, commitment.response) == (cue, response):
        return commitment
    commitment.cue, commitment.response, commitment.changed_at = cue, response, now
    if commitment.check_in_at is None or commitment.check_in_at <= now:
        commitment.check_in_at = _check_in_at(spec, enrollment, now)
        ask_to_arm(enrollment_id=enrollment.pk, now=now)
    commitment.save(update_fields=["cue", "response", "changed_at", "check_in_at"])
    mark_active(enrollment_id=enrollment.pk, now=now)
    _event(enrollment, commitment, verb="commitment.changed", now=now).save(force_insert=True)
    return commitment


def _check_in_at(spec: Any, enrollment: Enrollment, now: datetime) -> datetime | None:
    terms = terms_of(enrollment)
    wait = parse_wait(spec.check_in.to_data(), pointer="/check_in")
    return moment_after(wait, now, zone=terms.zone, calendar=calendar_of(terms)).at


def _own(actor: Actor, commitment_uuid: UUID) -> Commitment:
    terms = [f"enrollment__{path}" for path in WITH_TERMS]
    rows = Commitment.objects.select_for_update(of=("self",)).select_related(*terms)
    commitment = rows.filter(uuid=commitment_uuid, enrollment__in=Enrollment.objects.of_learner(actor)).first()
    if commitment is None:
        raise UnknownCommitment
    return commitment


def _event(
    enrollment: Enrollment, commitment: Commitment, *, verb: str, made: CheckIn | None = None, now: datetime
) -> ActivityEvent:
    """Say that it happened: keys, and which of the three answers; never a word of the plan or the note."""
    answered = {"answer": made.answer} if made is not None else {}
    return event_of(
        enrollment,
        verb=verb,
        object_type="commitment" if made is None else "check_in",
        object_uuid=commitment.uuid if made is None else made.uuid,
        occurred_at=now,
        now=now,
        actor_id=enrollment.user_id,
        data={"step": commitment.step_key, **answered},
    )
