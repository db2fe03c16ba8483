"""The app that wires the others together."""

from django.apps import AppConfig
from django.conf import settings

from config import error_tracking, logs


class ConfigConfig(AppConfig):
    """The wiring: settings, addresses, commands, the demo."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        logs.configure()
        error_tracking.start(settings.SENTRY_DSN)
