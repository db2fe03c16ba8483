"""The record of what happened."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events app."""

    name = "config.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
