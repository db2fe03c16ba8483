"""A self-rating in a bundle: read, written without loss, and its faults told with file and line."""

import pytest

from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.checking import built_in_skills, check_bundle
from journeys.bundle.queries.writing import text_files
from tests.journeys.bundle.folders import FILES, write_bundle

FILE = "modules/01-first/03-where-you-start.md"
RATING = """\
---
key: where-you-start
kind: self_rating
title: Where you start
minutes: 2
serves: reflects
occasion: baseline
indicators:
  - asks
---
Place yourself.
"""


def _bundle(tmp_path, text=RATING):
    return write_bundle(tmp_path, {**FILES, FILE: text})


def test_a_rating_is_written_as_it_was_read(tmp_path):
    content = read_bundle(_bundle(tmp_path / "first")).content

    files = text_files(content)

    again = read_bundle(write_bundle(tmp_path / "again", files)).content
    assert again == content
    assert text_files(again) == files
    assert content.modules[0].steps[2].spec == {"occasion": "baseline", "indicators": ["asks"]}


def test_an_unknown_occasion_is_told_with_its_line(tmp_path):
    with pytest.raises(BundleFaults) as refusal:
        read_bundle(_bundle(tmp_path, RATING.replace("baseline", "before")))

    assert [fault.pointer for fault in refusal.value.faults] == [f"{FILE}:7"]
    assert "baseline, then, post or follow_up" in refusal.value.faults[0].detail


def test_an_unknown_behavior_is_told_with_its_line_and_those_there_are(tmp_path):
    bundle = read_bundle(_bundle(tmp_path, RATING.replace("- asks", "- asks\n  - asks-frist")))

    errors = [str(one) for one in check_bundle(bundle, skills=built_in_skills()) if one.level == "error"]

    assert len(errors) == 1
    assert errors[0].startswith(f"{FILE}:10: “Where you start” asks to rate the behavior “asks-frist”")
    assert "name one of asks" in errors[0]
