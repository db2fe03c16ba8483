"""What goes out comes in the same: import(export(x)) equals x."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journeys.authoring.queries import content_of
from journeys.bundle.actions import export_version, import_bundle
from journeys.bundle.queries import read_bundle, text_files
from tests.factories.accounts import OrganizationFactory

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SAMPLES = sorted(path for path in Path("journeys/bundle/samples").iterdir() if path.is_dir())


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_exports_the_same_twice(sample, tmp_path):
    first, second = OrganizationFactory(), OrganizationFactory()
    bundle = read_bundle(sample)
    version = import_bundle(bundle=bundle, organization_id=first.pk, author_id=None, now=NOW)
    export_version(version_id=version.pk, path=tmp_path / "once")

    again = import_bundle(bundle=read_bundle(tmp_path / "once"), organization_id=second.pk, author_id=None, now=NOW)
    export_version(version_id=again.pk, path=tmp_path / "twice")

    once, twice = _tree(tmp_path / "once"), _tree(tmp_path / "twice")
    assert once == twice
    assert once == {path: text.encode() for path, text in text_files(bundle.content).items()}
    assert sorted(once) == sorted(_tree(sample))
    assert content_of(again.pk) == content_of(version.pk)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_texts_of_a_sample_are_kept_byte_for_byte(sample):
    files = text_files(read_bundle(sample).content)

    for path in sample.rglob("*.md"):
        body = path.read_text().split("---\n", 2)[2]
        assert files[path.relative_to(sample).as_posix()].split("---\n", 2)[2] == body
