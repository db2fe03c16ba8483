"""The journeys app."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """What should be done, in which order, by when."""

    name = "journeys"
    default_auto_field = "django.db.models.BigAutoField"
