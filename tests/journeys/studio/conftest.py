"""A designer at the studio, and a draft that is a real journey: imported once a module, as it was for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from config.accounts.models import Membership
from journeys.authoring.models import JourneyVersion
from journeys.bundle.actions.importing import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from tests.factories.accounts import MembershipFactory

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[JourneyVersion]:
    with django_db_blocker.unblock(), transaction.atomic():
        designer = MembershipFactory(is_designer=True)
        bundle = read_bundle(sample_paths()["judgment-with-ai"])
        yield import_bundle(bundle=bundle, organization_id=designer.organization_id, author_id=None, now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def designer(request, db):
    """Whoever imported the draft; somebody of an organization without any in a test that asks for no draft."""
    if "draft" not in request.fixturenames:
        return MembershipFactory(is_designer=True)
    imported = request.getfixturevalue("imported")
    return Membership.objects.select_related("user", "organization").get(
        organization_id=imported.journey.organization_id
    )


@pytest.fixture
def page(client, designer):
    client.force_login(designer.user)
    return client


@pytest.fixture
def draft(imported, db):
    return JourneyVersion.objects.select_related("journey").get(pk=imported.pk)
