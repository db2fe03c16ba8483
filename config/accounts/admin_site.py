"""Puts Waymark's admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class WaymarkAdminConfig(AdminConfig):
    """The admin app with our site: see admin_access for who enters."""

    default_site = "config.accounts.admin_access.WaymarkAdmin"
