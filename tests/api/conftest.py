"""A fixed clock, two organizations, and a key that may do everything."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.api.world import Caller, World, make_world, with_key
from tests.learners.running import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The time of every request; `clock.move_to(...)` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def first_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Both organizations, built once a module, in a transaction that ends with it."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(first_world: World, db: None) -> World:
    """The world as it was built: each test takes back what it wrote, and has its own copies of the rows."""
    return deepcopy(first_world)


@pytest.fixture
def key(world: World) -> Caller:
    return with_key(world.organization)
