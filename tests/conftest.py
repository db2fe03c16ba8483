"""What every test stands on."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from _pytest.terminal import TerminalReporter
from django.core.cache import cache
from django.db import connection

from tests.tables import take_in


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Fill the database in memory before Django looks at it: it then finds every migration applied."""
    if connection.vendor != "sqlite":
        yield
        return
    name: str = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with closing(take_in(name)):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits and throttles of one test must not reach the next."""
    cache.clear()


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """End the long runs (make proof, make faults) with the one line that scripts read."""
    if config.option.markexpr in ("proof", "fault"):
        counted = {kind: len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error")}
        terminalreporter.write_line(f"{counted['passed']} passed, {counted['failed'] + counted['error']} failed")
