"""`manage.py skills import PATH`: a framework out of a CSV with ESCO's columns or out of a CASE package."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.accounts.models import Organization
from config.support.clock import now
from config.support.errors import DomainError
from content.skills.actions import import_framework
from content.skills.errors import NothingToImport
from content.skills.queries.importing import FrameworkComparison, compare_framework, read_framework
from content.skills.rules.esco import REUSE_LEVELS
from content.skills.rules.framework_file import MAX_BYTES, FrameworkFile

TEXTS = ("title", "version", "source_uri", "license")


class Command(BaseCommand):
    help = "Import a framework of skills from a CSV with the columns of ESCO, or from a CASE package. Exit 1: faults."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="import")
        imports = acts.add_parser("import", help="say what a file changes, then write it as a new version")
        imports.add_argument("path", type=Path, metavar="PATH", help="a .csv or a .json")
        imports.add_argument("--organization", metavar="SLUG", default="", help="needed where there are several")
        imports.add_argument("--title", default="", help="what the file does not say, or else than it says")
        imports.add_argument("--version-name", dest="version", default="", metavar="VERSION")
        imports.add_argument("--source", dest="source_uri", default="", metavar="ADDRESS")
        imports.add_argument("--license", default="")
        imports.add_argument("--reuse-level", action="append", default=[], choices=REUSE_LEVELS)
        imports.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except NothingToImport as refusal:
            self.stdout.write(str(refusal))
        except DomainError as refusal:
            for line in [_line(fault.pointer, fault.detail) for fault in refusal.faults] or [str(refusal)]:
                self.stderr.write(line)
            sys.exit(1)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. Check the path and its permissions.") from error

    def _import(self, options: dict[str, Any]) -> None:
        organization = _organization(options["organization"])
        with options["path"].open("rb") as opened:
            file = read_framework(opened.read(MAX_BYTES + 1), levels=options["reuse_level"])
        comparison = compare_framework(organization_id=organization.pk, file=file)
        for line in _changes(file, comparison):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
            return
        texts = {name: options[name] or getattr(file, name) or _before(comparison, name) for name in TEXTS}
        made = import_framework(organization_id=organization.pk, file=file, seen=comparison.seen, now=now(), **texts)
        self.stdout.write(f"{made}: {len(file.skills)} skills imported, key {made.key}")


def _before(comparison: FrameworkComparison, name: str) -> str:
    return str(getattr(comparison.base, name)) if comparison.base and name != "version" else ""


def _line(pointer: str, detail: str) -> str:
    asked = pointer.removeprefix("/")
    if asked in TEXTS:
        option = {"version": "--version-name", "source_uri": "--source"}.get(asked, f"--{asked}")
        return f"{option}: {detail}"
    return f"{pointer}: {detail}" if pointer else detail


def _changes(file: FrameworkFile, comparison: FrameworkComparison) -> list[str]:
    against = f"compared with {comparison.base}" if comparison.base else "a new framework"
    change = comparison.change
    lines = [f"{len(file.skills)} skills, {against}:", *(f"  left out: {note}" for note in file.left_out)]
    lines += [f"  new: {title}" for title in change.added]
    lines += [f"  changed: {words}" for words in change.changed]
    return lines + [f"  gone: {title}" for title in change.gone]


def _organization(slug: str) -> Organization:
    organizations = list(Organization.objects.order_by("slug"))
    found = [one for one in organizations if one.slug == slug] if slug else organizations
    if len(found) != 1:
        slugs = ", ".join(one.slug for one in organizations) or "none yet"
        raise CommandError(f"Say which organization: --organization SLUG. There are: {slugs}.")
    return found[0]
