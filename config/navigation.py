"""What every page knows besides its own subject: menu, chosen colors, usual jobs, and the sign-ins of the demo."""

from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from config.accounts.actor import LEARNER
from config.accounts.admin_access import operator
from config.accounts.models import Membership, Organization, User
from config.accounts.session import actor_of
from config.demo.sign_ins import SIGN_INS
from config.support.prepared import Prepared, unique, whole
from learners.cohorts.models import CohortStaff, Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus

# An organization and a page that nobody has.
NOWHERE: Final = 0
NO_PAGE: Final = UUID(int=0)
Places = list[tuple[str, str]]
# Where somebody is at work comes before where they rest, are through or have left.
UNDER_WAY = (EnrollmentStatus.ACTIVE, EnrollmentStatus.INVITED)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """
    Return the menu and the colors of the signed-in person, or the demo's sign-ins for a visitor.

    Lazy: a page that shows none of it asks nothing of the database. One query more for a person, however much is shown.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "demo_sign_ins": _demo_sign_ins}
    person = cast(_Person, SimpleLazyObject(lambda: _person(user.pk, request)))
    return {
        "navigation": SimpleLazyObject(lambda: _menu(request, person)),
        "theme": SimpleLazyObject(lambda: person.theme),
        "first_jobs": SimpleLazyObject(lambda: _first_jobs(request, person)),
    }


@dataclass(frozen=True, slots=True)
class _Person:
    """theme: "" = as the device says. runs_cohorts: as staff, or as somebody's line manager. enrollment: whose map."""

    theme: str
    runs_cohorts: bool
    enrollment: UUID | None


def _person(user_id: int, request: HttpRequest) -> _Person:
    actor = actor_of(request)
    found = _people.first(
        user=user_id,
        organization=NOWHERE if actor is None else actor.organization_id,
        page=_enrollment_of_page(request) or NO_PAGE,
    )
    theme, runs_cohorts, enrollment = found or ("", False, None)
    return _Person("" if theme in (None, "system") else theme, runs_cohorts, enrollment)


def _enrollment_of_page(request: HttpRequest) -> UUID | None:
    match = request.resolver_match
    return match.kwargs.get("enrollment") if match is not None else None


def _read_people() -> "QuerySet[User, tuple[str | None, bool, UUID | None]]":
    staff = Exists(CohortStaff.objects.filter(user_id=OuterRef("pk")))
    reports = Exists(Membership.objects.filter(manager__user_id=OuterRef("pk"), is_active=True))
    own = Subquery(_enrollments().filter(user_id=OuterRef("pk")).values("uuid")[:1])
    rows = User.objects.filter(pk=whole("user")).annotate(runs=staff | reports, enrollment=own)
    return rows.values_list("preferences__theme", "runs", "enrollment")


def _enrollments() -> QuerySet[Enrollment]:
    """
    Return enrollments of the active organization, first the one that the page is about, so that the map of a second
    journey is one press away from its steps; then those under way, of these first where something was done last.
    """
    order = Case(When(uuid=unique("page"), then=0), When(status__in=UNDER_WAY, then=1), default=2)
    own = Enrollment.objects.filter(cohort__organization_id=whole("organization"))
    return own.order_by(order, F("last_activity_at").desc(nulls_last=True), "-id")


_people: Final = Prepared(_read_people)


def _menu(request: HttpRequest, person: _Person) -> list[tuple[str, str, bool]]:
    actor = actor_of(request)
    places: Places = [(_("Today"), reverse("today"))]
    if person.enrollment is not None:
        places.append((_("Map"), reverse("journey-map", args=[person.enrollment])))
    if actor is not None and (actor.is_administrator or person.runs_cohorts):
        places.append((_("Cohorts"), reverse("cohorts")))
    if actor is not None and (actor.is_designer or actor.is_administrator):
        places.append((_("Journeys"), reverse("studio-journeys")))
    if operator(request) or (actor is not None and actor.is_administrator):
        places.append((_("Administration"), reverse("admin:index")))
    if person.enrollment is not None or (actor is not None and LEARNER in actor.roles):
        places += [
            (_("Reflections"), reverse("reflections")),
            (_("Commitments"), reverse("commitments")),
            (_("Progress"), reverse("progress")),
        ]
    places.append((_("Preferences"), reverse("preferences")))
    return [(label, url, request.path == url) for label, url in places]


def _first_jobs(request: HttpRequest, person: _Person) -> list[tuple[str, str]]:
    """Return what people usually come to the administration for, by their roles, as (words, address)."""
    actor = actor_of(request)
    invite = (_("Invite somebody"), reverse("admin:accounts_membership_add"))
    if actor is None:
        found = (_("Found your organization"), reverse("admin:accounts_organization_add"))
        # Who installed Waymark belongs to no organization, and still has to bring in the first people.
        jobs = [found, invite] if Organization.objects.exists() else [found]
        return jobs if operator(request) else []
    jobs = []
    if actor.is_administrator:
        jobs += [
            invite,
            (_("Begin a cohort"), reverse("admin:learners_cohort_add")),
            (_("Enroll people into a cohort"), reverse("admin:learners_cohort_changelist")),
        ]
    if actor.is_designer or actor.is_administrator:
        jobs.append((_("Author a journey"), reverse("studio-journeys")))
    if actor.is_administrator or person.runs_cohorts:
        jobs.append((_("Look at cohorts"), reverse("cohorts")))
    if actor.is_administrator:
        jobs += [
            (_("Make an API key"), reverse("admin:accounts_apikey_add")),
            (_("See what became of messages"), reverse("admin:learners_nudgedelivery_changelist")),
        ]
    return jobs


def _demo_sign_ins() -> list[tuple[str, str, str]]:
    if not Organization.objects.filter(is_demo=True).exists():
        return []
    return [(sign_in.name, sign_in.sees, sign_in.email) for sign_in in SIGN_INS]
