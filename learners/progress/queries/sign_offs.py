"""Requests to confirm a practice: what the learner sees of them, and what the signed link shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.signing import BadSignature, Signer

from config.accounts.actor import Actor
from content.kinds.registry import get_kind, parse_response, parse_spec
from journeys.authoring.queries import effective_revision, step_on_record
from learners.cohorts.models import Enrollment
from learners.progress.errors import LinkExpired
from learners.progress.models import SignOff, SignOffState

SALT: Final = "learners.progress.sign-off"


@dataclass(frozen=True, slots=True)
class SignOffPage:
    """
    What somebody who was asked may see, and nothing else.

    situation and steps are Markdown. report: (prompt, answer) pairs when the learner ticked that they may be read, else
    empty. signer_name may be "". state: see SignOffState.
    """

    uuid: UUID
    learner_name: str
    signer_name: str
    journey_title: str
    step_title: str
    asked_as: str
    situation: str
    steps: tuple[str, ...]
    report: tuple[tuple[str, str], ...]
    state: str
    asked_at: datetime
    expires_at: datetime
    time_zone: str


def sign_off_token(sign_off: SignOff) -> str:
    """Return the text of the signed link; the same for a repeated mail. Its date of expiry is in the row."""
    return _signer().sign(sign_off.uuid.hex)


def read_token(token: str) -> UUID:
    """Return the request that a link means. Raises LinkExpired for a text that was not signed by us."""
    try:
        return UUID(_signer().unsign(token))
    except (BadSignature, ValueError) as error:
        raise LinkExpired from error


def sign_off_page(*, token: str, now: datetime) -> SignOffPage:
    """
    Return what the asked person sees; two queries. A look changes nothing.

    Raises LinkExpired for a changed, expired or withdrawn request. An answered one is shown with its state.
    """
    rows = SignOff.objects.select_related("signer", "attempt", "enrollment__user", "enrollment__version")
    sign_off = rows.filter(uuid=read_token(token)).first()
    if sign_off is None or sign_off.state == SignOffState.WITHDRAWN or _too_late(sign_off, now):
        raise LinkExpired
    version = sign_off.enrollment.version
    step = step_on_record(version, sign_off.step_key)
    revision = effective_revision(step)
    spec: Any = parse_spec("practice", revision.spec)
    return SignOffPage(
        uuid=sign_off.uuid,
        learner_name=str(sign_off.enrollment.user),
        signer_name=sign_off.signer.name,
        journey_title=version.title,
        step_title=revision.title,
        asked_as=sign_off.asked_as,
        situation=spec.situation,
        steps=tuple(spec.steps),
        report=_report(sign_off, spec),
        state=sign_off.state,
        asked_at=sign_off.asked_at,
        expires_at=sign_off.expires_at,
        time_zone=sign_off.signer.time_zone,
    )


def list_own_sign_offs(actor: Actor, enrollment_id: int) -> dict[str, list[SignOff]]:
    """Return the learner's own requests by step key, newest first, with whom they asked; one query."""
    rows = SignOff.objects.filter(enrollment__in=Enrollment.objects.of_learner(actor).filter(pk=enrollment_id))
    found: dict[str, list[SignOff]] = {}
    for row in rows.select_related("signer").order_by("-asked_at", "-id"):
        found.setdefault(row.step_key, []).append(row)
    return found


def list_waiting(sign_off_ids: Iterable[int], *, now: datetime) -> list[SignOff]:
    """Return those of these requests that still wait for an answer, with what a mail about them needs; one query."""
    rows = SignOff.objects.filter(pk__in=list(sign_off_ids), state=SignOffState.ASKED, expires_at__gt=now)
    return list(rows.select_related("signer", "enrollment__user", "enrollment__version", "enrollment__cohort"))


def _too_late(sign_off: SignOff, now: datetime) -> bool:
    return sign_off.state == SignOffState.ASKED and sign_off.expires_at <= now


def _report(sign_off: SignOff, spec: Any) -> tuple[tuple[str, str], ...]:
    if not sign_off.shows_report:
        return ()
    response: Any = parse_response("practice", sign_off.attempt.response, spec=spec)
    return tuple(zip(spec.report, response.report, strict=False))


def asks_for(step_kind: str, spec_data: object) -> str:
    """Return whom a practice asks to confirm it, "peer" or "manager", or "" for nobody."""
    if get_kind(step_kind).key != "practice":
        return ""
    spec: Any = parse_spec("practice", spec_data)
    return "" if spec.sign_off == "none" else str(spec.sign_off)


def _signer() -> Signer:
    return Signer(salt=SALT)
