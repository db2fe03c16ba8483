"""The journeys that ship with Waymark are real input for the kinds."""

from pathlib import Path

import yaml

from content.kinds.registry import KINDS, get_kind, parse_spec
from tests.content.kinds.specs import as_posted

SAMPLES = Path(__file__).resolve().parents[3] / "journeys" / "bundle" / "samples"
COMMON = {"key", "kind", "title", "minutes", "serves", "required", "opens", "due", "topic"}


def samples():
    for path in sorted(SAMPLES.glob("*/modules/*/*.md")):
        _before, front, _body = path.read_text(encoding="utf-8").split("---\n", 2)
        data = yaml.safe_load(front)
        yield path, data, {key: value for key, value in data.items() if key not in COMMON}


def test_every_sample_is_read_written_and_read_again_without_loss():
    seen = set()
    for path, data, own in samples():
        spec = parse_spec(data["kind"], own, minutes=data["minutes"])
        seen.add(data["kind"])

        assert parse_spec(data["kind"], spec.to_data(), minutes=data["minutes"]) == spec, path
        assert parse_spec(data["kind"], spec.to_stored(), minutes=data["minutes"]) == spec, path

    assert seen == set(KINDS) - {"video"}


def test_every_sample_passes_through_its_authoring_form_unchanged():
    count = 0
    for path, data, own in samples():
        spec = parse_spec(data["kind"], own, minutes=data["minutes"])
        kind = get_kind(data["kind"])

        form = kind.spec_form(as_posted(kind.spec_form(None, spec)), minutes=data["minutes"])

        assert form.is_valid(), (path, list(form.problems()))
        assert form.to_spec() == spec, path
        count += 1

    assert count >= 100
