"""Recompute roll-ups from the completions, or only check them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.support.clock import now
from learners.progress.actions import rebuild_progress


class Command(BaseCommand):
    help = (
        "Recompute every enrollment's roll-up from its completions. With --check, write nothing; exit 1 if any differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; exit 1 on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rebuild_progress(check=options["check"], now=now())
        for difference in done.differences:
            self.stdout.write(str(difference))
        wrong = len(done.differences)
        if options["check"] and wrong:
            raise CommandError(
                f"{wrong} of {done.looked_at} enrollments differ from their completions. "
                "Run manage.py rebuild_progress to mend them."
            )
        verb = "differ" if options["check"] else "mended"
        self.stdout.write(f"{done.looked_at} enrollments looked at, {wrong} {verb}.")
