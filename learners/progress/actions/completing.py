"""Completing a step: the learner, another tool, or a facilitator says that it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from config.events.models import ActivityEvent
from config.support.errors import Fault, InvalidInput
from journeys.schedule.facts import Try
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.progress.actions.attempts import keep_attempt
from learners.progress.actions.locking import lock_standing, note_activity, require_open
from learners.progress.actions.settling import event_of, settle
from learners.progress.errors import FutureCompletion, UnknownStep
from learners.progress.models import AttemptState, Completion, How
from learners.progress.queries.places import places_of
from learners.progress.queries.standing import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the learner answered, as the kind's JSON; empty for kinds whose answers are kept elsewhere.

    passed: whether this answer passed, None where nobody passes or fails.
    """

    response: Mapping[str, Any] = field(default_factory=dict)
    response_version: int = 1
    waiting_on: str = ""
    passed: bool | None = None


@transaction.atomic
def complete_step(
    *,
    enrollment_id: int,
    step_key: str,
    now: datetime,
    completed_at: datetime | None = None,
    passed: bool | None = None,
    score_scaled: float | None = None,
    how: str = How.DONE,
    recorded_by_id: int | None = None,
    answer: Answer | None = None,
) -> Completion:
    """
    Record that a person met a step's criterion, keep their answer with it, and open what follows.

    Idempotent: the first completion and its date stay; a repeat may only add that it was passed, or a better score.
    One transaction, at most 10 queries once the version is known to the process; locks the person's own row only.

    completed_at: aware UTC, never after now; None = now. score_scaled: -1 to 1.
    recorded_by_id: who says so; None = another tool. answer: kept as an attempt, also on a repeat.
    Raises StepLocked with the reason and the moment, EnrollmentClosed after withdrawal, UnknownStep, FutureCompletion,
    UnknownEnrollment.
    """
    if completed_at is not None and completed_at > now:
        raise FutureCompletion(faults=[Fault("/completed_at", "Give a moment that is not in the future.")])
    if score_scaled is not None and not -1 <= score_scaled <= 1:
        raise InvalidInput(faults=[Fault("/score_scaled", "Give a number from -1 to 1.")])
    enrollment, standing = lock_standing(enrollment_id)
    return complete_locked(
        enrollment,
        standing,
        Completion(
            enrollment=enrollment,
            step_key=step_key,
            completed_at=completed_at or now,
            passed_at=(completed_at or now) if passed else None,
            score_scaled=None if score_scaled is None else Decimal(str(round(score_scaled, 4))),
            how=how,
            recorded_by_id=recorded_by_id,
            recorded_at=now,
        ),
        answer=None if answer is None else replace(answer, passed=passed),
        now=now,
    )


def complete_locked(
    enrollment: Enrollment,
    standing: Standing,
    made: Completion,
    *,
    answer: Answer | None = None,
    events: Sequence[ActivityEvent] = (),
    now: datetime,
) -> Completion:
    """
    Do the work of complete_step for an enrollment that lock_standing returned, in the same transaction.

    made: unsaved, without its step row. events: unsaved, told with those of the completion, also on a repeat.
    Raises as complete_step does.
    """
    step = places_of(enrollment.version).steps.get(made.step_key)
    if step is None:
        raise UnknownStep(f"“{standing.outline.title}” has no step “{made.step_key}”.")
    if made.step_key in standing.facts.completed:
        return _repeat(enrollment, standing, made, answer, events, now=now)
    require_open(enrollment, standing, made.step_key, now=now)
    if answer is not None:
        standing = _keep(enrollment, standing, made, answer, now)
    made.step_id = step[0]
    made.save(force_insert=True)
    note_activity(enrollment, made.completed_at)
    settle(
        [(enrollment, with_completions(enrollment, standing, [made]))],
        events=[event_of_completion(enrollment, standing, made, now=now), *events],
        actor_id=made.recorded_by_id,
        now=now,
    )
    return made


def own_completion(enrollment: Enrollment, step_key: str, *, now: datetime) -> Completion:
    """Return an unsaved completion that the learner makes themselves, as of now."""
    return Completion(
        enrollment=enrollment,
        step_key=step_key,
        completed_at=now,
        recorded_by_id=enrollment.user_id,
        recorded_at=now,
    )


def with_completions(enrollment: Enrollment, standing: Standing, made: list[Completion]) -> Standing:
    """Return where the person stands with these completions too; no query."""
    facts = standing.facts
    passed = {one.step_key: one.passed_at for one in made if one.passed_at is not None}
    ratios = {one.step_key: float(one.score_scaled) for one in made if one.score_scaled is not None}
    facts = replace(
        facts,
        completed={**facts.completed, **{one.step_key: one.completed_at for one in made}},
        passed={**facts.passed, **passed},
        ratios={**facts.ratios, **ratios},
        last_activity_at=enrollment.last_activity_at,
    )
    return standing_of(enrollment, facts)


def event_of_completion(
    enrollment: Enrollment, standing: Standing, made: Completion, *, now: datetime
) -> ActivityEvent:
    """Return the unsaved event of one completion: keys, and the two facts of it, never an answer."""
    return _event(enrollment, standing, made, "step.completed", made.completed_at, made.recorded_by_id, now)


def event_of_pass(
    enrollment: Enrollment, standing: Standing, made: Completion, *, actor_id: int | None, now: datetime
) -> ActivityEvent:
    """Return the unsaved event of a step that was completed before and is passed now. actor_id: whose word it is."""
    return _event(enrollment, standing, made, "step.passed", made.passed_at or now, actor_id, now)


def _event(
    enrollment: Enrollment,
    standing: Standing,
    made: Completion,
    verb: str,
    occurred_at: datetime,
    actor_id: int | None,
    now: datetime,
) -> ActivityEvent:
    step = standing.outline.steps_by_key[made.step_key]
    data: dict[str, object] = {"module": step.module_key, "step": step.key, "kind": step.kind, "how": made.how}
    if made.passed_at is not None:
        data["passed"] = True
    return event_of(
        enrollment,
        verb=verb,
        object_type="step",
        object_uuid=places_of(enrollment.version).steps[made.step_key][1],
        occurred_at=occurred_at,
        now=now,
        actor_id=actor_id,
        data=data,
    )


def _repeat(
    enrollment: Enrollment,
    standing: Standing,
    made: Completion,
    answer: Answer | None,
    events: Sequence[ActivityEvent],
    *,
    now: datetime,
) -> Completion:
    first = Completion.objects.get(enrollment=enrollment, step_key=made.step_key)
    gone = enrollment.status == EnrollmentStatus.WITHDRAWN
    before = standing
    if answer is not None and not gone:
        standing = _keep(enrollment, standing, made, answer, now)
    passes = first.passed_at is None and made.passed_at is not None
    betters = made.score_scaled is not None and (first.score_scaled is None or made.score_scaled > first.score_scaled)
    if standing is not before and not (passes or betters):
        note_activity(enrollment, now)
        settle([(enrollment, standing)], events=events, actor_id=made.recorded_by_id, now=now)
        return first
    if gone or not (passes or betters):
        ActivityEvent.objects.bulk_create(events)
        return first
    first.passed_at = first.passed_at or made.passed_at
    first.score_scaled = made.score_scaled if betters else first.score_scaled
    first.save(update_fields=["passed_at", "score_scaled"])
    note_activity(enrollment, now)
    news = [event_of_pass(enrollment, standing, first, actor_id=made.recorded_by_id, now=now)] if passes else []
    settle(
        [(enrollment, with_completions(enrollment, standing, [first]))],
        events=[*news, *events],
        actor_id=made.recorded_by_id,
        now=now,
    )
    return first


def _keep(enrollment: Enrollment, standing: Standing, made: Completion, answer: Answer, now: datetime) -> Standing:
    """Keep an answer with what was judged of it; return where the person stands, anew only where a rule counts it."""
    keep_attempt(
        enrollment,
        made.step_key,
        response=answer.response,
        response_version=answer.response_version,
        state=AttemptState.WAITING if answer.waiting_on else AttemptState.JUDGED,
        waiting_on=answer.waiting_on,
        passed=answer.passed,
        score_scaled=made.score_scaled,
        now=now,
    )
    judged = (answer.passed is not None or made.score_scaled is not None) and not answer.waiting_on
    if not judged or not standing.outline.counts_attempts:
        return standing
    score = None if made.score_scaled is None else float(made.score_scaled)
    tries = (*standing.facts.tries.get(made.step_key, ()), Try(now, answer.passed, score))
    return standing_of(enrollment, replace(standing.facts, tries={**standing.facts.tries, made.step_key: tries}))
