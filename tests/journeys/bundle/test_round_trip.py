"""What goes out comes in the same: import(export(x)) equals x."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from journeys.authoring.queries import content_of
from journeys.bundle.actions import export_version, import_bundle
from journeys.bundle.queries import bundle_archive, read_bundle, text_files
from journeys.bundle.queries.archive import read_archive
from journeys.bundle.queries.packing import packed
from journeys.bundle.queries.reading import scan_files
from tests.factories.accounts import OrganizationFactory
from tests.journeys.bundle.contents import FILES, contents

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


def _read(data: bytes):
    scan = scan_files(read_archive(data, name="any.zip"))
    assert [str(fault) for fault in scan.faults] == []
    return scan.bundle


def _comes_back_from_files(content) -> None:
    """What is written reads back equal, and is written the same again."""
    named = {path for step in content.steps for path in step.assets}
    texts = text_files(content)
    files = {path: text.encode() for path, text in texts.items()} | {path: FILES[path] for path in named}

    found = _read(packed(files, folder="any")).content

    assert found == content
    assert text_files(found) == texts


def _comes_back_from_rows(content) -> None:
    """What comes in from files and goes out of the database are the same bytes."""
    named = {path for step in content.steps for path in step.assets}
    files = {path: text.encode() for path, text in text_files(content).items()} | {path: FILES[path] for path in named}
    data = packed(files, folder="any")
    organization = OrganizationFactory()

    version = import_bundle(bundle=_read(data), organization_id=organization.pk, author_id=None, now=NOW)

    assert content_of(version.pk) == content
    assert bundle_archive(version.pk, key="any") == data


def prove(judge, *, examples: int, anew: bool = False) -> None:
    """Ask a judge about so many versions; the same ones each time unless anew."""
    chosen = settings(
        max_examples=examples,
        deadline=None,
        derandomize=not anew,
        database=None,
        # Making a failing version smaller takes minutes, which only a run at length has.
        phases=list(Phase) if anew else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    chosen(given(contents())(judge))()


def test_any_version_comes_back_from_its_files():
    prove(_comes_back_from_files, examples=5)


@pytest.mark.django_db
def test_any_version_comes_back_from_its_rows(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    prove(_comes_back_from_rows, examples=1)


@pytest.mark.proof
def test_very_many_versions_come_back_from_their_files():
    prove(_comes_back_from_files, examples=1_000, anew=True)


@pytest.mark.proof
@pytest.mark.django_db
def test_many_versions_come_back_from_their_rows(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    prove(_comes_back_from_rows, examples=60, anew=True)
