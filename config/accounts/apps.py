"""People, organizations and keys."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "config.accounts"
    label = "accounts"
    verbose_name = "People and organizations"
    default_auto_field = "django.db.models.BigAutoField"
