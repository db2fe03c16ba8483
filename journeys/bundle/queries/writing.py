"""A version as the files of a bundle, in one canonical form."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from content.activities.models import Asset
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import Data, ModuleContent, NudgeContent, SkillAim, StepContent, VersionContent
from journeys.bundle.errors import AssetsClash
from journeys.bundle.queries.folder import MANIFEST
from journeys.bundle.queries.shapes import FORMAT
from journeys.bundle.rules.yaml_writing import write_yaml
from journeys.schedule.grammar import parse_rule, parse_trigger, parse_wait
from journeys.schedule.writing import to_data, trigger_to_data, wait_to_data

EXPECTATION_KEYS: Final = (
    *("title", "start", "zone", "calendar", "pace", "end", "events", "released", "expect", "never", "only"),
    *("module", "step", "nudge", "opens", "due", "done", "locked", "before", "within", "sent", "planned"),
    *("finished", "messages", "openings", "deadlines"),
    *("messages_per_week", "messages_per_day", "minutes_per_week", "days_between_messages"),
    *("messages_on", "messages_at", "messages_before", "messages_after", "opens_on", "opens_at", "due_on", "due_at"),
)


def text_files(content: VersionContent) -> dict[str, str]:
    """
    Return journey.yaml and the activity files of a content, by path; no query.

    Equal contents give equal files, byte for byte. A module without steps has no file, so its folder is only named.
    """
    files = {MANIFEST: write_yaml(_manifest(content))}
    for number, module in enumerate(content.modules, start=1):
        for place, step in enumerate(module.steps, start=1):
            files[f"modules/{folder_of(number, module)}/{place:02d}-{step.key}.md"] = _activity(step)
    return files


def bundle_files(version_id: int) -> dict[str, bytes]:
    """
    Return every file of a version's bundle, its assets among them, by path.

    The queries of content_of, and two more. Raises UnknownVersion, AssetsClash.
    """
    content = content_of(version_id)
    files = {path: text.encode() for path, text in text_files(content).items()}
    return files | _assets(content, version_id)


def folder_of(number: int, module: ModuleContent) -> str:
    """Return the name of a module's folder: its place and its key."""
    return f"{number:02d}-{module.key}"


def _manifest(content: VersionContent) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "key": content.key,
        "title": content.title,
        **_present(summary=content.summary),
        "language": content.language,
        **_present(license=content.license),
        "weeks": content.weeks,
        "skills": [{"skill": aim.skill, "weight": aim.weight} for aim in content.skills],
        "indicators": [
            {"key": part.key, "skill": part.skill, "text": part.text, "levels": list(part.levels)}
            for part in content.indicators
        ],
        **_present(events=[{"key": event.key, "title": event.title} for event in content.events]),
        "modules": [_module(number, module) for number, module in enumerate(content.modules, start=1)],
        "nudges": [_nudge(nudge) for nudge in content.nudges],
        "expectations": [ordered(part) for part in content.expectations],
    }


def _module(number: int, module: ModuleContent) -> dict[str, Any]:
    why = _present(
        capability=module.why.capability, opportunity=module.why.opportunity, motivation=module.why.motivation
    )
    return {
        "key": module.key,
        "folder": folder_of(number, module),
        "title": module.title,
        "outcome": module.outcome,
        **_present(
            skills=[_aim(aim) for aim in module.skills], why=why, opens=_rule(module.opens), due=_rule(module.due)
        ),
    }


def _aim(aim: SkillAim) -> str | dict[str, Any]:
    return aim.skill if aim.weight == 1 else {"skill": aim.skill, "weight": aim.weight}


def _nudge(nudge: NudgeContent) -> dict[str, Any]:
    return {
        "key": nudge.key,
        "category": nudge.category,
        "trigger": trigger_to_data(parse_trigger(nudge.trigger, pointer="")),
        **_present(wait=wait_to_data(parse_wait(nudge.wait, pointer="")) if nudge.wait else None),
        "unless": [_rule(part) for part in nudge.unless],
        "channel": list(nudge.channels),
        "text": list(nudge.texts),
    }


def _activity(step: StepContent) -> str:
    front = {
        "key": step.key,
        "kind": step.kind,
        "title": step.title,
        "minutes": step.minutes,
        "serves": step.serves,
        **({} if step.required else {"required": False}),
        **_present(topic=step.topic, opens=_rule(step.opens), due=_rule(step.due)),
        **step.spec,
    }
    body = f"{step.body}\n" if step.body else ""
    return f"---\n{write_yaml(front)}---\n{body}"


def _rule(data: Data | None) -> Data | None:
    """The same rule with its keys in order: a database may return them in another."""
    return to_data(parse_rule(data, pointer="")) if data else None


def ordered(expectation: Data) -> Data:
    """Return an expectation with its keys in the order that people write them."""
    known = {key: expectation[key] for key in EXPECTATION_KEYS if key in expectation}
    return {key: _ordered(key, value) for key, value in (known | expectation).items()}


def _ordered(key: str, value: Any) -> Any:
    if key == "within":
        return _rule(value)
    return ordered(value) if isinstance(value, dict) else value


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _assets(content: VersionContent, version_id: int) -> dict[str, bytes]:
    wanted = dict(_wanted(content))
    organizations = JourneyVersion.objects.filter(pk=version_id).values("journey__organization_id")
    rows = Asset.objects.filter(organization_id__in=organizations, sha256__in=set(wanted.values()))
    by_digest = {row.sha256: row for row in rows}
    return {path: _bytes(by_digest[digest]) for path, digest in sorted(wanted.items())}


def _wanted(content: VersionContent) -> Iterator[tuple[str, str]]:
    """Each path with the digest of its file. Raises AssetsClash when two texts mean two files by one path."""
    seen: Mapping[str, tuple[str, str]] = {}
    for step in content.steps:
        for path, digest in step.assets.items():
            if path in seen and seen[path][0] != digest:
                raise AssetsClash(
                    f"“{seen[path][1]}” and “{step.title}” mean two different files by “{path}”. Rename one of them."
                )
            seen = {**seen, path: (digest, step.title)}
            yield path, digest


def _bytes(asset: Asset) -> bytes:
    with asset.file.open("rb") as file:
        data: bytes = file.read()
    return data
