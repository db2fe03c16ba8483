"""`manage.py serve`: the embedded trio, with the demo when asked for."""

import sys
from argparse import ArgumentParser
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.sign_ins import SIGN_INS, DemoAccess, kept_access
from config.embedded import AlreadyRunning, Trio, require_free, sole_process, trio_on
from config.preparing import NotPrepared, preparing
from config.static_files import collect_once


class Command(BaseCommand):
    help = "Serve web, worker and beat in one process. Ctrl-C stops all three."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo organization once")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: PORT or 8000")
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("Start it as `manage.py serve`, so that settings know that this is the embedded run.")
        if options["port"] != settings.PORT and settings.SITE_URL.endswith(f":{settings.PORT}"):
            # Links in mails lead to where this process listens.
            settings.SITE_URL = settings.SITE_URL.removesuffix(str(settings.PORT)) + str(options["port"])
        try:
            with sole_process(settings.DATA_DIR) as lock:
                trio = self._prepared(lock, host=options["host"], port=options["port"], demo=options["demo"])
                self._welcome(options["host"], options["port"], kept_access() if options["demo"] else None)
                trio.run()
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Stopped.")

    def _prepared(self, lock: IO[str], *, host: str, port: int, demo: bool) -> Trio:
        """Return the trio, ready to run; what takes time goes on beside each other."""
        try:
            require_free(host=host, port=port)
            with preparing(demo=demo, port=port, lock=lock) as done:
                # Files first: the web application looks at the folder once, when it is made.
                collect_once()
                trio = trio_on(host=host, port=port)
                done()
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}). Choose another: PORT=8001 make run"
            ) from error
        except NotPrepared as error:
            raise CommandError("The database could not be prepared; the reason stands above.") from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped before the database was ready; the next start begins again.") from error
        return trio

    def _welcome(self, host: str, port: int, access: DemoAccess | None) -> None:
        self.stdout.write(f"\nWaymark is at http://{host}:{port}/\n")
        if access:
            self.stdout.write(f"Demo sign-ins (one click on the sign-in page, or password {access.password}):")
            for sign_in in SIGN_INS:
                self.stdout.write(f"  {sign_in.email:<26} {sign_in.sees}")
            self.stdout.write(f"Demo API key: {access.api_key}")
            self.stdout.write(f"Mail that the demo sends is shown at http://{host}:{port}/demo/mail/")
        self.stdout.write("Ctrl-C stops it.\n")
        self.stdout.flush()
        sys.stdout.flush()
