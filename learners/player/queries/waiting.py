"""Sign-offs: who waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from config.support.prepared import Prepared, moment, whole
from journeys.authoring.queries import effective_revision, outline_for, step_on_record
from learners.progress.models import SignOff, SignOffState
from learners.progress.queries.sign_offs import sign_off_token

_asked: Final = Prepared(
    lambda: (
        SignOff.objects.filter(signer_id=whole("signer"), state=SignOffState.ASKED, expires_at__gt=moment("now"))
        .select_related("enrollment__user", "enrollment__version__journey")
        .order_by("asked_at", "id")
    )
)


@dataclass(frozen=True)
class Ask:
    """Somebody asked the reader to confirm a practice."""

    name: str
    title: str
    url: str


def asks_of(user_id: int, *, now: datetime) -> list[Ask]:
    """Return who waits for this person's word, in any organization, oldest first; one query for known versions."""
    return [
        Ask(
            name=str(row.enrollment.user),
            title=_title(row),
            url=reverse("sign-off", args=[sign_off_token(row)]),
        )
        for row in _asked(signer=user_id, now=now)
    ]


def _title(row: SignOff) -> str:
    version = row.enrollment.version
    step = outline_for(version).steps_by_key.get(row.step_key)
    return step.title if step else effective_revision(step_on_record(version, row.step_key)).title


def names_waited_for(enrollment_id: int) -> dict[str, str]:
    """Return whom each practice of an enrollment waits for, by step key; one query."""
    rows = SignOff.objects.filter(enrollment_id=enrollment_id, state=SignOffState.ASKED)
    return {row.step_key: str(row.signer) for row in rows.select_related("signer")}
