"""Who can see what about a person: said by the rules that decide it."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.accounts.actor import Actor
from config.accounts.models import Membership
from learners.cohorts.models import CohortStaff, Enrollment
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.reflections.models.reflection import Audience
from learners.reflections.rules import FACILITATOR, MEMBER, Relation, may_read


@dataclass(frozen=True)
class Audiences:
    """
    Who reads a reflection of each audience, as the rule decides.

    facilitators, members: whether those people may read it.
    """

    audience: str
    facilitators: bool
    members: bool


@dataclass(frozen=True)
class Circle:
    """One journey of the person, and who stands around it. has_left: those who run it still see what was done."""

    title: str
    facilitators: Sequence[str]
    managers: Sequence[str]
    others: Sequence[str]
    has_left: bool


@dataclass(frozen=True)
class PrivacyPage:
    """Names and rules; draft_is_private: nobody reads a draft, whatever its audience."""

    circles: Sequence[Circle]
    line_manager: str
    administrators: Sequence[str]
    organization: str
    audiences: Sequence[Audiences]
    draft_is_private: bool


def load_privacy(actor: Actor) -> PrivacyPage:
    """Return who can see what about the signed-in person in the active organization; 5 queries."""
    person_id = actor.user_id or 0
    own = Enrollment.objects.of_learner(actor)
    enrollments = list(own.select_related("version").order_by("-enrolled_at"))
    staff = _staff([enrollment.cohort_id for enrollment in enrollments])
    others = _others(person_id, [enrollment.cohort_id for enrollment in enrollments])
    membership = (
        Membership.objects.filter(user_id=person_id, organization_id=actor.organization_id)
        .select_related("organization", "manager__user")
        .get()
    )
    administrators = Membership.objects.filter(
        organization_id=actor.organization_id, is_administrator=True, is_active=True
    ).select_related("user")
    return PrivacyPage(
        circles=[
            Circle(
                title=enrollment.version.title,
                facilitators=staff.get((enrollment.cohort_id, StaffRole.FACILITATOR), ()),
                managers=staff.get((enrollment.cohort_id, StaffRole.MANAGER), ()),
                others=others.get(enrollment.cohort_id, ()),
                has_left=enrollment.status == EnrollmentStatus.WITHDRAWN,
            )
            for enrollment in enrollments
        ],
        line_manager=str(membership.manager.user) if membership.manager else "",
        administrators=sorted(str(row.user) for row in administrators),
        organization=membership.organization.name,
        audiences=[_readers(audience) for audience in Audience.values],
        draft_is_private=not any(_allows(relation, audience, is_saved=False) for relation, audience in _all()),
    )


def _readers(audience: str) -> Audiences:
    return Audiences(
        audience=audience,
        facilitators=_allows(FACILITATOR, audience, is_saved=True),
        members=_allows(MEMBER, audience, is_saved=True),
    )


def _allows(relation: Relation, audience: str, *, is_saved: bool) -> bool:
    return may_read({relation}, audience=audience, is_saved=is_saved)


def _all() -> list[tuple[Relation, str]]:
    return [(relation, audience) for relation in (FACILITATOR, MEMBER) for audience in Audience.values]


def _staff(cohort_ids: Sequence[int]) -> dict[tuple[int, str], list[str]]:
    rows = CohortStaff.objects.filter(cohort_id__in=cohort_ids).select_related("user").order_by("user__name", "id")
    found: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        found.setdefault((row.cohort_id, row.role), []).append(str(row.user))
    return found


def _others(person_id: int, cohort_ids: Sequence[int]) -> dict[int, list[str]]:
    rows = Enrollment.objects.filter(cohort_id__in=cohort_ids).exclude(status=EnrollmentStatus.WITHDRAWN)
    found: dict[int, list[str]] = {}
    for row in rows.exclude(user_id=person_id).select_related("user").order_by("user__name", "user__email"):
        found.setdefault(row.cohort_id, []).append(str(row.user))
    return found
