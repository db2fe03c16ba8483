"""Stylesheets and scripts: light, logical, and asking nobody else."""

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

STATIC = Path(__file__).parents[2] / "config" / "static"
SHEETS = ("base", "components", "pages")
PHYSICAL = re.compile(
    r"[\s{;](?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height)|float|text-align:\s*(?:left|right))\s*:"
)


def _compressed(*files: Path) -> int:
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def test_stylesheets_of_a_first_visit_stay_light() -> None:
    assert _compressed(*(STATIC / "css" / f"{name}.css" for name in SHEETS)) <= 10_752


@pytest.mark.parametrize("name", ["autosave", "logout", "passkey"])
def test_each_script_stays_small(name: str) -> None:
    assert _compressed(STATIC / "js" / f"{name}.js") <= 3_072


@pytest.mark.parametrize("name", [*SHEETS, "studio", "admin"])
def test_stylesheets_know_no_left_and_right(name: str) -> None:
    assert PHYSICAL.findall((STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")) == []


def test_nothing_is_asked_of_another_host() -> None:
    for file in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        assert "//" not in re.sub(r"^\s*//.*$|/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.M | re.S), file
