"""The journeys that ship with Waymark."""

from pathlib import Path
from typing import Final

SAMPLES: Final = Path(__file__).resolve().parents[1] / "samples"


def sample_paths() -> dict[str, Path]:
    """Return the folder of each sample journey by its key."""
    return {path.parent.name: path.parent for path in sorted(SAMPLES.glob("*/journey.yaml"))}
