"""What a learner does in the player and with their preferences: one transaction each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from config.accounts.actor import Actor
from config.accounts.models import User
from config.support.prepared import Prepared, whole
from content.kinds.contract import Outcome
from content.kinds.registry import get_kind, parse_response, parse_spec
from content.kinds.shapes import Response
from journeys.authoring.queries import effective_revision, get_step
from learners.cohorts.models import Enrollment
from learners.people.actions import pause_messages, save_preferences, set_channel_choice
from learners.player.errors import HoldsPrivateText, NotFinished
from learners.player.keepers import KEEPERS, Place
from learners.progress.actions.attempts import save_attempt
from learners.progress.actions.completing import Answer, complete_step
from learners.progress.actions.dates import change_time_zone
from learners.progress.actions.signing_off import ask_sign_off
from learners.progress.models import AttemptState, Completion, How
from learners.progress.queries import latest_attempt

_held: Final = Prepared(
    lambda: (
        Enrollment.objects.select_for_update(no_key=True).filter(pk=whole("enrollment")).values_list("pk", flat=True)
    )
)


@transaction.atomic
def answer_step(*, place: Place, response: Response, revision: str | None = None, now: datetime) -> Outcome:
    """
    Keep a learner's answer, judge it, complete the step when it is finished, and ask whom the learner named.

    An answer that is not finished yet (a move in a scenario) is kept, and the outcome says so.
    revision: the state of the text that the page knew; None skips the look for a newer one.
    Raises NewerVersion, StepLocked, EnrollmentClosed, RecordedByOthers, and the refusals of the kind's keeper and of
    ask_sign_off; then nothing was written.
    """
    _lock(place.enrollment)
    outcome: Outcome = place.kind.judge(place.spec, response)
    keeper = KEEPERS[place.kind.key]
    if not outcome.completed:
        keeper.draft(place, response, revision=revision, now=now)
        return outcome
    keeper.finish(place, response, outcome, revision=revision, now=now)
    if outcome.waiting_on:
        person: Any = getattr(response, "sign_off", None)
        ask_sign_off(
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            email=person.email,
            name=person.name,
            shows_report=person.shows_report,
            now=now,
        )
    return outcome


@transaction.atomic
def draft_step(*, place: Place, response: Response, revision: str | None = None, now: datetime) -> str:
    """
    Keep what was written so far, judged by nobody, and return the revision that it has now.

    Raises NewerVersion, NotFinished for a kind without drafts, StepLocked, EnrollmentClosed.
    """
    _lock(place.enrollment)
    keeper = KEEPERS[place.kind.key]
    keeper.draft(place, response, revision=revision, now=now)
    kept = keeper.kept(place)
    return kept.revision if kept else ""


@transaction.atomic
def replay_step(*, place: Place, now: datetime) -> None:
    """
    Begin a step again as a new attempt; what was completed stays completed. A repeat begins nothing more.

    Raises NotFinished for a kind that is not played again.
    """
    if not place.kind.replayable:
        raise NotFinished("This step is not played again.")
    _lock(place.enrollment)
    save_attempt(
        enrollment_id=place.enrollment.pk,
        step_key=place.step_key,
        response={},
        response_version=place.kind.RESPONSE_VERSION,
        now=now,
    )


@transaction.atomic
def report_completion(
    *,
    enrollment: Enrollment,
    step_key: str,
    response: Mapping[str, Any] | None,
    completed_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Completion:
    """
    Record that a step was completed outside the player, with or without the answer that completed it.

    Idempotent: the same answer twice is kept once. The caller has checked that the actor may write for this person.
    Raises HoldsPrivateText, ResponseError (each pointer begins with /response), NotFinished, and the refusals of
    complete_step.
    """
    step = get_step(enrollment.version_id, step_key)
    kind = get_kind(step.activity.kind)
    if kind.private:
        raise HoldsPrivateText
    outcome, answer = Outcome(completed=True), None
    if response is not None:
        spec = parse_spec(kind.key, effective_revision(step).spec)
        parsed = parse_response(kind.key, response, spec=spec, pointer="/response")
        outcome = kind.judge(spec, parsed)
        if not outcome.completed:
            raise NotFinished
        answer = _new_answer(enrollment, step_key, Answer(parsed.to_data(), kind.RESPONSE_VERSION))
    is_own = actor.user_id == enrollment.user_id
    return complete_step(
        enrollment_id=enrollment.pk,
        step_key=step_key,
        now=now,
        completed_at=completed_at,
        passed=outcome.passed,
        score_scaled=outcome.score_scaled,
        how=How.DONE if is_own else How.REPORTED,
        recorded_by_id=actor.user_id,
        answer=answer,
    )


def _new_answer(enrollment: Enrollment, step_key: str, answer: Answer) -> Answer | None:
    """None for an answer that is kept already, so that a repeat leaves no second attempt."""
    latest = latest_attempt(enrollment.pk, step_key)
    is_kept = latest is not None and latest.state != AttemptState.STARTED and latest.response == answer.response
    return None if is_kept else answer


@transaction.atomic
def change_preferences(
    *, user_id: int, values: Mapping[str, Any], choices: Iterable[tuple[str, str, bool]], now: datetime
) -> None:
    """
    Keep how a person wants to be reached: zone, language, quiet times, pause, colors and single kinds of messages.

    values: as PreferencesForm cleans them. choices: (category, channel, on) that changed. Raises InvalidInput.
    """
    change_time_zone(user_id=user_id, time_zone=values["time_zone"], now=now)
    if values.get("locale"):
        User.objects.filter(pk=user_id).update(locale=values["locale"])
    save_preferences(
        user_id=user_id,
        quiet_from=values["quiet_from"],
        quiet_until=values["quiet_until"],
        quiet_days=values["quiet_days"],
        theme=values["theme"],
    )
    pause_messages(user_id=user_id, until=values["paused_until"], now=now)
    for category, channel, is_on in choices:
        set_channel_choice(user_id=user_id, category=category, channel=channel, is_on=is_on, now=now)


def _lock(enrollment: Enrollment) -> None:
    """Hold the person's own row, so that a second tab waits and then sees what the first one wrote."""
    _held(enrollment=enrollment.pk)
