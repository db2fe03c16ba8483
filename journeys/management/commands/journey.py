"""`manage.py journey check|export|import PATH`: lint, write and read a journey bundle; `schemas` writes its schemas."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.accounts.models import Membership, Organization
from config.support.clock import now
from config.support.errors import DomainError
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.authoring.queries import content_of, find_version
from journeys.bundle.actions import export_version, import_bundle, replace_draft
from journeys.bundle.errors import BundleFaults, DraftInTheWay
from journeys.bundle.queries import Bundle, Comparison, compare_bundle
from journeys.bundle.queries.checking import (
    built_in_skills,
    check_bundle,
    known_skills,
    placed_findings,
    readable_bundle,
)
from journeys.bundle.queries.schemas import SCHEMAS, schema_text, schemas
from journeys.publishing.actions import publish_version
from journeys.publishing.errors import NotReady
from journeys.publishing.queries import check_version


class Command(BaseCommand):
    help = "Check a journey bundle, import it as a draft, or export a journey as a bundle. Exit 1: one line a fault."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="check|export|import|schemas")
        check = acts.add_parser("check", help="tell every fault and warning of a bundle, with file and line")
        imports = acts.add_parser("import", help="write a bundle into a draft")
        export = acts.add_parser("export", help="write a journey into a folder")
        write = acts.add_parser("schemas", help="write the JSON Schemas of the format into a folder")
        write.add_argument("path", type=Path, metavar="PATH", nargs="?", default=SCHEMAS)
        for one in (check, imports, export):
            one.add_argument("path", type=Path, metavar="PATH", help="the folder of the bundle; to read also its .zip")
            one.add_argument("--organization", metavar="SLUG", default="", help="needed where there are several")
        imports.add_argument("--author", metavar="E-MAIL", default="", help="who is named as the author")
        imports.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
        imports.add_argument("--publish", action="store_true", help="publish the draft if the checks find no error")
        imports.add_argument("--replace-draft", action="store_true", help="write over a draft that says something else")
        export.add_argument("--journey", metavar="KEY", default="", help="default: the name of the folder")
        export.add_argument("--number", type=int, help="which version; default: the published one, else the draft")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = {"check": self._check, "import": self._import, "export": self._export, "schemas": self._schemas}
        try:
            acts[options["act"]](options)
        except BundleFaults as refusal:
            # What a check finds is its answer; what stops another command goes where errors go.
            self._refuse([str(fault) for fault in refusal.faults], aloud=options["act"] == "check")
        except DomainError as refusal:
            self._refuse([str(refusal)])
        except OSError as error:
            self._refuse(
                [f"{error.filename or options['path']}: {error.strerror}. Check the path and its permissions."]
            )

    def _check(self, options: dict[str, Any]) -> None:
        slug = options["organization"]
        skills = known_skills(_organization(slug).pk) if slug else built_in_skills()
        bundle = readable_bundle(options["path"], skills=skills)
        findings = check_bundle(bundle, skills=skills)
        errors = [str(finding) for finding in findings if finding.level == "error"]
        if errors:
            self._refuse(errors, aloud=True)
        for finding in findings:
            self.stdout.write(str(finding))
        self.stdout.write(f"{_in_numbers(bundle)}: no faults")

    def _import(self, options: dict[str, Any]) -> None:
        organization = _organization(options["organization"])
        bundle = readable_bundle(options["path"], skills=known_skills(organization.pk))
        author_id = _author_id(options["author"], organization)
        unchanged = _published_the_same(bundle, organization)
        if unchanged:
            self.stdout.write(f"{_in_numbers(bundle)}: version {unchanged.number} says the same, nothing to import")
            return
        for line in _changes(bundle, compare_bundle(bundle, organization_id=organization.pk)):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(f"{_in_numbers(bundle)}: nothing was written")
            return
        with transaction.atomic():
            version = self._draft(bundle, organization, author_id, replace=options["replace_draft"])
            if options["publish"]:
                version = self._published(bundle, version, author_id)
        self.stdout.write(f"{_in_numbers(bundle)}: version {version.number} ({version.get_status_display().lower()})")

    def _draft(
        self, bundle: Bundle, organization: Organization, author_id: int | None, *, replace: bool
    ) -> JourneyVersion:
        try:
            return import_bundle(bundle=bundle, organization_id=organization.pk, author_id=author_id, now=now())
        except DraftInTheWay:
            if not replace:
                raise
        draft = JourneyVersion.objects.get(
            journey__organization=organization, journey__key=bundle.content.key, status=VersionStatus.DRAFT
        )
        return replace_draft(bundle=bundle, version_id=draft.pk, author_id=author_id, now=now())

    def _published(self, bundle: Bundle, version: JourneyVersion, author_id: int | None) -> JourneyVersion:
        try:
            return publish_version(version_id=version.pk, actor_id=author_id, now=now())
        except NotReady as refusal:
            errors = [finding for finding in check_version(version.pk) if finding.level == "error"]
            raise BundleFaults(faults=[f.as_fault() for f in placed_findings(bundle, errors)]) from refusal

    def _export(self, options: dict[str, Any]) -> None:
        path: Path = options["path"]
        key = options["journey"] or path.resolve().name
        try:
            version = find_version(_organization(options["organization"]).pk, key, number=options["number"])
        except UnknownVersion as error:
            raise CommandError(f"{error} Name another one with --journey KEY.") from error
        files = export_version(version_id=version.pk, path=path)
        self.stdout.write(f"{key}: version {version.number} in {len(files)} files in {path}")

    def _schemas(self, options: dict[str, Any]) -> None:
        path: Path = options["path"]
        path.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            (path / name).write_text(schema_text(schema), encoding="utf-8")
        self.stdout.write(f"{len(schemas())} schemas in {path}")

    def _refuse(self, lines: list[str], *, aloud: bool = False) -> None:
        for line in lines:
            (self.stdout if aloud else self.stderr).write(line)
        sys.exit(1)


def _organization(slug: str) -> Organization:
    organizations = list(Organization.objects.order_by("slug"))
    if slug:
        found = next((one for one in organizations if one.slug == slug), None)
        if found is None:
            raise CommandError(f"There is no organization “{slug}”. There are: {_slugs(organizations)}.")
        return found
    if len(organizations) != 1:
        raise CommandError(f"Say which organization: --organization SLUG. There are: {_slugs(organizations)}.")
    return organizations[0]


def _slugs(organizations: list[Organization]) -> str:
    return ", ".join(one.slug for one in organizations) or "none yet"


def _author_id(email: str, organization: Organization) -> int | None:
    if not email:
        return None
    member = Membership.objects.filter(
        organization=organization, is_active=True, user__email=email.strip().lower()
    ).first()
    if member is None:
        raise CommandError(
            f"Nobody in {organization.slug} has the address {email}. Leave --author out, or invite them."
        )
    return member.user_id


def _published_the_same(bundle: Bundle, organization: Organization) -> JourneyVersion | None:
    """The published version, where the bundle says just what it says and no draft is under way."""
    versions = JourneyVersion.objects.filter(journey__organization=organization, journey__key=bundle.content.key)
    if versions.filter(status=VersionStatus.DRAFT).exists():
        return None
    published = versions.filter(status=VersionStatus.PUBLISHED).first()
    return published if published and content_of(published.pk) == bundle.content else None


def _changes(bundle: Bundle, comparison: Comparison) -> list[str]:
    """What an import would do, in words: a line that names what it is compared with, and one for each change."""
    key, against = bundle.content.key, comparison.against
    if against is None or comparison.change is None:
        return [f"{key}: a new journey, “{bundle.content.title}”"]
    said = f"{key}: compared with version {against.number} ({against.get_status_display().lower()})"
    if comparison.is_same:
        return [f"{said}, it says the same"]
    words = comparison.change.words or ("Nothing that a person could notice.",)
    return [f"{said}:", *(f"  {one}" for one in words)]


def _in_numbers(bundle: Bundle) -> str:
    content = bundle.content
    steps = len(list(content.steps))
    counted = ((len(content.modules), "module"), (steps, "step"), (len(content.nudges), "message"))
    return f"{content.key}: " + ", ".join(f"{n} {noun}" if n == 1 else f"{n} {noun}s" for n, noun in counted)
