"""The examples of expectations come true of the journey in which they stand."""

from pathlib import Path

import pytest
import yaml

from journeys.authoring.rules.content import ModuleContent, VersionContent
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.studio.examples import examples
from journeys.studio.expected import expectation_lines

EVERY_KIND = Path(__file__).parents[2] / "browser" / "bundles" / "every-kind"
BUNDLES = {**sample_paths(), "every-kind": EVERY_KIND}


@pytest.mark.parametrize("key", BUNDLES)
def test_every_example_comes_true(key):
    content = read_bundle(BUNDLES[key]).content
    given = list(examples(content))

    written = [one for _words, text in given for one in yaml.safe_load(text)]
    lines = expectation_lines(content, written)

    assert len(lines) == len(given) >= 9
    assert [line.verdicts for line in lines if not line.holds] == []
    assert any("events:" in text for _words, text in given) is bool(content.events)


def test_there_are_none_before_there_is_something_to_compute():
    waits = ModuleContent("one", "One", "Do it", (), opens={"completed": "gone"})

    assert list(examples(VersionContent("j", "J"))) == []
    assert list(examples(VersionContent("j", "J", modules=(waits,)))) == []
