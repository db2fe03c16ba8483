"""A file of a framework against what an organization has."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from content.skills.errors import FrameworkFileInvalid
from content.skills.models import Skill, SkillAlignment, SkillFramework
from content.skills.rules.case import read_case
from content.skills.rules.esco import read_esco
from content.skills.rules.framework_change import FrameworkChange, change_of
from content.skills.rules.framework_file import EXACT, AlignmentEntry, FrameworkFile, SkillEntry


@dataclass(frozen=True, slots=True)
class FrameworkComparison:
    """
    An import that was not made yet.

    base: the newest version of the framework that the file is of, None for one that is new here. versions: those that
    are taken. keys: the key of each skill that any version has had, by its address. seen: a mark to give back.
    """

    base: SkillFramework | None
    change: FrameworkChange
    versions: frozenset[str]
    keys: dict[str, str]

    @property
    def seen(self) -> str:
        return str(self.base.uuid) if self.base else "new"


def read_framework(data: bytes, *, levels: Collection[str] = ()) -> FrameworkFile:
    """
    Return what a file says: a CASE package if it is JSON, else a CSV with the columns of ESCO; no query.

    levels: the reuse levels to take from a CSV; empty takes all. Raises FrameworkFileInvalid with every fault.
    """
    is_json = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    found = read_case(data) if is_json else read_esco(data, levels=levels)
    if isinstance(found, list):
        raise FrameworkFileInvalid(faults=found)
    return found


def compare_framework(*, organization_id: int, file: FrameworkFile) -> FrameworkComparison:
    """
    Return what importing a file would do for an organization; at most 6 queries.

    A framework is the same one when skills of the same addresses are in it, whatever the file calls it.
    """
    uris = [entry.uri for entry in file.skills]
    shared = (
        SkillAlignment.objects.filter(
            match_type=EXACT,
            uri__in=uris,
            skill__framework__organization_id=organization_id,
            skill__framework__imported_at__isnull=False,
        )
        .values("skill__framework__key")
        .annotate(count=Count("uri", distinct=True))
        .order_by("-count", "skill__framework__key")
    )
    key = next((row["skill__framework__key"] for row in shared), None)
    if key is None:
        return FrameworkComparison(None, change_of((), file.skills), frozenset(), {})
    versions = list(SkillFramework.objects.filter(organization_id=organization_id, key=key).order_by("-id"))
    known = Skill.objects.filter(framework__in=versions, alignments__match_type=EXACT).order_by("id")
    keys = {uri: skill_key for uri, skill_key in known.values_list("alignments__uri", "key") if uri in set(uris)}
    return FrameworkComparison(
        base=versions[0],
        change=change_of(entries_of(versions[0]), file.skills),
        versions=frozenset(version.version for version in versions),
        keys=keys,
    )


def entries_of(framework: SkillFramework) -> list[SkillEntry]:
    """Return the skills of a framework as a file would say them; two queries."""
    links: dict[int, list[SkillAlignment]] = defaultdict(list)
    for link in SkillAlignment.objects.filter(skill__framework=framework).order_by("id"):
        links[link.skill_id].append(link)
    skills = framework.skills.order_by("position", "id")
    return [_entry(skill, links[skill.pk]) for skill in skills]


def _entry(skill: Skill, links: list[SkillAlignment]) -> SkillEntry:
    own = next((link for link in links if link.match_type == EXACT), None)
    return SkillEntry(
        uri=own.uri if own else "",
        title=skill.title,
        description=skill.description,
        other_names=tuple(skill.other_names.split("\n")) if skill.other_names else (),
        skill_type=skill.skill_type,
        reuse_level=skill.reuse_level,
        alignments=tuple(AlignmentEntry(link.uri, link.label, link.match_type) for link in links if link is not own),
    )
