"""What every test stands on."""

import pytest
from _pytest.terminal import TerminalReporter
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits and throttles of one test must not reach the next."""
    cache.clear()


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """End the long runs (make proof, make faults) with the one line that scripts read."""
    if config.option.markexpr in ("proof", "fault"):
        counted = {kind: len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error")}
        terminalreporter.write_line(f"{counted['passed']} passed, {counted['failed'] + counted['error']} failed")
