"""Who belongs where, and what a key reaches."""

from typing import Final, cast

from django.db.models import QuerySet
from django.utils.module_loading import import_string

from config.accounts.actor import ADMINISTRATOR, DESIGNER, LEARNER, Actor
from config.accounts.keys import cohort_limits
from config.accounts.models import ApiKey, Membership, User
from config.support.prepared import Prepared, text, whole

_memberships: Final = Prepared(lambda: Membership.objects.filter(user_id=whole("user"), is_active=True).order_by("id"))


def actor_of_person(user: User, *, organization_id: int | None) -> Actor | None:
    """
    Return the actor for a signed-in person in one organization; one query.

    organization_id None or one they do not belong to = their oldest active membership. None without any membership.
    """
    memberships = _memberships(user=user.pk)
    if not memberships:
        return None
    chosen = next((m for m in memberships if m.organization_id == organization_id), memberships[0])
    roles = {
        ADMINISTRATOR: chosen.is_administrator,
        DESIGNER: chosen.is_designer,
        LEARNER: chosen.is_learner,
    }
    return Actor(
        organization_id=chosen.organization_id,
        user_id=user.pk,
        roles=frozenset(role for role, held in roles.items() if held),
        caller=f"user:{user.uuid}",
    )


def find_key(digest: str) -> ApiKey | None:
    """Return the key with this hash, marked with is_limited. One query."""
    return _key.first(digest=digest)


def _marked(api_keys: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
    mark = cohort_limits().mark
    return cast("QuerySet[ApiKey]", import_string(mark)(api_keys)) if mark else api_keys


_key: Final = Prepared(lambda: _marked(ApiKey.objects.filter(digest=text("digest"))))


def cohort_limit(api_key: ApiKey) -> frozenset[int] | None:
    """Return the cohorts that a key of `find_key` is limited to, by id: one query, none for a key without a limit."""
    if not getattr(api_key, "is_limited", False):
        return None
    limit: frozenset[int] = import_string(cohort_limits().read)(api_key.pk)
    return limit
