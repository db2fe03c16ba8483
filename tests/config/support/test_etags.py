"""Entity tags."""

import pytest
from django.test import RequestFactory

from config.support.etags import etag_of, is_known


def test_a_tag_tells_values_and_their_kinds_apart():
    tags = {etag_of(1), etag_of("1"), etag_of((1,)), etag_of(1, 2), etag_of(12), etag_of(None), etag_of()}

    assert len(tags) == 7
    assert etag_of(1, "a") == etag_of(1, "a")


@pytest.mark.parametrize(
    ("held", "known"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ("", False),
        ("a", False),
        ('W/"a', False),
    ],
)
def test_a_held_tag_is_compared_weakly(held, known):
    request = RequestFactory().get("/", headers={"If-None-Match": held})

    assert is_known(request, 'W/"a"') is known
