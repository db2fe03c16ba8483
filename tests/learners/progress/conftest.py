"""A cohort and everybody who may look at it."""

import pytest

from tests.learners.progress.visitors import browser, member
from tests.learners.running import enrolled, running_cohort


@pytest.fixture
def cohort():
    return running_cohort()


@pytest.fixture
def boss(cohort):
    return browser(member(cohort, is_administrator=True))


@pytest.fixture
def facilitator(cohort):
    return browser(member(cohort, "facilitator"))


@pytest.fixture
def manager(cohort):
    return browser(member(cohort, "manager"))


@pytest.fixture
def designer(cohort):
    return browser(member(cohort, is_designer=True))


@pytest.fixture
def stranger():
    other = running_cohort()
    enrolled(other, "stranger@example.com", name="Canary")
    return browser(member(other, "facilitator", is_administrator=True))
