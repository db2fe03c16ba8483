"""Who keeps an answer: attempts by default; reflections, commitments and ratings in rows of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from config.accounts.actor import Actor
from content.kinds.contract import Kind, Outcome
from content.kinds.errors import ResponseError
from content.kinds.registry import parse_response
from content.kinds.shapes import Response, Spec
from learners.cohorts.models import Enrollment
from learners.player.errors import NewerVersion, NotFinished, RecordedByOthers
from learners.progress.actions.attempts import save_attempt
from learners.progress.actions.completing import Answer, complete_step
from learners.progress.models import AttemptState
from learners.progress.queries import latest_attempt
from learners.ratings.actions import give_ratings
from learners.ratings.queries import own_ratings_at
from learners.reflections.actions import make_commitment, save_draft, save_reflection
from learners.reflections.errors import NewerVersion as NewerText
from learners.reflections.models import Reflection
from learners.reflections.queries import own_commitment, own_reflection


@dataclass(frozen=True)
class Kept:
    """
    What is kept of an answer.

    response: None when what was kept does not fit the step any more. revision names this state of the text, so that a
    second tab can be noticed. is_finished: judged or saved, not a draft. uuid: of the reflection or commitment.
    """

    response: Response | None
    revision: str
    saved_at: datetime
    is_finished: bool
    uuid: UUID | None = None


@dataclass(frozen=True)
class Place:
    """The step that is answered, with everything a keeper needs to know of it."""

    actor: Actor
    enrollment: Enrollment
    step_key: str
    kind: Kind[Any, Any]
    spec: Spec


class Keeper(Protocol):
    """
    Reads and writes the answers of a kind. Writes run in the caller's transaction, with the enrollment's row locked.

    revision: the state of the text that the sender knows, "" for none, None for a sender that does not care.
    Both writes raise NewerVersion when another one is kept by now.
    """

    def kept(self, place: Place) -> Kept | None:
        """Return what is kept so far, or None; one query."""

    def draft(self, place: Place, response: Response, *, revision: str | None, now: datetime) -> None:
        """Keep an answer that is not finished."""

    def finish(
        self, place: Place, response: Response, outcome: Outcome, *, revision: str | None, now: datetime
    ) -> None:
        """Keep a finished answer and record the completion."""


class AttemptKeeper:
    """Keeps the answer in the attempt."""

    def kept(self, place: Place) -> Kept | None:
        attempt = latest_attempt(place.enrollment.pk, place.step_key)
        if attempt is None:
            return None
        try:
            response = parse_response(place.kind.key, attempt.response, spec=place.spec)
        except ResponseError:
            # The step was moved to another version of its activity; the old answer stays in its attempt, unshown.
            response = None
        return Kept(
            response=response,
            revision=f"{attempt.number}.{attempt.saved_at.timestamp():.6f}",
            saved_at=attempt.saved_at,
            is_finished=attempt.state != AttemptState.STARTED,
        )

    def draft(self, place: Place, response: Response, *, revision: str | None, now: datetime) -> None:
        self._check(place, response, revision)
        save_attempt(
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            response=response.to_data(),
            response_version=place.kind.RESPONSE_VERSION,
            now=now,
        )

    def finish(
        self, place: Place, response: Response, outcome: Outcome, *, revision: str | None, now: datetime
    ) -> None:
        kept = self._check(place, response, revision)
        is_kept = kept is not None and kept.is_finished and kept.response == response
        complete_step(
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            now=now,
            passed=outcome.passed,
            score_scaled=outcome.score_scaled,
            recorded_by_id=place.enrollment.user_id,
            # A second click is not a second attempt.
            answer=None if is_kept else Answer(response.to_data(), place.kind.RESPONSE_VERSION),
        )

    def _check(self, place: Place, response: Response, revision: str | None) -> Kept | None:
        """Return what is kept by now, unless another tab wrote other words than these meanwhile."""
        kept = self.kept(place)
        # The same words twice (a double click, a repeated autosave) are no conflict.
        is_stale = revision is not None and kept is not None and kept.revision != revision
        if is_stale and kept is not None and kept.response != response:
            raise NewerVersion
        return kept


class ReflectionKeeper:
    """Keeps the text as a reflection, private unless its author says otherwise."""

    def kept(self, place: Place) -> Kept | None:
        reflection = own_reflection(place.actor, place.enrollment.pk, place.step_key)
        if reflection is None:
            return None
        return Kept(
            response=place.kind.Response(text=reflection.text, audience=reflection.audience),
            revision=str(reflection.revision),
            saved_at=reflection.changed_at,
            is_finished=reflection.saved_at is not None,
            uuid=reflection.uuid,
        )

    def draft(self, place: Place, response: Any, *, revision: str | None, now: datetime) -> None:
        self._save(save_draft, place, response, revision, now)

    def finish(self, place: Place, response: Any, outcome: Outcome, *, revision: str | None, now: datetime) -> None:
        self._save(save_reflection, place, response, revision, now)

    def _save(
        self,
        save: Callable[..., Reflection],
        place: Place,
        response: Any,
        revision: str | None,
        now: datetime,
    ) -> None:
        known = revision if revision is not None else self._revision_now(place)
        keep = partial(
            save,
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            text=response.text,
            audience=response.audience,
            now=now,
        )
        try:
            keep(expected_revision=int(known) if known.isdecimal() else None)
        except NewerText as error:
            kept = self.kept(place)
            if kept is None or kept.response != response:
                raise NewerVersion from error
            # The same words twice (a double click, an autosave whose answer was lost) are no conflict; where they are
            # a draft so far, they still have to be saved.
            if not kept.is_finished:
                keep(expected_revision=int(kept.revision))

    def _revision_now(self, place: Place) -> str:
        kept = self.kept(place)
        return kept.revision if kept else ""


class CommitmentKeeper:
    """Keeps the plan as a commitment; a plan has no draft."""

    def kept(self, place: Place) -> Kept | None:
        plan = own_commitment(place.actor, place.enrollment.pk, place.step_key)
        if plan is None:
            return None
        return Kept(
            response=place.kind.Response(cue=plan.cue, action=plan.response),
            revision=plan.changed_at.isoformat(),
            saved_at=plan.changed_at,
            is_finished=True,
            uuid=plan.uuid,
        )

    def draft(self, place: Place, response: Any, *, revision: str | None, now: datetime) -> None:
        raise NotFinished

    def finish(self, place: Place, response: Any, outcome: Outcome, *, revision: str | None, now: datetime) -> None:
        make_commitment(
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            cue=response.cue,
            response=response.action,
            now=now,
        )


class RatingKeeper:
    """Keeps one rating a behavior; there is no draft, because a level is chosen with one click."""

    def kept(self, place: Place) -> Kept | None:
        rows = own_ratings_at(place.actor, place.enrollment.pk, place.step_key)
        if not rows:
            return None
        levels = {row.indicator.key: row.level.level for row in rows}
        asked: Any = place.spec
        return Kept(
            response=place.kind.Response(
                levels={key: level for key, level in levels.items() if key in asked.indicators}
            ),
            revision="",
            saved_at=rows[0].rated_at,
            # A newer version may ask about more behaviors than were rated.
            is_finished=all(key in levels for key in asked.indicators),
        )

    def draft(self, place: Place, response: Response, *, revision: str | None, now: datetime) -> None:
        raise NotFinished

    def finish(self, place: Place, response: Any, outcome: Outcome, *, revision: str | None, now: datetime) -> None:
        asked: Any = place.spec
        give_ratings(
            enrollment_id=place.enrollment.pk,
            step_key=place.step_key,
            occasion=asked.occasion,
            levels=response.levels,
            now=now,
        )


class AttendanceKeeper:
    """Keeps nothing: the facilitator of a live session records who was there."""

    def kept(self, place: Place) -> Kept | None:
        return None

    def draft(self, place: Place, response: Response, *, revision: str | None, now: datetime) -> None:
        raise RecordedByOthers

    def finish(
        self, place: Place, response: Response, outcome: Outcome, *, revision: str | None, now: datetime
    ) -> None:
        raise RecordedByOthers


_ATTEMPTS = AttemptKeeper()

KEEPERS: Mapping[str, Keeper] = {
    "article": _ATTEMPTS,
    "video": _ATTEMPTS,
    "quiz": _ATTEMPTS,
    "scenario": _ATTEMPTS,
    "model_pair": _ATTEMPTS,
    "practice": _ATTEMPTS,
    "reflection": ReflectionKeeper(),
    "commitment": CommitmentKeeper(),
    "live_session": AttendanceKeeper(),
    "self_rating": RatingKeeper(),
}
