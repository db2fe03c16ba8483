"""Limiting an API key to single cohorts."""

from collections.abc import Collection

from django.db import transaction

from config.accounts.models import ApiKey
from config.support.errors import NotFound
from learners.cohorts.errors import UnknownCohort
from learners.cohorts.models import ApiKeyCohort, Cohort


@transaction.atomic
def limit_key(*, api_key_id: int, cohort_ids: Collection[int]) -> None:
    """
    Let a key reach these cohorts and no others; with none given it reaches all of its organization.

    Replaces an earlier limit. Raises NotFound for an unknown key, UnknownCohort for a cohort of another organization.
    """
    api_key = ApiKey.objects.select_for_update().filter(pk=api_key_id).first()
    if api_key is None:
        raise NotFound("There is no such key.")
    wanted = set(cohort_ids)
    known = Cohort.objects.filter(pk__in=wanted, organization_id=api_key.organization_id).count()
    if known != len(wanted):
        raise UnknownCohort
    ApiKeyCohort.objects.filter(api_key=api_key).exclude(cohort_id__in=wanted).delete()
    rows = [ApiKeyCohort(api_key=api_key, cohort_id=cohort_id) for cohort_id in wanted]
    ApiKeyCohort.objects.bulk_create(rows, ignore_conflicts=True)
