"""What the player shows of one step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.urls import reverse

from config.accounts.actor import Actor
from content.activities.models import ActivityRevision, RevisionAsset
from content.kinds import commitment as commitment_kind
from content.kinds import practice as practice_kind
from content.kinds.contract import AudienceChoice, Outcome
from content.kinds.registry import get_kind, parse_spec
from content.kinds.shapes import Response
from journeys.authoring.models import Step
from journeys.authoring.queries import effective_revision, get_step
from learners.cohorts.models import LiveSession
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.queries import get_own_enrollment
from learners.player.keepers import KEEPERS, Kept, Place
from learners.player.queries.walks import Walk, load_walks_briefly
from learners.player.rules import ModulePlace, State, StepPlace
from learners.progress.models import Attempt, SignOff, SignOffState
from learners.ratings.queries import behaviors_of
from learners.ratings.rules import mendable_until
from learners.reflections.models import Commitment
from learners.reflections.queries import audience_choices


@dataclass(frozen=True)
class Meeting:
    """When and where a live session takes place, in the learner's zone. link: the place, where it is an address."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str
    facilitator: str
    calendar_url: str


@dataclass(frozen=True)
class OpenStep:
    """
    One step of one's own journey with what is kept of its answer.

    outcome: what the kept answer amounts to; None without one that can be shown.
    sources: where the rest of its page comes from.
    """

    walk: Walk
    module: ModulePlace
    step_place: StepPlace
    row: Step
    revision: ActivityRevision
    place: Place
    kept: Kept | None
    outcome: Outcome | None
    sources: "Sources"

    @property
    def response(self) -> Response | None:
        return self.kept.response if self.kept else None

    @property
    def is_done(self) -> bool:
        return self.step_place.state is State.DONE


def load_step(actor: Actor, enrollment_uuid: UUID, step_key: str, *, now: datetime) -> OpenStep:
    """
    Return a step of the actor's own enrollment; 6 queries once the version is known, 8 for a self-rating.

    Raises UnknownEnrollment, UnknownStep. The step may be closed: step_place.state says so.
    """
    enrollment = get_own_enrollment(actor, enrollment_uuid)
    walk = load_walks_briefly([enrollment], now=now)[0]
    row = get_step(enrollment.version_id, step_key)
    revision = effective_revision(row)
    kind = get_kind(row.activity.kind)
    spec = parse_spec(kind.key, revision.spec)
    spec = spec.knowing(behaviors_of(enrollment.version_id, spec.behavior_keys()))
    place = Place(actor, enrollment, step_key, kind, spec)
    step_place = cast(StepPlace, walk.trail.step(step_key))
    kept = KEEPERS[kind.key].kept(place)
    outcome = kind.judge(place.spec, kept.response) if kept and kept.response is not None else None
    return OpenStep(
        walk=walk,
        module=walk.trail.module_of(step_place),
        step_place=step_place,
        row=row,
        revision=revision,
        place=place,
        kept=kept,
        outcome=outcome,
        sources=FROM_ROWS,
    )


def asset_urls(revision: ActivityRevision) -> Mapping[str, str]:
    """Return the addresses of own files by the path that the text uses; one query, none for a text without files."""
    if "assets/" not in revision.body and "assets/" not in str(revision.spec):
        return {}
    rows = RevisionAsset.objects.filter(revision=revision).values_list("path", "asset__uuid")
    return {path: reverse("asset", args=[uuid]) for path, uuid in rows}


def quoted_words(step: OpenStep) -> str:
    """Return the learner's own words that a reflection looks back on, "" for none; at most one query."""
    spec: Any = step.place.spec
    if step.place.kind.key != "reflection" or spec.quote == "none" or not spec.after:
        return ""
    _module, _slash, step_key = spec.after.partition("/")
    enrollment_id = step.walk.enrollment.pk
    if spec.quote == "commitment":
        plan = Commitment.objects.filter(enrollment_id=enrollment_id, step_key=step_key).first()
        if plan is None:
            return ""
        said = commitment_kind.CommitmentResponse(cue=plan.cue, action=plan.response)
        return commitment_kind.words(cast(commitment_kind.CommitmentSpec, None), said)
    rows = Attempt.objects.filter(enrollment_id=enrollment_id, step_key=step_key).exclude(response={})
    attempt = rows.order_by("-number").first()
    if attempt is None or "report" not in attempt.response:
        return ""
    report = practice_kind.PracticeResponse.model_validate(attempt.response)
    return practice_kind.words(cast(practice_kind.PracticeSpec, None), report)


def audiences(step: OpenStep) -> Sequence[AudienceChoice]:
    """Return who may be let in to read a reflection, with names; at most two queries, none for another kind."""
    spec: Any = step.place.spec
    if step.place.kind.key != "reflection":
        return ()
    return audience_choices(step.walk.enrollment, spec.audience)


def meeting_of(step: OpenStep) -> Meeting | None:
    """Return when a live session takes place for the learner's cohort, None without a date; at most one query."""
    if not step.step_place.is_meeting:
        return None
    enrollment = step.walk.enrollment
    rows = LiveSession.objects.filter(cohort_id=enrollment.cohort_id, step_key=step.row.key)
    session = rows.select_related("facilitator").first()
    if session is None:
        return None
    return Meeting(
        starts_at=session.starts_at,
        ends_at=session.starts_at + timedelta(minutes=session.minutes),
        zone=step.walk.zone,
        place="" if session.place.startswith("https://") else session.place,
        link=session.place if session.place.startswith("https://") else "",
        facilitator=str(session.facilitator) if session.facilitator else "",
        calendar_url=step.walk.addresses.session_calendar(step.row.key),
    )


def mended_until(step: OpenStep, *, now: datetime) -> datetime | None:
    """Return until when a finished self-rating may be changed; None where it may not, and for another kind."""
    if step.place.kind.key != "self_rating" or step.kept is None or not step.kept.is_finished:
        return None
    until = mendable_until(step.kept.saved_at)
    return until if now <= until and step.walk.enrollment.status != EnrollmentStatus.WITHDRAWN else None


def sign_offs_of(step: OpenStep) -> Sequence[SignOff]:
    """Return the requests to confirm this practice, newest first; at most one query, none for another kind."""
    if step.place.kind.key != "practice":
        return ()
    rows = SignOff.objects.filter(enrollment=step.walk.enrollment, step_key=step.row.key)
    return list(rows.exclude(state=SignOffState.WITHDRAWN).select_related("signer").order_by("-asked_at", "-id"))


@dataclass(frozen=True)
class Sources:
    """
    Where a page takes from what is not the step itself: asked only for what it shows.

    keeps_answers: what is answered stays, so a page saves by itself and offers to mend.
    """

    quoted: Callable[[OpenStep], str]
    audiences: Callable[[OpenStep], Sequence[AudienceChoice]]
    meeting: Callable[[OpenStep], Meeting | None]
    sign_offs: Callable[[OpenStep], Sequence[SignOff]]
    keeps_answers: bool = True


FROM_ROWS: Final = Sources(quoted_words, audiences, meeting_of, sign_offs_of)
