"""A framework out of a file: always a new version, written as a whole or not at all."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.db.models import Q

from config.support.errors import Fault
from config.support.keys import mint_key
from content.skills.errors import FrameworkShownOtherwise, NothingToImport, SkillInvalid
from content.skills.models import Skill, SkillAlignment, SkillFramework
from content.skills.queries.importing import FrameworkComparison, compare_framework
from content.skills.rules.framework_file import EXACT, FrameworkFile, SkillEntry
from content.uploads.actions import drop_upload
from content.uploads.errors import UploadGone


def import_framework(
    *,
    organization_id: int,
    file: FrameworkFile,
    title: str,
    version: str,
    source_uri: str,
    license: str,
    seen: str | None = None,
    now: datetime,
) -> SkillFramework:
    """
    Write a file's framework as a new version of the organization's own; about 10 queries, whatever its size.

    A skill keeps its key from version to version, known by its address. seen: the mark of the comparison that was
    shown; None skips it. Raises SkillInvalid with every fault of the four texts, NothingToImport,
    FrameworkShownOtherwise.
    """
    with transaction.atomic():
        comparison = compare_framework(organization_id=organization_id, file=file)
        if seen is not None and comparison.seen != seen:
            raise FrameworkShownOtherwise
        base = comparison.base
        texts = {"title": title.strip(), "version": version.strip(), "source_uri": source_uri.strip()}
        texts["license"] = license.strip()
        faults = list(_faults(texts, comparison))
        if faults:
            raise SkillInvalid(faults=faults)
        if (
            base
            and not comparison.change
            and all(getattr(base, name) == texts[name] for name in texts if name != "version")
        ):
            raise NothingToImport
        framework = _new_version(organization_id, comparison, texts, now)
        _fill(framework, file, comparison)
    return framework


def _says_the_same(base: SkillFramework, texts: dict[str, str]) -> bool:
    return all(getattr(base, name) == texts[name] for name in texts if name != "version")


def _faults(texts: dict[str, str], comparison: FrameworkComparison) -> Iterator[Fault]:
    asked = {
        "title": "Say what the framework is called.",
        "version": "Say which version this is, such as 1.2 or 2027-03.",
        "source_uri": "Say where the framework comes from: its address on the web.",
        "license": "Say under which license it may be used, such as CC-BY-4.0.",
    }
    longest = {"title": 200, "version": 32, "source_uri": 200, "license": 200}
    for name, question in asked.items():
        if not texts[name]:
            yield Fault(f"/{name}", question, "missing")
        elif len(texts[name]) > longest[name]:
            yield Fault(f"/{name}", f"Shorten it to at most {longest[name]} characters.")
    try:
        URLValidator(schemes=["http", "https"])(texts["source_uri"] or "https://example.org")
    except ValidationError:
        yield Fault("/source_uri", "This is no address. Write one such as https://example.org/framework.")
    if texts["version"] in comparison.versions:
        yield Fault("/version", f"There is a version {texts['version']} already, which never changes. Choose another.")


def _new_version(
    organization_id: int, comparison: FrameworkComparison, texts: dict[str, str], now: datetime
) -> SkillFramework:
    key = comparison.base.key if comparison.base else ""
    if not key:
        visible = Q(organization=None) | Q(organization_id=organization_id)
        taken = set(SkillFramework.objects.filter(visible).values_list("key", flat=True))
        key = mint_key(texts["title"], taken=taken, fallback="framework")
    try:
        with transaction.atomic():
            return SkillFramework.objects.create(organization_id=organization_id, key=key, imported_at=now, **texts)
    except IntegrityError as error:
        raise FrameworkShownOtherwise from error


def _fill(framework: SkillFramework, file: FrameworkFile, comparison: FrameworkComparison) -> None:
    visible = Q(framework__organization=None) | Q(framework__organization=framework.organization)
    # A key means one skill of all that an organization sees; older versions of this framework alone may share it.
    others = Skill.objects.filter(visible).exclude(
        framework__organization=framework.organization, framework__key=framework.key
    )
    taken = set(others.values_list("key", flat=True)) | set(comparison.keys.values())
    rows = []
    for position, entry in enumerate(file.skills):
        key = comparison.keys.get(entry.uri) or mint_key(entry.title, taken=taken, fallback="skill")
        taken.add(key)
        rows.append(_row(framework, entry, key, position))
    skills = Skill.objects.bulk_create(rows)
    SkillAlignment.objects.bulk_create(
        alignment for skill, entry in zip(skills, file.skills, strict=True) for alignment in _alignments(skill, entry)
    )


def _row(framework: SkillFramework, entry: SkillEntry, key: str, position: int) -> Skill:
    return Skill(
        framework=framework,
        key=key,
        title=entry.title,
        description=entry.description,
        position=position,
        other_names="\n".join(entry.other_names),
        skill_type=entry.skill_type,
        reuse_level=entry.reuse_level,
    )


def _alignments(skill: Skill, entry: SkillEntry) -> Iterator[SkillAlignment]:
    """Its own concept first, which is what it is known by; then those that it points to."""
    yield SkillAlignment(skill=skill, uri=entry.uri, label=entry.title, match_type=EXACT)
    for one in entry.alignments:
        if one.uri != entry.uri:
            yield SkillAlignment(skill=skill, uri=one.uri, label=one.label, match_type=one.match)


def import_upload(*, upload_id: int, seen: str, **what: Any) -> SkillFramework:
    """
    Import a held file as it was shown and forget it, in one transaction; of two confirmations one gets on.

    what: as import_framework takes it. Raises UploadGone, and what import_framework raises; then the file is kept.
    """
    with transaction.atomic():
        if not drop_upload(upload_id=upload_id):
            raise UploadGone
        return import_framework(seen=seen, **what)
