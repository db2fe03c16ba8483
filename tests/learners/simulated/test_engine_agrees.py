import os
from datetime import UTC, datetime
from random import Random

import pytest

from tests.factories.accounts import OrganizationFactory
from tests.learners.simulated.comparing import compare
from tests.learners.simulated.journeys import publish
from tests.learners.simulated.living import Engine
from tests.learners.simulated.people import imagine

PUBLISHED_AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
SLICE = 12
# `make proof` runs all of them; PROOF_PEOPLE makes a first look quicker.
PEOPLE = int(os.environ.get("PROOF_PEOPLE", "1000"))
CHUNKS = 10


def lived(seed, people, *, a_group):
    """Let so many imagined people live for ninety days each, and return them."""
    everybody = imagine(Random(seed), people, a_group=a_group)
    organization = OrganizationFactory()
    keys = dict.fromkeys(person.group.journey for person in everybody)
    versions = {key: publish(key, organization, now=PUBLISHED_AT) for key in keys}
    engine = Engine(versions, everybody)
    engine.run()
    return engine


@pytest.mark.django_db
def test_the_engine_does_what_the_simulator_said():
    found = compare(lived("slice", SLICE, a_group=4).lives)

    assert "\n".join(found.differences) == ""
    assert found.rows > 50 * SLICE


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_engine_does_what_the_simulator_said_for_a_thousand(chunk):
    found = compare(lived(f"chunk {chunk}", PEOPLE // CHUNKS, a_group=10).lives)

    assert "\n".join(found.differences) == ""
    assert found.rows > 50 * (PEOPLE // CHUNKS)
