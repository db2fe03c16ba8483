"""A bundle read from its folder: everything it says, or every fault it has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.support.errors import Fault
from content.kinds.faults import parse
from content.skills.rules import indicator_faults
from journeys.authoring.rules.content import (
    Data,
    EventContent,
    IndicatorContent,
    ModuleContent,
    NudgeContent,
    SkillAim,
    VersionContent,
    Why,
)
from journeys.authoring.rules.references import in_words, known_references, references_in, rules_of
from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries.activity_file import ActivityFile, collected, read_activity_file
from journeys.bundle.queries.archive import ENDING, open_archive
from journeys.bundle.queries.asset_files import UNUSED, asset_faults, digests, named_assets
from journeys.bundle.queries.folder import MANIFEST, Files, open_folder
from journeys.bundle.queries.places import Places, placed, refused
from journeys.bundle.queries.shapes import FOLDER, LANGUAGE, Manifest, ModulePart
from journeys.bundle.rules.yaml_reading import Document, YamlRefused, escaped, read_yaml
from journeys.schedule.expectations import parse_expectations
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.writing import to_data, trigger_to_data, wait_to_data


@dataclass(frozen=True)
class Bundle:
    """A bundle that can be imported: what the version will hold, where each part stands, and its own files."""

    content: VersionContent
    places: Places
    folder: Files
    assets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """
    What could be read of a folder, and every fault that is known without a table.

    bundle: None when journey.yaml says too little to tell its parts; with faults it lacks what could not be read, so it
    is good for further checks alone.
    """

    bundle: Bundle | None
    faults: list[Fault]


def read_bundle(path: Path) -> Bundle:
    """
    Return what a bundle's folder says. Reads files only, no table.

    Raises BundleFaults with every fault found, each as `path:line` and what to do.
    """
    scan = scan_bundle(path)
    if scan.bundle is None or scan.faults:
        raise BundleFaults(faults=scan.faults)
    return scan.bundle


def scan_bundle(path: Path) -> Scan:
    """
    Read as much of a bundle's folder or archive as can be read, and go on after a fault. Reads files only, no table.

    Raises BundleFaults for files that cannot be taken, and for a journey.yaml that is no YAML.
    """
    return scan_files(open_archive(path) if path.suffix.lower() == ENDING and path.is_file() else open_folder(path))


def scan_files(folder: Files) -> Scan:
    """Read as much of a bundle's files as can be read. Raises BundleFaults for a journey.yaml that is no YAML."""
    files, faults = _activity_files(folder)
    document = _manifest_document(folder, faults)
    manifest, rules = _manifest(document, faults)
    if manifest is None:
        return Scan(None, sorted(faults, key=in_reading_order))
    unread = _unread(manifest, folder, files)
    places = Places(document, order=_order(manifest))
    content = _content(manifest, rules, _with_assets(files, folder), places, faults)
    unclear = [*_folders(manifest, folder, places), *_shared_keys(manifest, files, places)]
    faults.extend(unclear)
    faults.extend(_anchors(manifest, places))
    # A file that cannot be read may name any of the bundle's own.
    faults.extend(one for one in asset_faults(content, places, folder) if not (unread and one.code == UNUSED))
    if faults and not unclear:
        faults.extend(_references(content, places, unread))
    own = tuple(path for path in folder.sizes if path.startswith("assets/"))
    return Scan(Bundle(content, places, folder, own), sorted(faults, key=in_reading_order))


def _unread(manifest: Manifest, folder: Files, files: Mapping[str, list[ActivityFile]]) -> frozenset[str]:
    """Return the keys of modules of which a file could not be read: nobody knows yet which steps they have."""
    read = {file.path for group in files.values() for file in group}
    missing = {path.split("/")[1] for path in folder.sizes if path.startswith("modules/") and path not in read}
    return frozenset(part.key for part in manifest.modules if part.folder in missing)


def _references(content: VersionContent, places: Places, unread: frozenset[str]) -> Iterator[Fault]:
    known = known_references(content)
    for where, data in rules_of(content):
        for pointer, reference in references_in(data):
            module, slash, _step = reference.partition("/")
            if reference not in known and not (slash and module in unread):
                yield Fault(places.of(f"{where}{pointer}"), in_words(reference, known), "unknown_reference")


def in_reading_order(fault: Fault) -> tuple[bool, str, int]:
    """Return what faults are sorted by: journey.yaml first, then files by name, each from its top."""
    path, _colon, line = fault.pointer.rpartition(":")
    return (path != MANIFEST, path, int(line) if line.isdigit() else 0)


def _activity_files(folder: Files) -> tuple[dict[str, list[ActivityFile]], list[Fault]]:
    found: dict[str, list[ActivityFile]] = defaultdict(list)
    faults: list[Fault] = []
    for path in sorted(folder.sizes):
        if not path.startswith("modules/"):
            continue
        try:
            read = read_activity_file(path, folder.text(path))
        except BundleFaults as error:
            read = list(error.faults)
        if isinstance(read, list):
            faults.extend(read)
        else:
            found[path.split("/")[1]].append(read)
    return found, faults


def _manifest_document(folder: Files, faults: list[Fault]) -> Document:
    try:
        return read_yaml(folder.text(MANIFEST))
    except YamlRefused as error:
        raise BundleFaults(faults=[*refused(MANIFEST, error), *faults]) from error
    except BundleFaults as error:
        raise BundleFaults(faults=[*error.faults, *faults]) from error


def _manifest(document: Document, faults: list[Fault]) -> tuple[Manifest | None, dict[str, Any]]:
    found: list[Fault] = []
    whole = document.value if isinstance(document.value, dict) else {}
    rules = {pointer: value for pointer, value in _rules(whole, found) if value is not None}
    manifest = parse(Manifest, document.value)
    if isinstance(manifest, list):
        found = [*manifest, *found]
    faults.extend(placed(MANIFEST, document, found))
    return (None if isinstance(manifest, list) else manifest), rules


def _rules(whole: Mapping[str, Any], faults: list[Fault]) -> Iterator[tuple[str, Any]]:
    """Every rule of journey.yaml in its canonical form, by its pointer; the rest may be out of shape."""
    for index, module in _parts(whole, "modules"):
        at = f"/modules/{index}"
        yield f"{at}/opens", _read(faults, f"{at}/opens", module, lambda v, p: to_data(parse_opens(v, pointer=p)))
        yield f"{at}/due", _read(faults, f"{at}/due", module, lambda v, p: to_data(parse_due(v, pointer=p)))
    yield "/expectations", _read(faults, "/expectations", whole, _expectations)
    for index, nudge in _parts(whole, "nudges"):
        at = f"/nudges/{index}"
        yield (
            f"{at}/trigger",
            _read(faults, f"{at}/trigger", nudge, lambda v, p: trigger_to_data(parse_trigger(v, pointer=p))),
        )
        yield f"{at}/wait", _read(faults, f"{at}/wait", nudge, lambda v, p: wait_to_data(parse_wait(v, pointer=p)))
        yield (
            f"{at}/unless",
            _read(faults, f"{at}/unless", nudge, lambda v, p: [to_data(rule) for rule in parse_unless(v, pointer=p)]),
        )


def _parts(whole: Mapping[str, Any], section: str) -> Iterator[tuple[int, dict[str, Any]]]:
    parts = whole.get(section)
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield index, part


def _expectations(value: Any, pointer: str) -> list[Data]:
    parse_expectations(value, pointer=pointer)
    return [dict(part) for part in value]


def _read(faults: list[Fault], pointer: str, whole: Mapping[str, Any], read: Any) -> Any:
    value = whole.get(pointer.rpartition("/")[2])
    return collected(faults, pointer, lambda: read(value, pointer), whole)


def _order(manifest: Manifest) -> dict[str, list[str]]:
    return {
        "skills": [part.skill for part in manifest.skills],
        "indicators": [part.key for part in manifest.indicators],
        "events": [part.key for part in manifest.events],
        "modules": [part.key for part in manifest.modules],
        "nudges": [part.key for part in manifest.nudges],
    }


def _content(
    manifest: Manifest,
    rules: Mapping[str, Any],
    files: Mapping[str, list[ActivityFile]],
    places: Places,
    faults: list[Fault],
) -> VersionContent:
    if not LANGUAGE.match(manifest.language):
        detail = f"“{manifest.language}” is no code of a language. Write one such as en or pt-BR."
        faults.append(Fault(places.of("language"), detail, "language"))
    modules = []
    for index, part in enumerate(manifest.modules):
        steps = tuple(replace(file.step, module=part.key) for file in files.get(part.folder, ()))
        places.steps.update({file.step.key: (file.path, file.document) for file in files.get(part.folder, ())})
        modules.append(_module(part, rules.get(f"/modules/{index}/opens"), rules.get(f"/modules/{index}/due"), steps))
    return VersionContent(
        key=manifest.key,
        title=manifest.title,
        summary=manifest.summary or "",
        language=manifest.language,
        license=manifest.license or "",
        weeks=manifest.weeks,
        skills=tuple(SkillAim(part.skill, part.weight) for part in manifest.skills),
        indicators=tuple(IndicatorContent(p.key, p.skill, p.text, p.levels) for p in manifest.indicators),
        events=tuple(EventContent(part.key, part.title) for part in manifest.events),
        modules=tuple(modules),
        nudges=tuple(_nudges(manifest, rules)),
        expectations=tuple(rules.get("/expectations", ())),
    )


def _with_assets(files: Mapping[str, list[ActivityFile]], folder: Files) -> dict[str, list[ActivityFile]]:
    held = digests(folder)
    return {
        name: [replace(file, step=replace(file.step, assets=named_assets(file.step, held))) for file in group]
        for name, group in files.items()
    }


def _module(part: ModulePart, opens: Data | None, due: Data | None, steps: Any) -> ModuleContent:
    why = part.why
    return ModuleContent(
        key=part.key,
        title=part.title,
        outcome=part.outcome,
        skills=tuple(SkillAim(aim.skill, aim.weight) for aim in part.skills),
        why=Why(why.capability or "", why.opportunity or "", why.motivation or ""),
        opens=opens,
        due=due,
        steps=steps,
    )


def _nudges(manifest: Manifest, rules: Mapping[str, Any]) -> Iterator[NudgeContent]:
    for index, part in enumerate(manifest.nudges):
        # Without its trigger a rule is told as a fault already.
        yield NudgeContent(
            key=part.key,
            category=part.category,
            trigger=rules.get(f"/nudges/{index}/trigger", {}),
            wait=rules.get(f"/nudges/{index}/wait"),
            unless=tuple(rules.get(f"/nudges/{index}/unless", ())),
            channels=part.channel,
            texts=part.text,
        )


def _folders(manifest: Manifest, folder: Files, places: Places) -> Iterator[Fault]:
    held = {path.split("/")[1] for path in folder.sizes if path.startswith("modules/")}
    named: set[str] = set()
    unclear = False
    for index, part in enumerate(manifest.modules):
        place = f"{MANIFEST}:{places.manifest.line_of(f'/modules/{index}/folder')}"
        if part.folder in named:
            unclear = True
            yield Fault(place, f"Two modules name the folder “{part.folder}”. Give this one a folder of its own.")
        elif not FOLDER.match(part.folder):
            unclear = True
            yield Fault(place, f"“{part.folder}” is no name of a folder in modules. Write one such as 01-first-week.")
        named.add(part.folder)
    # A folder named wrongly leaves another one unnamed; one line tells it.
    for name in [] if unclear else sorted(held - named):
        yield Fault(f"modules/{name}", f"No module names this folder. Add “folder: {name}” to one, or remove it.")


def _anchors(manifest: Manifest, places: Places) -> Iterator[Fault]:
    for part in manifest.indicators:
        for pointer, detail in indicator_faults(key=part.key, text=part.text, levels=part.levels):
            yield Fault(places.of(f"indicators/{part.key}{pointer}"), detail, "indicator")


def _shared_keys(manifest: Manifest, files: Mapping[str, list[ActivityFile]], places: Places) -> Iterator[Fault]:
    for section, keys in _order(manifest).items():
        for index, key in enumerate(keys):
            if key in keys[:index]:
                line = places.manifest.line_of(f"/{section}/{index}/{'skill' if section == 'skills' else 'key'}")
                yield Fault(f"{MANIFEST}:{line}", f"“{key}” stands in {section} twice. Give each one a key of its own.")
    seen: dict[str, str] = {}
    for file in sorted((file for group in files.values() for file in group), key=lambda file: file.path):
        key = file.step.key
        if key in seen:
            line = file.document.line_of(f"/{escaped('key')}")
            yield Fault(f"{file.path}:{line}", f"“{key}” is the key of {seen[key]} too. Give this step another one.")
        seen.setdefault(key, file.path)
