"""The content app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from config.support.clock import now


def load_framework(*, using: str, **signal: Any) -> None:
    """Load the built-in framework where its tables are; migrating backwards takes them away."""
    if "content_skillframework" in connections[using].introspection.table_names():
        # Models cannot be imported while apps are being found, hence by name.
        import_string("content.skills.actions.load_built_in_framework")(now=now())


class ContentConfig(AppConfig):
    """Loads the built-in framework after every migration."""

    name = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(load_framework, sender=self, dispatch_uid="content.framework")
