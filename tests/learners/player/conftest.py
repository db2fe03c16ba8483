"""The clock of the learner's pages stands still."""

from collections.abc import Iterator

import pytest
import time_machine

from learners.cohorts.models import Enrollment
from tests.learners.player.journey import NOW, join, make_cohort, make_rated_version, signed_in


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; `clock.move_to` goes on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    return join(make_cohort())


@pytest.fixture
def rated(db: None) -> Enrollment:
    """Somebody on a journey that asks for ratings on all four occasions."""
    return join(make_cohort(make_rated_version()))


@pytest.fixture
def page(enrollment: Enrollment):
    """The learner's browser."""
    return signed_in(enrollment.user)
