"""Behind a proxy each visitor has a limit of their own, and nobody talks their way out of it."""

import pytest
from django.core.cache import cache
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_visits():
    cache.clear()


def knock(client, forwarded: str) -> int:
    """Try a wrong password and return the status."""
    answer = client.post(
        reverse("account_login"),
        {"login": f"{forwarded.replace(',', '').replace(' ', '')}@example.com", "password": "not-the-one"},
        headers={"x-forwarded-for": forwarded},
    )
    return int(answer.status_code)


def knocks_until_refused(client, forwarded) -> int:
    for number in range(1, 60):
        if knock(client, forwarded(number)) == 429:
            return number
    return 0


def test_visitors_behind_one_proxy_do_not_share_a_limit(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    used_up = knocks_until_refused(client, lambda number: "198.51.100.7")

    assert used_up > 5
    assert knock(client, "198.51.100.8") == 200


def test_an_address_that_a_visitor_made_up_counts_for_nothing(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert knocks_until_refused(client, lambda number: f"203.0.113.{number}, 198.51.100.9") > 0


def test_without_a_proxy_the_header_counts_for_nothing(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    assert knocks_until_refused(client, lambda number: f"203.0.113.{number}") > 0
