"""Run the nudge engine once, or say where it stands."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from config.support.clock import database_now
from learners.nudges.actions.dispatch import dispatch
from learners.nudges.actions.engine import engine_state
from learners.nudges.actions.tick import TickReport, tick
from learners.nudges.queries.status import Status, lease_in_words, read_status

_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.5


class Command(BaseCommand):
    help = "tick: run the loops once and send what is due. status: the accounting identity, lag and lease."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["tick", "status"])
        parser.add_argument("--json", action="store_true", help="print the status as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "tick":
            self._tick()
        else:
            self._status(as_json=options["json"])

    def _tick(self) -> None:
        report = self._elected_tick()
        sent = self._send()
        self.stdout.write(
            f"armed {report.armed}, planned {report.planned}, opened or due {report.fired}, "
            f"taken back {report.reaped}, events in order {report.sequenced}"
        )
        self.stdout.write("sending: " + (", ".join(f"{n} {state}" for state, n in sorted(sent.items())) or "nothing"))
        if report.faults:
            raise CommandError(f"{report.faults} faults; the admin's nudge engine page names the newest one.")

    def _elected_tick(self) -> TickReport:
        """Wait for the engine that drives at this moment, if one does, instead of doing nothing."""
        for _ in range(_TRIES):
            report = tick(now=database_now())
            if report.ran:
                return report
            time.sleep(_PAUSE_SECONDS)
        raise CommandError("Another engine holds the lease. `manage.py nudges status` names it; try again in a minute.")

    def _send(self) -> dict[str, int]:
        sent: dict[str, int] = {}
        while batch := dispatch(now=database_now()):
            for state, count in batch.items():
                sent[state or "in other hands"] = sent.get(state or "in other hands", 0) + count
        return sent

    def _status(self, *, as_json: bool) -> None:
        reading = database_now()
        status = read_status(now=reading)
        if as_json:
            self.stdout.write(json.dumps(asdict(status)))
            return
        self.stdout.write(_in_words(status, lease_in_words(engine_state(), now=reading)))


def _in_words(status: Status, lease: str) -> str:
    suppressed = sum(status.suppressed.values())
    reasons = ", ".join(f"{reason} {n}" for reason, n in status.suppressed.items())
    lines = [
        f"planned {status.planned} = sent {status.sent} + suppressed {suppressed} + failed {status.failed}"
        f" + unknown {status.unknown} + open {status.open}" + ("" if status.adds_up else "   DOES NOT ADD UP"),
        f"suppressed: {reasons or 'none'}",
        f"lag: {status.lag_seconds} s",
        f"lease: {lease}",
    ]
    return "\n".join(lines)
