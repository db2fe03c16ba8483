"""The summary of a form of the studio leads through the page from its head to its foot."""

import pytest
from django.urls import reverse

from content.kinds.registry import KINDS
from journeys.authoring.models import JourneyVersion
from tests.summaries import in_order_of_page, led_to

pytestmark = pytest.mark.django_db
# A rule that cannot be read, so that the last thing on the page has a fault as well.
BROKEN_RULES = {
    "opens-lines-count": "1",
    "opens-lines-0-form": "after",
    "due-lines-count": "1",
    "due-lines-0-form": "after",
    "minutes": "many",
}


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _post(page, version, url):
    edits = str(JourneyVersion.objects.get(pk=version.pk).edits)
    return page.post(url, {**BROKEN_RULES, "weeks": "many", "edits": edits})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_faults_of_a_step_are_told_in_the_order_of_its_page(page, draft, kind):
    answer = _post(page, draft, _url("step-new", draft, "what-got-easier") + f"?kind={kind}")

    assert answer.status_code == 422
    assert len(led_to(answer.content)) > 2
    assert led_to(answer.content) == in_order_of_page(answer.content)


@pytest.mark.parametrize("name", ["about", "module-new", "nudge-new", "behavior-new"])
def test_faults_of_the_other_forms_are_told_in_the_order_of_their_pages(page, draft, name):
    answer = _post(page, draft, _url(name, draft))

    assert answer.status_code == 422
    assert led_to(answer.content)
    assert led_to(answer.content) == in_order_of_page(answer.content)
