"""Everything that is kept about one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from config.accounts.models import ApiKey, Membership, User
from config.events.models import ActivityEvent
from config.personal_data.errors import NobodyThere
from config.personal_data.registry import personal_models
from config.personal_data.telling import as_json, columns_of, kind_of, plain_row, text_files
from config.support.personal_data import About
from learners.cohorts.models import Enrollment
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.nudges.models import Channel, NudgeDelivery
from learners.progress.models import Attempt
from learners.reflections.models import Commitment, Reflection

READ_ME: Final = """\
What Waymark keeps about {name} <{email}>, as of {now:%Y-%m-%d %H:%M} UTC

data/    one file a kind of record, as JSON
texts/   what you wrote, as plain text

{kinds}

Left out: passwords and the secrets of authenticators, which nobody can read, and the names of other people, which are
theirs. Where a record points at a person it says "you" or "somebody else". Times are UTC.
"""


def find_person(email: str) -> User:
    """Return the person with an address, whatever its case. Raises NobodyThere."""
    person = User.objects.filter(email=email.strip().lower(), erased_at__isnull=True).first()
    if person is None:
        raise NobodyThere
    return person


def personal_files(person: User, *, now: datetime) -> dict[str, str]:
    """
    Return everything that is kept about a person, as text by file name; about one query a kind of record.

    Nothing of others: a column that points at another person does not say who it is.
    """
    files: dict[str, str] = {}
    counts: dict[str, int] = {}
    for model, rule in personal_models():
        for about in rule.about:
            rows = list(_rows(model, about, person)) if about.export else []
            if not rows:
                continue
            columns = columns_of(model, about)
            kind = kind_of(model) if about is rule.about[0] else f"{kind_of(model)}-as-{about.path}"
            files[f"data/{kind}.json"] = as_json([plain_row(row, columns, person) for row in rows])
            files.update((f"texts/{kind}/{name}", words) for name, words in text_files(rows, about))
            counts[kind] = len(rows)
    kinds = "\n".join(f"{n:6}  {kind.replace('-', ' ')}" for kind, n in sorted(counts.items()))
    return {"README.txt": READ_ME.format(name=person.name, email=person.email, now=now, kinds=kinds), **files}


def _rows(model: type[Model], about: About, person: User) -> QuerySet[Any]:
    related = [field.name for field in model._meta.concrete_fields if field.is_relation]
    rows = model._default_manager.filter(_mine(model, about, person))
    return rows.select_related(*related).order_by("pk").distinct()


def _mine(model: type[Model], about: About, person: User) -> Q:
    mine = about.rows_of(person)
    if model is ActivityEvent:
        # Events know enrollments by uuid alone, because they stand below them.
        own = Enrollment.objects.filter(user=person).values("uuid")
        return mine | Q(enrollment_uuid__in=own) | Q(object_uuid=person.uuid)
    return mine


def held_by_nobody_else(person: User) -> list[str]:
    """Return what nobody else could run without this person: organizations by name, and "Waymark" itself; 3 queries."""
    alone = []
    if (
        person.is_superuser
        and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk).exists()
    ):
        alone.append("Waymark")
    own = Membership.objects.filter(user=person, is_administrator=True, is_active=True).select_related("organization")
    others = Membership.objects.filter(is_active=True, user__is_active=True).exclude(user=person)
    for membership in own:
        there = others.filter(organization=membership.organization)
        if there.exists() and not there.filter(is_administrator=True).exists():
            alone.append(membership.organization.name)
    return alone


@dataclass(frozen=True, slots=True)
class Loss:
    """What a person would lose, in counts, and who would notice: cohorts under way, and keys that would end."""

    reflections: int
    commitments: int
    attempts: int
    messages: int
    journeys: tuple[str, ...]
    keys: tuple[str, ...]
    organizations: tuple[str, ...]


def what_would_go(person: User) -> Loss:
    """Return what erasing would take from a person; 7 queries."""
    running = Enrollment.objects.filter(user=person).exclude(status=EnrollmentStatus.WITHDRAWN)
    own = {"enrollment__user": person}
    return Loss(
        reflections=Reflection.objects.filter(author=person).count(),
        commitments=Commitment.objects.filter(**own).count(),
        attempts=Attempt.objects.filter(**own).count(),
        messages=NudgeDelivery.objects.filter(recipient=person, channel=Channel.IN_APP).count(),
        journeys=tuple(running.order_by("version__title").values_list("version__title", flat=True).distinct()),
        keys=tuple(ApiKey.objects.filter(created_by=person, revoked_at__isnull=True).values_list("name", flat=True)),
        organizations=tuple(
            Membership.objects.filter(user=person).order_by("pk").values_list("organization__name", flat=True)
        ),
    )
