"""A bundle's own files: each is named by a text, and each that is named is there."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from config.support.errors import Fault
from content.activities.rules import ASSET_PATH, asset_paths_in
from journeys.authoring.rules.content import StepContent, VersionContent
from journeys.bundle.queries.folder import Files
from journeys.bundle.queries.places import Places
from journeys.bundle.rules.yaml_reading import escaped

UNUSED: Final = "asset_unused"


def digests(folder: Files) -> dict[str, str]:
    """Return the SHA-256 of each of a bundle's own files, by path."""
    return {path: hashlib.sha256(folder.data(path)).hexdigest() for path in folder.sizes if path.startswith("assets/")}


def named_assets(step: StepContent, held: Mapping[str, str]) -> dict[str, str]:
    """Return those of the files that a step's texts name, with their digests."""
    return {path: held[path] for path in sorted(asset_paths_in([step.body, step.spec])) if path in held}


def asset_faults(content: VersionContent, places: Places, folder: Files) -> Iterator[Fault]:
    """
    Yield films and captions that are not in the bundle, and files that no text names.

    A picture that is missing is no fault here: its description is shown instead, and the checks tell of it.
    """
    held = {path for path in folder.sizes if path.startswith("assets/")}
    named: set[str] = set()
    for step in content.steps:
        named |= asset_paths_in([step.body, step.spec])
        for key, value in step.spec.items():
            if isinstance(value, str) and ASSET_PATH.fullmatch(value) and value not in held:
                detail = f"There is no file “{value}” in the bundle. Add it, or correct the path."
                yield Fault(places.of(f"steps/{step.key}/{escaped(key)}"), detail, "asset_missing")
    for path in sorted(held - named):
        yield Fault(path, "No activity names this file. Name it in one, or remove it.", UNUSED)
