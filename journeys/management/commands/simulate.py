"""`manage.py simulate JOURNEY --start DATE --zone ZONE`: the schedule of one imagined learner."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

from config.support.errors import DomainError
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import find_version, outline_for
from journeys.authoring.queries.calendars import calendars_of
from journeys.authoring.rules.calendars import OwnDays, calendar_named
from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.folder import MANIFEST
from journeys.bundle.queries.samples import sample_paths
from journeys.schedule.calendar import UnknownCountry, UnknownZone
from journeys.schedule.checks import outline_faults
from journeys.schedule.entries import Entry, entry_data
from journeys.schedule.fields import FIRST_YEAR, LAST_YEAR
from journeys.schedule.outline import Outline
from journeys.schedule.outside import Days, Outside, UnknownHappening, in_order
from journeys.schedule.simulate import UnknownPace, simulate


class Command(BaseCommand):
    help = "Show what opens, is due and is sent for one imagined learner, and why."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("journey", metavar="JOURNEY", help="the folder of a bundle, or the key of a journey")
        parser.add_argument("--start", required=True, metavar="DATE", help="the first day, such as 2027-03-03")
        parser.add_argument("--zone", required=True, metavar="ZONE", help="the learner's time zone: Europe/Paris")
        parser.add_argument(
            "--pace",
            default="on-time",
            help="on-time (default), N-days-late, stops-after:MODULE, absent:WEEK for two weeks from that week on, "
            "fails:MODULE/STEP, rates:2",
        )
        parser.add_argument(
            "--calendar",
            metavar="COUNTRY",
            help="whose holidays; for a stored journey also a work calendar by its name; default: the zone's country",
        )
        _add_days(parser)
        parser.add_argument(
            "--cohort-zone",
            metavar="ZONE",
            help="openings and deadlines keep this zone's hours; default: the learner's",
        )
        parser.add_argument(
            "--organization", metavar="SLUG", default="", help="whose journey, where several have the key"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._entries(options)
        except BundleFaults as refusal:
            for fault in refusal.faults:
                self.stderr.write(str(fault))
            sys.exit(1)
        except (DomainError, UnknownZone, UnknownCountry, UnknownPace, UnknownHappening) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            entries = [entry_data(entry) for entry in found]
            self.stdout.write(json.dumps({"entries": entries}, ensure_ascii=False, indent=2))
            return
        self.stdout.write("\n".join(_table(found)))

    def _entries(self, options: dict[str, Any]) -> list[Entry]:
        start = _day(options["start"], "--start")
        outline, calendars = _outline(options["journey"], options["organization"])
        faults = outline_faults(outline)
        if faults:
            raise CommandError("\n".join(f"{fault.pointer}: {fault.message}" for fault in faults))
        return simulate(
            outline,
            start_on=start,
            zone=options["zone"],
            calendar=calendar_named(options["calendar"], options["zone"], calendars),
            pace=options["pace"],
            cohort_zone=options["cohort_zone"],
            outside=_outside(options),
        )


def _add_days(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--event", action="append", default=[], metavar="KEY=DATE", help="an event takes place; as often as needed"
    )
    parser.add_argument(
        "--release",
        action="append",
        default=[],
        metavar="MODULE=DATE",
        help="a facilitator opens a module, or MODULE/STEP; as often as needed",
    )
    parser.add_argument("--end", metavar="DATE", help="the cohort's last day; default: it has none")


def _outside(options: dict[str, Any]) -> Outside:
    end = _day(options["end"], "--end") if options["end"] else None
    return Outside(end, _days(options["event"], "--event"), _days(options["release"], "--release"))


def _days(written: list[str], option: str) -> Days:
    pairs = [one.partition("=") for one in written]
    return in_order([(key, _day(day, f"{option} {key}=")) for key, _sign, day in pairs])


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no date. Write {option} as YYYY-MM-DD, such as 2027-03-03.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        bounds = f"in the years {FIRST_YEAR} to {LAST_YEAR}"
        raise CommandError(f"“{text}” is too far away. Write {option} as a day {bounds}.")
    return day


def _outline(name: str, slug: str) -> tuple[Outline, Mapping[str, OwnDays]]:
    """
    The outline of a folder, of a journey in the database, or of a journey that ships with Waymark, in this order.

    With the calendars of its organization, where it has one.
    """
    path = Path(name)
    if (path / MANIFEST).is_file() or path.name == MANIFEST:
        return read_bundle(path).content.outline, {}
    version = _stored(name, slug)
    if version is not None:
        return outline_for(version), calendars_of(version.journey.organization_id)
    samples = sample_paths()
    if name in samples and not slug:
        return read_bundle(samples[name]).content.outline, {}
    known = f"Name the folder of a bundle, the key of a journey, or one of {', '.join(samples)}."
    raise CommandError(f"There is no journey “{name}”. {known}")


def _stored(key: str, slug: str) -> JourneyVersion | None:
    versions = JourneyVersion.objects.filter(journey__key=key).order_by("journey__organization__slug")
    if slug:
        versions = versions.filter(journey__organization__slug=slug)
    try:
        owners = dict(versions.values_list("journey__organization__slug", "journey__organization_id"))
    except (OperationalError, ProgrammingError):
        # Without tables there are no stored journeys; the samples can be shown all the same.
        return None
    if len(owners) > 1:
        raise CommandError(f"Several organizations have “{key}”. Add --organization with one of {', '.join(owners)}.")
    return find_version(next(iter(owners.values())), key) if owners else None


def _table(entries: list[Entry]) -> list[str]:
    lines = [f"{'Local time':<21} {'UTC':<17} {'What'}"]
    for entry in entries:
        moved = f" (was {entry.moved_from.isoformat()})" if entry.moved_from else ""
        local, utc = f"{entry.at_local:%a %Y-%m-%d %H:%M}", f"{entry.at_utc:%Y-%m-%d %H:%M}"
        lines.append(f"{local:<21} {utc:<17} {entry.what}{moved}")
        lines.append(f"{'':<39} {entry.why}")
    return lines
