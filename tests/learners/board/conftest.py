"""The clock of the board's tests stands still."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.api.world import World, make_world
from tests.learners.running import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; `clock.move_to` goes on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db, clock) -> World:
    return make_world()
