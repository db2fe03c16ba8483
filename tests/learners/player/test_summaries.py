"""The summary of a learner's form leads through the page from its head to its foot."""

import pytest
from django.urls import reverse

from tests.summaries import in_order_of_page, led_to

pytestmark = pytest.mark.django_db


def address(enrollment, key):
    return reverse("step", args=[enrollment.uuid, key])


@pytest.mark.parametrize("key", ["recall", "decide", "compare", "plan", "try-it", "look-back"])
def test_faults_of_an_answer_are_told_in_the_order_of_its_page(page, enrollment, key):
    answer = page.post(address(enrollment, key), {"audience": "everybody"})

    assert answer.status_code == 422
    assert led_to(answer.content) == in_order_of_page(answer.content) != []


def test_who_may_read_a_reflection_is_mended_before_its_text(page, enrollment):
    answer = page.post(address(enrollment, "look-back"), {"text": "", "audience": "everybody"})

    assert led_to(answer.content) == ["id_audience_private", "id_text"]


def test_faults_of_preferences_are_told_in_the_order_of_their_page(page, enrollment):
    values = {"time_zone": "Mars/Base", "quiet_days": list("0123456"), "paused_until": "soon", "theme": "pink"}

    answer = page.post(reverse("preferences"), values)

    assert answer.status_code == 422
    assert len(led_to(answer.content)) == 6
    assert led_to(answer.content) == in_order_of_page(answer.content)
