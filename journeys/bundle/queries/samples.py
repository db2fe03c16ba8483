"""The journeys that ship with Waymark."""

from functools import cache
from pathlib import Path
from typing import Final

from journeys.bundle.queries.reading import read_bundle

SAMPLES: Final = Path(__file__).resolve().parents[1] / "samples"


def sample_paths() -> dict[str, Path]:
    """Return the folder of each sample journey by its key."""
    return {path.parent.name: path.parent for path in sorted(SAMPLES.glob("*/journey.yaml"))}


@cache
def sample_titles() -> dict[str, str]:
    """Return the title of each sample journey by its key; they are read once a process."""
    return {key: read_bundle(path).content.title for key, path in sample_paths().items()}
