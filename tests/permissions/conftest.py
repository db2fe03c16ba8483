"""The world is built once a module; each test, and each request of the matrix, takes back what it wrote."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.learners.running import NOW
from tests.permissions.cast import Cast, make_cast


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Everybody, in a transaction that ends with the module, at a clock that stands still."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)
