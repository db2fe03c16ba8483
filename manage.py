#!/usr/bin/env python
"""Waymark's command line: serve, journey, nudges and Django's own commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Settings must know before they are read whether this process may keep its own secret.
    os.environ.setdefault("WAYMARK_MODE", "serve" if sys.argv[1:2] == ["serve"] else "manage")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        # A setting that is missing is mended in the environment, so its name helps and our lines of code do not.
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"manage.py: {refusal}")
