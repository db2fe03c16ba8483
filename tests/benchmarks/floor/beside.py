"""Puts the floor beside the product, in this process."""

import django
from django.conf import settings


def set_up() -> None:
    """Do as django.setup does, with the floor's table and addresses added."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.benchmarks.floor"]
    settings.ROOT_URLCONF = "tests.benchmarks.floor.urls"
    django.setup()
