"""The checks of a bundle: those before publishing, each with its line, and nothing written."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db.models import Q

from config.support.errors import Fault
from content.skills.actions import BUILT_IN
from content.skills.models import Skill
from journeys.authoring.rules.references import skills_named
from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries.reading import Bundle, Scan, in_reading_order, scan_bundle
from journeys.publishing.queries import check_content
from journeys.publishing.rules.findings import Finding, Level, error


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with the file and line where it is to be mended."""

    level: Level
    code: str
    place: str
    detail: str

    def __str__(self) -> str:
        mark = "" if self.level == "error" else "warning: "
        return f"{self.place}: {mark}{self.detail}"

    def as_fault(self) -> Fault:
        """Return the same as a fault of an input."""
        return Fault(self.place, self.detail, self.code)


def check_bundle(bundle: Bundle, *, skills: Collection[str]) -> list[PlacedFinding]:
    """
    Return what stands against publishing a bundle: errors first, each group in reading order; no query.

    skills: the keys that the bundle may name, see built_in_skills.
    """
    findings = [*_unknown_skills(bundle, skills), *check_content(bundle.content)]
    return placed_findings(bundle, sorted(findings, key=lambda finding: finding.level != "error"))


def readable_bundle(path: Path, *, skills: Collection[str]) -> Bundle:
    """
    Return a bundle that can be read; reads files only.

    Raises BundleFaults with every fault that can be told in one go: of the files, and skills that there are not.
    """
    return complete(scan_bundle(path), skills=skills)


def complete(scan: Scan, *, skills: Collection[str]) -> Bundle:
    """
    Return the bundle of a scan that found no fault.

    Raises BundleFaults with every fault that can be told in one go: of the files, and skills that there are not.
    """
    if scan.bundle is not None and not scan.faults:
        return scan.bundle
    unknown = placed_findings(scan.bundle, _unknown_skills(scan.bundle, skills)) if scan.bundle is not None else []
    raise BundleFaults(faults=sorted([*scan.faults, *(one.as_fault() for one in unknown)], key=in_reading_order))


def _unknown_skills(bundle: Bundle, skills: Collection[str]) -> list[Finding]:
    return [
        error("unknown_skill", where, f"There is no skill “{key}”. {one_of(skills)}")
        for where, key in skills_named(bundle.content)
        if key not in skills
    ]


def placed_findings(bundle: Bundle, findings: Collection[Finding]) -> list[PlacedFinding]:
    """Return findings with their file and line in the bundle."""
    return [PlacedFinding(f.level, f.code, bundle.places.of(f.where), f.detail) for f in findings]


def known_skills(organization_id: int) -> frozenset[str]:
    """Return the keys of the skills that an organization may use; one query."""
    mine = Q(framework__organization=None) | Q(framework__organization_id=organization_id)
    return frozenset(Skill.objects.filter(mine).values_list("key", flat=True))


def built_in_skills() -> frozenset[str]:
    """Return the keys of the framework that ships with Waymark; reads a file, no table."""
    framework = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    return frozenset(skill["key"] for skill in framework["skills"])


def one_of(skills: Collection[str]) -> str:
    """Say which skills there are."""
    return f"Use one of {', '.join(sorted(skills))}."
