"""A designer at the studio, and a draft that is a real journey."""

from datetime import UTC, datetime

import pytest

from journeys.bundle.actions.importing import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from tests.factories.accounts import MembershipFactory

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def designer():
    return MembershipFactory(is_designer=True)


@pytest.fixture
def page(client, designer):
    client.force_login(designer.user)
    return client


@pytest.fixture
def draft(designer):
    bundle = read_bundle(sample_paths()["judgment-with-ai"])
    return import_bundle(bundle=bundle, organization_id=designer.organization_id, author_id=None, now=NOW)
