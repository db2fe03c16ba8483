"""`manage.py prepare`: tables and demo of the embedded run; `serve` starts it."""

import os
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.demo.actions import load_demo
from config.demo.aside import built_aside
from config.support.clock import now


class Command(BaseCommand):
    help = "Make or update the tables of an embedded Waymark, and its demo; `manage.py serve` does it by itself."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo organization once")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("`manage.py serve` prepares its database by itself; elsewhere run `manage.py migrate`.")
        self._parent = os.getppid()
        self._say("Preparing the database …")
        with built_aside() if options["demo"] else nullcontext():
            call_command("migrate", verbosity=0, interactive=False)
            if options["demo"]:
                load_demo(now=now(), progress=self._say)

    def _say(self, text: str) -> None:
        if os.getppid() != self._parent:
            raise CommandError("Whoever started this has ended; the next start begins again.")
        self.stdout.write(text)
        self.stdout.flush()
