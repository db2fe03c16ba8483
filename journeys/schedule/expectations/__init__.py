"""What a designer expects of a schedule, written beside the journey, and whether it comes true."""

from journeys.schedule.expectations.checking import Verdict, check_expectations, verdicts
from journeys.schedule.expectations.reading import MOST_EXPECTATIONS, parse_expectations
from journeys.schedule.expectations.runs import Runs
from journeys.schedule.expectations.values import Expectation, Run, runs_named

__all__ = [
    "MOST_EXPECTATIONS",
    "Expectation",
    "Run",
    "Runs",
    "Verdict",
    "check_expectations",
    "parse_expectations",
    "runs_named",
    "verdicts",
]
