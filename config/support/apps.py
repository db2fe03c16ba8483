"""The floor: no table, no learning word."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The support app."""

    name = "config.support"
    label = "support"
