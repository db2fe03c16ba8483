"""The checks before publishing, over a version or over anything that is to become one."""

from collections.abc import Iterator

from content.activities.rules import asset_paths_in
from content.kinds.errors import SpecError, UnknownKind
from content.kinds.registry import parse_spec
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.publishing.rules.findings import Finding, error, warning
from journeys.publishing.rules.ratings import check_rated, check_ratings
from journeys.publishing.rules.structure import (
    check_attempts,
    check_parts,
    check_references,
    check_reflections,
    check_skills,
)
from journeys.publishing.rules.timing import check_rules, check_timing
from journeys.schedule.tree import RuleError


def check_version(version_id: int) -> list[Finding]:
    """
    Return what stands against publishing a version: errors first, then warnings, each in reading order.

    As many queries as content_of. Raises UnknownVersion.
    """
    return check_content(content_of(version_id))


def findings_of(version: JourneyVersion, content: VersionContent) -> list[Finding]:
    """
    Return what stands against publishing a draft, or what was noted on the day on which a version was published.

    content: the version's. A published version without notes of that day is checked anew. No query.
    """
    if version.is_draft or version.findings is None:
        return check_content(content)
    return [Finding(**noted) for noted in version.findings]


def check_content(content: VersionContent) -> list[Finding]:
    """Return what stands against publishing such a version; no query."""
    references = [
        *check_references(content),
        *check_attempts(content),
        *check_rated(content),
        *check_reflections(content),
    ]
    found = [
        *check_parts(content),
        *references,
        *check_skills(content),
        *check_ratings(content),
        *_check_activities(content),
    ]
    # What names nothing, or waits for what comes later, has no schedule that could be judged.
    if not any(finding.level == "error" for finding in references):
        found += _check_schedule(content)
    return sorted(found, key=lambda finding: finding.level != "error")


def _check_schedule(content: VersionContent) -> list[Finding]:
    try:
        outline = content.outline
    except RuleError as refusal:
        # Rules are read before they are kept, so this is a row that something else has written.
        return [error("rule_unreadable", "", str(refusal))]
    return list(check_rules(outline)) or list(check_timing(content))


def _check_activities(content: VersionContent) -> Iterator[Finding]:
    for step in content.steps:
        yield from _check_activity(step)


def _check_activity(step: StepContent) -> Iterator[Finding]:
    where = f"steps/{step.key}"
    try:
        parse_spec(step.kind, step.spec, minutes=step.minutes)
    except SpecError as refusal:
        for fault in refusal.faults:
            yield error("activity_unfinished", f"{where}{fault.pointer}", f"“{step.title}”: {fault.detail}")
    except UnknownKind as refusal:
        yield error(refusal.code, f"{where}/kind", refusal.detail)
    if step.kind == "video" and step.spec.get("source", "").startswith("https:") and not step.spec.get("transcript"):
        detail = f"Add a transcript to “{step.title}”, so that nobody needs the sound or the other site."
        yield error("transcript_missing", f"{where}/transcript", detail)
    for path in sorted(asset_paths_in([step.body, step.spec]) - set(step.assets)):
        detail = f"“{step.title}” names {path}, and there is no such file. Add it, or correct the path."
        yield warning("asset_missing", where, detail)
    if step.kind == "article" and not step.body.strip():
        yield error("text_missing", where, f"“{step.title}” has no text yet. Write it.")
