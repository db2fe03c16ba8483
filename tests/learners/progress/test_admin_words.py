"""What the admin's page of a person in a cohort says, and that its rows can be reached by keyboard."""

import re

import pytest

from learners.cohorts.models import Enrollment
from learners.progress.actions import exempt_step
from tests.learners.progress.visitors import url
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cohort) -> Enrollment:
    return enrolled(cohort, "ana@example.com")


def told(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_dates_and_adjustments_are_named_in_the_words_of_the_product(facilitator, person):
    module = next(iter(person.version.modules.order_by("position")))
    step = next(iter(module.steps.order_by("position")))
    common = {"enrollment_id": person.pk, "actor_id": None, "reason": "", "now": NOW}
    exempt_step(key=f"{module.key}/{step.key}", **common)

    words = told(facilitator.get(url("enrollment_change", person.pk)))

    for label in ("Next last day", "Something opens next", "Last did something", "Module or step"):
        assert label in words
    for raw in (" at:", "Effective at", "Recorded by", "Until on", f"{module.key}/{step.key}"):
        assert raw not in words
    assert step.revision.title in words


def test_rows_below_a_person_can_be_scrolled_by_keyboard(facilitator, person):
    page = facilitator.get(url("enrollment_change", person.pk)).content.decode()

    assert re.search(r'role="region"\s+tabindex="0"\s+aria-labelledby="adjustments-heading"', page)
    assert 'id="adjustments-heading"' in page
    assert "None so far." in page
