"""Completions and attempts."""

from typing import Final

from django.db.models import QuerySet

from config.accounts.actor import Actor
from config.support.prepared import Prepared, text, whole
from learners.cohorts.models import Enrollment
from learners.progress.models import Attempt, Completion

_latest: Final = Prepared(
    lambda: Attempt.objects.filter(enrollment_id=whole("enrollment"), step_key=text("step")).order_by("-number")[:1]
)


def completions_of(enrollment_id: int) -> dict[str, Completion]:
    """Return a person's completions by step key; one query."""
    return {row.step_key: row for row in Completion.objects.filter(enrollment_id=enrollment_id)}


def list_completions(actor: Actor) -> QuerySet[Completion]:
    """Return the completions of enrollments that the actor may see, newest first."""
    visible = Enrollment.objects.visible_to(actor)
    return Completion.objects.filter(enrollment__in=visible).order_by("-completed_at", "-id")


def list_attempts(actor: Actor, enrollment_id: int, step_key: str) -> QuerySet[Attempt]:
    """Return the actor's own attempts at a step, newest first; nobody reads another person's answers."""
    own = Enrollment.objects.of_learner(actor).filter(pk=enrollment_id)
    return Attempt.objects.filter(enrollment__in=own, step_key=step_key).order_by("-number")


def latest_attempt(enrollment_id: int, step_key: str) -> Attempt | None:
    """Return the newest attempt at a step, or None; one query. The caller has checked whose enrollment it is."""
    return _latest.first(enrollment=enrollment_id, step=step_key)
