"""What the checks found, as the studio shows it: by the title of the thing, with the way to where it is mended."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.authoring.models import JourneyVersion
from journeys.authoring.rules.content import VersionContent
from journeys.publishing.rules.findings import Finding
from journeys.studio.expected import title_of

# Where on the page of its part something is mended, by the first word of the place behind the part.
ANCHORS = {
    "opens": "opens",
    "due": "due",
    "why": "id_why_capability",
    "unless": "unless",
    "texts": "texts-rows",
    "indicators": "id_spec-indicators",
    "required": "id_required",
}
ANCHOR_OF_CODE = {
    "module_without_steps": "steps",
    "module_without_skill": "id_skills",
    "too_many_minutes": "steps",
    "text_missing": "id_body",
}
KEY = re.compile("“([a-z0-9-]+)”")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding: its sentence, and the name and address of the page that mends it ("" where none does)."""

    level: str
    sentence: str
    name: str
    url: str


def finding_lines(
    version: JourneyVersion, content: VersionContent, findings: Sequence[Finding], skills: Mapping[str, str]
) -> list[FindingLine]:
    """Return the findings with their ways; skills: key → title. No query."""
    return [_line(version, content, finding, skills) for finding in findings]


def _line(version: JourneyVersion, content: VersionContent, finding: Finding, skills: Mapping[str, str]) -> FindingLine:
    section, key, *rest = [*finding.where.split("/"), ""]
    rest = [part for part in rest if part]
    sentence = finding.detail
    if section == "skills":
        sentence = with_titles(sentence, skills)
        name, url = _of_skill(version, content, key)
    elif section == "modules" and key:
        name = _named(_modules(content), key)
        url = _url("module", version, key, anchor=_anchor(finding, rest))
    elif section == "steps" and key:
        name = _named(_steps(content), key)
        url = _url("step", version, key, anchor=_anchor(finding, rest) or _within_the_kind(rest))
    elif section == "nudges" and key:
        name = _named(_nudges(content), key)
        url = _url("nudge", version, key, anchor=_anchor(finding, rest))
    elif section == "expectations" and key.isdecimal() and int(key) < len(content.expectations):
        name = title_of(content.expectations[int(key)], content.outline)
        url = _url("expectations", version, anchor=f"expectation-{int(key) + 1}")
    else:
        name, url = _whole(version, finding.code)
    return FindingLine(finding.level, sentence, name, url)


def _of_skill(version: JourneyVersion, content: VersionContent, key: str) -> tuple[str, str]:
    """A skill gets its practice in the first module that builds it; where none does, it is chosen anew."""
    builds = next((m.key for m in content.modules if any(key in m.skills_of(step) for step in m.steps)), None)
    if builds is None:
        return _("Title and skills"), _url("about", version, anchor=f"id_skill-{key}")
    return _named(_modules(content), builds), _url("module", version, builds, anchor="steps")


def _whole(version: JourneyVersion, code: str) -> tuple[str, str]:
    """The page that mends what concerns the journey as a whole."""
    if code.startswith("expectation"):
        return _("Expectations"), _url("expectations", version)
    if code == "no_module":
        return _("The first module"), _url("module-new", version)
    if code == "no_indicator":
        return _("Behaviors"), _url("behaviors", version)
    if code in ("no_summary", "no_license"):
        return _("Title and skills"), _url("about", version, anchor=f"id_{code.removeprefix('no_')}")
    if code.startswith("too_many_messages"):
        return _("Nudges"), _url("version", version, anchor="nudges")
    return "", ""


def _url(name: str, version: JourneyVersion, *keys: str, anchor: str = "") -> str:
    return reverse(f"studio-{name}", args=[version.uuid, *keys]) + (f"#{anchor}" if anchor else "")


def _anchor(finding: Finding, rest: Sequence[str]) -> str:
    return ANCHORS.get(rest[0], "") if rest else ANCHOR_OF_CODE.get(finding.code, "")


def _within_the_kind(rest: Sequence[str]) -> str:
    return f"id_spec-{'-'.join(rest)}" if rest else ""


def _named(names: Iterator[tuple[str, str]], key: str) -> str:
    return dict(names).get(key, key)


def _modules(content: VersionContent) -> Iterator[tuple[str, str]]:
    for number, module in enumerate(content.modules, start=1):
        yield module.key, _("Module %(number)d: %(title)s") % {"number": number, "title": module.title}


def _steps(content: VersionContent) -> Iterator[tuple[str, str]]:
    for number, module in enumerate(content.modules, start=1):
        for place, step in enumerate(module.steps, start=1):
            yield step.key, f"{number}.{place} {step.title}"


def _nudges(content: VersionContent) -> Iterator[tuple[str, str]]:
    return ((nudge.key, _("Nudge: %(words)s") % {"words": nudge.name}) for nudge in content.nudges)


def with_titles(sentence: str, skills: Mapping[str, str]) -> str:
    """Return a sentence of the publishing room with skills by their titles, where it has them by their “keys”."""
    return KEY.sub(lambda found: f"“{skills.get(found[1], found[1])}”", sentence)
