"""Asking somebody to confirm a practice, and their answer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from config.accounts.models import User
from config.support.bell import ring
from config.support.errors import Fault, InvalidInput, NotFound
from journeys.authoring.queries import effective_revision, get_step
from learners.cohorts.actions.rolling import BELL, MARKED, mark_changed
from learners.cohorts.models import Enrollment
from learners.people.actions.invitations import NAME_LENGTH, clean_email
from learners.progress.actions.completing import event_of_pass, with_completions
from learners.progress.actions.locking import lock_standing, require_open
from learners.progress.actions.settling import event_of, settle
from learners.progress.errors import (
    AnsweredAlready,
    AskedAlready,
    AskedTooOften,
    LinkExpired,
    NoPractice,
    NoSignOffWanted,
    OwnSignOff,
)
from learners.progress.models import Attempt, AttemptState, Completion, SignOff, SignOffState
from learners.progress.queries.done import latest_attempt
from learners.progress.queries.sign_offs import asks_for, read_token
from learners.progress.queries.standing import Standing
from learners.progress.rules import LINK_LASTS, may_ask

COMMENT_LENGTH: Final = 2_000


@transaction.atomic
def ask_sign_off(
    *,
    enrollment_id: int,
    step_key: str,
    email: str,
    name: str = "",
    shows_report: bool = False,
    now: datetime,
) -> SignOff:
    """
    Ask one person to confirm a practice that the learner has reported; the mail goes out with the next tick.

    Somebody unknown becomes a person without a log-in. The link works for 30 days. A request that expired unanswered
    makes room for a new one.
    Raises NoPractice before the report, NoSignOffWanted, AskedAlready, AskedTooOften, OwnSignOff, BadAddress, and the
    refusals of complete_step for a step that is not open.
    """
    address = clean_email(email)
    enrollment, standing = lock_standing(enrollment_id)
    require_open(enrollment, standing, step_key, now=now)
    asked_as = _whom(enrollment, step_key)
    attempt = latest_attempt(enrollment.pk, step_key)
    if attempt is None or step_key not in standing.facts.completed:
        raise NoPractice
    _check_asking(enrollment, attempt, address, now)
    sign_off = SignOff.objects.create(
        enrollment=enrollment,
        attempt=attempt,
        step_key=step_key,
        asked_as=asked_as,
        signer=_signer(enrollment, address, name),
        shows_report=shows_report,
        asked_at=now,
        expires_at=now + LINK_LASTS,
    )
    attempt.state, attempt.waiting_on = AttemptState.WAITING, asked_as
    attempt.save(update_fields=["state", "waiting_on"])
    _tell(sign_off, enrollment, verb="signoff.asked", actor_id=enrollment.user_id, data={}, now=now)
    mark_changed(enrollment, now=now)
    enrollment.save(update_fields=MARKED)
    ring(BELL)
    return sign_off


@transaction.atomic
def answer_sign_off(*, token: str, answer: str, comment: str = "", now: datetime) -> SignOff:
    """
    Take the answer of the person who was asked, once.

    answer: confirmed = the completion is passed as of now; not_yet = nothing changes but the comment, which the learner
    alone reads, and they may ask again. Raises LinkExpired, AnsweredAlready, InvalidInput.
    """
    if answer not in (SignOffState.CONFIRMED, SignOffState.NOT_YET):
        raise InvalidInput(faults=[Fault("/answer", "Choose one of the two answers.")])
    if len(comment) > COMMENT_LENGTH:
        raise InvalidInput(faults=[Fault("/comment", f"Write at most {COMMENT_LENGTH:,} characters.")])
    sign_off, enrollment, standing = _lock(read_token(token))
    if sign_off.state in (SignOffState.CONFIRMED, SignOffState.NOT_YET):
        raise AnsweredAlready
    if sign_off.state == SignOffState.WITHDRAWN or sign_off.expires_at <= now:
        raise LinkExpired
    sign_off.state, sign_off.comment, sign_off.answered_at = answer, comment.strip(), now
    sign_off.save(update_fields=["state", "comment", "answered_at"])
    _end_waiting(sign_off)
    _tell(sign_off, enrollment, verb="signoff.answered", actor_id=sign_off.signer_id, data={"answer": answer}, now=now)
    if sign_off.state == SignOffState.CONFIRMED:
        _pass(sign_off, enrollment, standing, now)
    return sign_off


@transaction.atomic
def withdraw_sign_off(*, enrollment_id: int, sign_off_uuid: UUID, now: datetime) -> SignOff:
    """
    Take a request back before it is answered; its link stops working. A repeat changes nothing.

    Raises NotFound for a request that is not of this enrollment, AnsweredAlready.
    """
    sign_off, enrollment, _ = _lock(sign_off_uuid)
    if sign_off.enrollment_id != enrollment_id:
        raise NotFound
    if sign_off.state == SignOffState.WITHDRAWN:
        return sign_off
    if sign_off.state != SignOffState.ASKED:
        raise AnsweredAlready("This request has been answered, so it cannot be taken back.")
    _take_back(sign_off)
    _tell(sign_off, enrollment, verb="signoff.withdrawn", actor_id=enrollment.user_id, data={}, now=now)
    return sign_off


def _whom(enrollment: Enrollment, step_key: str) -> str:
    step = get_step(enrollment.version_id, step_key)
    asked_as = asks_for(step.activity.kind, effective_revision(step).spec)
    if not asked_as:
        raise NoSignOffWanted
    return asked_as


def _check_asking(enrollment: Enrollment, attempt: Attempt, address: str, now: datetime) -> None:
    if address == enrollment.user.email:
        raise OwnSignOff(faults=[Fault("/email", OwnSignOff.title)])
    waiting = SignOff.objects.filter(attempt=attempt, state=SignOffState.ASKED).first()
    if waiting is not None and waiting.expires_at > now:
        raise AskedAlready
    if waiting is not None:
        _take_back(waiting)
    # All journeys of one person count together, or a second cohort would double what an inbox gets.
    asked = SignOff.objects.filter(enrollment__user_id=enrollment.user_id).order_by("-asked_at")
    if not may_ask(list(asked.values_list("asked_at", flat=True)[:20]), now=now):
        raise AskedTooOften


def _signer(enrollment: Enrollment, address: str, name: str) -> User:
    person = User(
        email=address,
        name=" ".join(name.split())[:NAME_LENGTH],
        time_zone=enrollment.cohort.organization.time_zone,
    )
    person.set_unusable_password()
    User.objects.bulk_create([person], ignore_conflicts=True)
    return User.objects.get(email=address)


def _lock(sign_off_uuid: UUID) -> tuple[SignOff, Enrollment, Standing]:
    """Lock the enrollment first, as every other action does, then read the request as it is now."""
    enrollment_id = SignOff.objects.filter(uuid=sign_off_uuid).values_list("enrollment_id", flat=True).first()
    if enrollment_id is None:
        raise LinkExpired
    enrollment, standing = lock_standing(enrollment_id)
    sign_off = SignOff.objects.select_related("attempt", "signer").get(uuid=sign_off_uuid)
    return sign_off, enrollment, standing


def _take_back(sign_off: SignOff) -> None:
    sign_off.state = SignOffState.WITHDRAWN
    sign_off.save(update_fields=["state"])
    _end_waiting(sign_off)


def _end_waiting(sign_off: SignOff) -> None:
    Attempt.objects.filter(pk=sign_off.attempt_id).update(state=AttemptState.JUDGED, waiting_on="")


def _pass(sign_off: SignOff, enrollment: Enrollment, standing: Standing, now: datetime) -> None:
    completion = Completion.objects.get(enrollment=enrollment, step_key=sign_off.step_key)
    if completion.passed_at is not None:
        return
    completion.passed_at = now
    completion.save(update_fields=["passed_at"])
    settle(
        [(enrollment, with_completions(enrollment, standing, [completion]))],
        events=[event_of_pass(enrollment, standing, completion, actor_id=sign_off.signer_id, now=now)],
        actor_id=sign_off.signer_id,
        now=now,
    )


def _tell(
    sign_off: SignOff,
    enrollment: Enrollment,
    *,
    verb: str,
    actor_id: int,
    data: dict[str, object],
    now: datetime,
) -> None:
    event_of(
        enrollment,
        verb=verb,
        object_type="sign_off",
        object_uuid=sign_off.uuid,
        occurred_at=now,
        now=now,
        actor_id=actor_id,
        data={"step": sign_off.step_key, **data},
    ).save(force_insert=True)
