"""A server as it runs in production: its guards, its host, https."""

import pytest
from django.test import Client

from tests.config.safety.production import HOST, guards


@pytest.fixture
def production(settings):
    for name, value in guards().items():
        setattr(settings, name, value)
    # Tests hash quickly.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings


@pytest.fixture
def browser(production, db):
    """Return a maker of browsers that speak https to the production host; a fault of ours is an answer there."""

    def make(**more):
        return Client(raise_request_exception=False, HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https", **more)

    return make
