"""Who may read a reflection: one rule, asked of one row, of many rows, and before anything is written."""

from collections.abc import Iterator
from typing import Final, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from config.accounts.actor import Actor
from config.accounts.models import User
from content.kinds.contract import AudienceChoice
from learners.cohorts.models import CohortStaff, Enrollment
from learners.cohorts.models.cohort import StaffRole
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.reflections.errors import UnknownReflection
from learners.reflections.models import Reflection
from learners.reflections.models.reflection import Audience
from learners.reflections.rules import AUTHOR, FACILITATOR, MEMBER, READERS, Relation, may_read

AudienceName = Literal["private", "facilitator", "cohort"]
ORDER: Final[tuple[AudienceName, ...]] = ("private", "facilitator", "cohort")


def can_read(actor: Actor, reflection: Reflection) -> bool:
    """
    Tell whether the actor may read a reflection's text: the only answer to that question in Waymark.

    reflection: with its enrollment and cohort loaded, or up to two more queries. At most two queries of its own.
    A key or client reads no text at all.
    """
    if actor.user_id is None or reflection.enrollment.cohort.organization_id != actor.organization_id:
        return False
    relations = set(_relations(actor.user_id, reflection))
    return may_read(relations, audience=reflection.audience, is_saved=reflection.saved_at is not None)


def _relations(user_id: int, reflection: Reflection) -> Iterator[Relation]:
    if reflection.author_id == user_id:
        yield AUTHOR
        return
    cohort_id = reflection.enrollment.cohort_id
    if _facilitators().filter(cohort_id=cohort_id, user_id=user_id).exists():
        yield FACILITATOR
    if _members().filter(cohort_id=cohort_id, user_id=user_id).exists():
        yield MEMBER


def readable_by(actor: Actor) -> QuerySet[Reflection]:
    """
    Return every reflection that the actor may read, by the same table as can_read; one query.

    Always exactly those for which can_read is true.
    """
    if actor.user_id is None:
        return Reflection.objects.none()
    cohort = OuterRef("enrollment__cohort_id")
    stands: dict[Relation, Exists] = {
        FACILITATOR: Exists(_facilitators().filter(cohort_id=cohort, user_id=actor.user_id)),
        MEMBER: Exists(_members().filter(cohort_id=cohort, user_id=actor.user_id)),
    }
    readable = Q(author_id=actor.user_id)
    for audience, relations in READERS.items():
        for relation in relations:
            readable |= Q(Q(audience=audience, saved_at__isnull=False), stands[relation])
    return Reflection.objects.filter(readable, enrollment__cohort__organization_id=actor.organization_id)


def get_readable(actor: Actor, reflection_uuid: UUID) -> Reflection:
    """Return a reflection that the actor may read, with its author and cohort; one query. Raises UnknownReflection."""
    rows = readable_by(actor).select_related("author", "enrollment__cohort", "enrollment__version")
    reflection = rows.filter(uuid=reflection_uuid).first()
    if reflection is None:
        raise UnknownReflection
    return reflection


def list_shared_with(actor: Actor, *, cohort_id: int | None = None) -> QuerySet[Reflection]:
    """Return what others shared with the actor, newest first, with authors and versions; one query."""
    rows = readable_by(actor).exclude(author_id=actor.user_id)
    if cohort_id is not None:
        rows = rows.filter(enrollment__cohort_id=cohort_id)
    return rows.select_related("author", "enrollment__cohort", "enrollment__version").order_by("-saved_at", "-id")


def readers_of(enrollment: Enrollment, audience: str) -> list[str]:
    """
    Return the names of everybody but the author who could read a reflection with this audience; at most one query.

    In the order of the alphabet. It is today's answer: people who join or leave the cohort change it.
    """
    lets_in = READERS.get(audience, frozenset())
    among = Q()
    if FACILITATOR in lets_in:
        among |= Q(Exists(_facilitators().filter(cohort_id=enrollment.cohort_id, user_id=OuterRef("pk"))))
    if MEMBER in lets_in:
        among |= Q(Exists(_members().filter(cohort_id=enrollment.cohort_id, user_id=OuterRef("pk"))))
    if not among:
        return []
    people = User.objects.filter(among).exclude(pk=enrollment.user_id)
    return [str(person) for person in people.order_by("name", "email")]


def audience_choices(enrollment: Enrollment, widest: AudienceName) -> list[AudienceChoice]:
    """
    Return the audiences that may be chosen, narrowest first up to the widest, each with the names it lets in.

    One query, none when nobody but the author may be let in.
    """
    allowed = ORDER[: ORDER.index(widest) + 1]
    around = _people_around(enrollment) if widest != "private" else []
    return [_choice(around, audience) for audience in allowed]


def _people_around(enrollment: Enrollment) -> list[tuple[str, frozenset[Relation]]]:
    """Return everybody but the author who stands in some relation to the author's texts, by name; one query."""
    cohort_id = enrollment.cohort_id
    people = User.objects.exclude(pk=enrollment.user_id).annotate(
        facilitates=Exists(_facilitators().filter(cohort_id=cohort_id, user_id=OuterRef("pk"))),
        belongs=Exists(_members().filter(cohort_id=cohort_id, user_id=OuterRef("pk"))),
    )
    around = people.filter(Q(facilitates=True) | Q(belongs=True)).order_by("name", "email")
    return [(str(person), _standing(person.facilitates, person.belongs)) for person in around]


def _standing(facilitates: bool, belongs: bool) -> frozenset[Relation]:
    stands: dict[Relation, bool] = {FACILITATOR: facilitates, MEMBER: belongs}
    return frozenset(relation for relation, holds in stands.items() if holds)


def _choice(around: list[tuple[str, frozenset[Relation]]], audience: AudienceName) -> AudienceChoice:
    names = [name for name, relations in around if may_read(relations, audience=audience, is_saved=True)]
    note = ""
    if audience == "private":
        note = "Nobody else can read this, your manager and administrators included."
    elif not names:
        note = "Nobody is in this group yet. Whoever joins it will be able to read this."
    return AudienceChoice(
        value=audience,
        label=str(Audience(audience).label),
        names=tuple(names),
        note=note,
    )


def _facilitators() -> QuerySet[CohortStaff]:
    return CohortStaff.objects.filter(role=StaffRole.FACILITATOR)


def _members() -> QuerySet[Enrollment]:
    return Enrollment.objects.exclude(status=EnrollmentStatus.WITHDRAWN)
