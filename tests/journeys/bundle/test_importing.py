"""Bundles become drafts, whole or not at all."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from config.accounts.models import Organization
from config.events.models import ActivityEvent
from content.activities.models import Activity, ActivityRevision, Asset, RevisionAsset
from content.skills.models import BehaviorIndicator, Skill
from journeys.authoring.actions.journeys import start_draft, update_version
from journeys.authoring.errors import EditedMeanwhile, VersionFrozen
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.queries import content_of, effective_revision, get_step, outline_of
from journeys.bundle.actions import export_version, import_bundle, replace_draft
from journeys.bundle.errors import AssetsClash, BundleFaults, DraftInTheWay, TargetNotEmpty
from journeys.bundle.queries import Bundle, read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.publishing.actions import publish_version
from journeys.publishing.queries import check_version
from journeys.schedule.expectations import check_expectations, parse_expectations
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import SkillFactory, SkillFrameworkFactory
from tests.journeys.bundle.folders import FILES, edited, write_bundle

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
YAML, READ, TRY = list(FILES)[:3]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def _bundle(folder: Path, files: Mapping[str, Any] | None = None) -> Bundle:
    return read_bundle(write_bundle(folder, files))


def _import(bundle: Bundle, organization: Organization) -> JourneyVersion:
    return import_bundle(bundle=bundle, organization_id=organization.pk, author_id=None, now=NOW)


def _published(bundle: Bundle, organization: Organization) -> JourneyVersion:
    return publish_version(version_id=_import(bundle, organization).pk, actor_id=None, now=NOW)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(file, "PNG")
    return file.getvalue()


def _lines(error: pytest.ExceptionInfo[BundleFaults]) -> list[str]:
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize("key", sample_paths())
def test_a_sample_becomes_a_draft_that_says_the_same(key):
    bundle = read_bundle(sample_paths()[key])

    version = _import(bundle, OrganizationFactory())

    assert version.is_draft
    assert content_of(version.pk) == bundle.content
    outline, expected = outline_of(version.pk), bundle.content.outline
    assert (outline.modules, outline.nudges) == (expected.modules, expected.nudges)


@pytest.mark.parametrize("key", sample_paths())
def test_a_sample_is_published_without_a_finding_and_its_expectations_come_true(key):
    published = _published(read_bundle(sample_paths()[key]), OrganizationFactory())

    assert check_version(published.pk) == []
    expectations = parse_expectations(published.expectations, pointer="")
    assert check_expectations(outline_of(published.pk), expectations) == []
    assert len(expectations) >= 12
    verbs = ActivityEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["journey.created", "journey.imported", "journey.published"]


def test_the_same_bundle_again_writes_nothing_new():
    bundle = read_bundle(sample_paths()["judgment-with-ai"])
    organization = OrganizationFactory()
    _published(bundle, organization)
    rows = (ActivityRevision, Activity, BehaviorIndicator)
    before = [model.objects.count() for model in rows]

    again = _import(bundle, organization)

    assert again.number == 2
    assert content_of(again.pk) == bundle.content
    assert [model.objects.count() for model in rows] == before


def test_a_draft_that_says_the_same_is_returned_untouched(tmp_path):
    organization = OrganizationFactory()
    bundle = _bundle(tmp_path)
    version = _import(bundle, organization)

    again = _import(bundle, organization)

    assert (again.pk, again.edits) == (version.pk, version.edits)


def test_only_what_changed_gets_a_new_revision(tmp_path):
    organization = OrganizationFactory()
    _published(_bundle(tmp_path / "one"), organization)
    before = ActivityRevision.objects.count()

    version = _import(_bundle(tmp_path / "two", edited(READ, "Read this first.", "Read it.")), organization)

    assert ActivityRevision.objects.count() == before + 1
    revision = effective_revision(get_step(version.pk, "read"))
    assert (revision.number, revision.body) == (2, "Read it.")


def test_a_published_version_keeps_its_words_when_a_newer_bundle_comes(tmp_path):
    organization = OrganizationFactory()
    published = _published(_bundle(tmp_path / "one"), organization)
    before = content_of(published.pk)

    files = edited(READ, "Read this first.", "Read it.")
    files[YAML] = FILES[YAML].replace("text: Asks before telling", "text: Asks first")
    _published(_bundle(tmp_path / "two", files), organization)

    assert content_of(published.pk) == before


def test_a_draft_with_other_words_is_in_the_way_and_stays(tmp_path):
    organization = OrganizationFactory()
    version = _import(_bundle(tmp_path / "one"), organization)
    update_version(version_id=version.pk, title="Mine", summary="", language="en", license="", weeks=2)

    with pytest.raises(DraftInTheWay):
        _import(_bundle(tmp_path / "one"), organization)

    assert content_of(version.pk).title == "Mine"


def test_a_draft_is_replaced_on_purpose(tmp_path):
    organization = OrganizationFactory()
    version = _import(_bundle(tmp_path / "one"), organization)
    kept = get_step(version.pk, "read").activity_id
    bundle = _bundle(tmp_path / "two", edited(YAML, "title: Ask first", "title: Ask sooner"))

    replaced = replace_draft(
        bundle=bundle, version_id=version.pk, author_id=None, now=NOW, expected_edits=version.edits
    )

    assert replaced.pk == version.pk
    assert content_of(version.pk) == bundle.content
    assert get_step(version.pk, "read").activity_id == kept


@pytest.mark.parametrize("publish", [True, False])
def test_a_draft_is_not_replaced_behind_somebodys_back(publish, tmp_path):
    organization = OrganizationFactory()
    bundle = _bundle(tmp_path)
    version = _import(bundle, organization)
    seen = version.edits
    if publish:
        publish_version(version_id=version.pk, actor_id=None, now=NOW)
    else:
        update_version(version_id=version.pk, title="Mine", summary="", language="en", license="", weeks=2)

    with pytest.raises(VersionFrozen if publish else EditedMeanwhile):
        replace_draft(bundle=bundle, version_id=version.pk, author_id=None, now=NOW, expected_edits=seen)


def test_a_draft_takes_a_bundle_of_its_own_journey_only(tmp_path):
    version = _import(_bundle(tmp_path / "one"), OrganizationFactory())
    other = _bundle(tmp_path / "two", edited(YAML, "key: ask-first", "key: ask-last"))

    with pytest.raises(BundleFaults) as refusal:
        replace_draft(bundle=other, version_id=version.pk, author_id=None, now=NOW)

    assert _lines(refusal)[0].startswith("journey.yaml:2: ")


FAULTS = {
    "an unknown skill of the journey": (YAML, "{skill: communication,", "{skill: juggling,", 9, "no skill “juggling”"),
    "an unknown skill of a behavior": (
        YAML,
        "    skill: communication",
        "    skill: juggling",
        12,
        "no skill “juggling”",
    ),
    "an unknown skill of a module": (YAML, "skills: [communication]", "skills: [juggling]", 20, "no skill “juggling”"),
    "a rule that names no module": (YAML, "module-opened:first", "module-opened:frist", 30, "Did you mean first?"),
    "a trigger that names no module": (YAML, "module: first}", "module: third}", 34, "no module “third”"),
    "an exception that names no step": (
        YAML,
        "completed: first/try",
        "completed: first/tri",
        36,
        "Did you mean first/try?",
    ),
    "a step rule that names no step": (
        TRY,
        "completed: first/read",
        "completed: second/read",
        7,
        "Did you mean first/read?",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_the_organization_cannot_take_is_told_in_one_line(name, tmp_path):
    file, old, new, line, piece = FAULTS[name]

    with pytest.raises(BundleFaults) as refusal:
        _import(_bundle(tmp_path, edited(file, old, new)), OrganizationFactory())

    lines = _lines(refusal)
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{file}:{line}: "), lines
    assert piece in lines[0], lines
    assert not Journey.objects.exists()
    assert not Activity.objects.exists()


def test_a_key_never_becomes_another_kind(tmp_path):
    organization = OrganizationFactory()
    _published(_bundle(tmp_path / "one"), organization)
    files = edited(READ, "kind: article", "kind: reflection")
    files[READ] = files[READ].replace("serves: knows\n", "serves: reflects\nprompt: What?\n")

    with pytest.raises(BundleFaults) as refusal:
        _import(_bundle(tmp_path / "two", files), organization)

    assert _lines(refusal) == [
        f"{READ}:2: “read” has the kind article in an earlier version. Give the reflection a new key."
    ]
    assert JourneyVersion.objects.count() == 1


def test_a_fault_in_the_middle_leaves_nothing_behind(tmp_path):
    files = {**FILES, READ: FILES[READ] + "![Plan](assets/plan.png)\n", "assets/plan.png": b"<svg onload=alert(1)>"}

    with pytest.raises(BundleFaults) as refusal:
        _import(_bundle(tmp_path, files), OrganizationFactory())

    assert _lines(refusal)[0].startswith("assets/plan.png: ")
    assert not Journey.objects.exists()
    assert not BehaviorIndicator.objects.filter(key="asks").exists()


def test_two_organizations_share_nothing(tmp_path):
    bundle = _bundle(tmp_path)
    ours, theirs = _import(bundle, OrganizationFactory()), _import(bundle, OrganizationFactory())

    assert ours.journey_id != theirs.journey_id
    activities = [set(version.steps.values_list("activity_id", flat=True)) for version in (ours, theirs)]
    assert activities[0].isdisjoint(activities[1])
    owners = {activity.organization_id for activity in Activity.objects.all()}
    assert owners == {ours.journey.organization_id, theirs.journey.organization_id}


def test_a_skill_of_ones_own_framework_may_be_named(tmp_path):
    organization = OrganizationFactory()
    own = SkillFactory(key="juggling", framework=SkillFrameworkFactory(organization=organization))
    bundle = _bundle(tmp_path, {**FILES, YAML: FILES[YAML].replace("communication", "juggling")})

    version = _import(bundle, organization)

    assert version.skills.get().skill == own
    with pytest.raises(BundleFaults):
        _import(bundle, OrganizationFactory())


def test_the_built_in_skill_comes_before_ones_own(tmp_path):
    organization = OrganizationFactory()
    SkillFactory(key="communication", framework=SkillFrameworkFactory(organization=organization))

    version = _import(_bundle(tmp_path), organization)

    assert version.skills.get().skill == Skill.objects.get(key="communication", framework__organization=None)


def test_pictures_come_in_and_go_out_again(tmp_path):
    picture = _picture()
    files = {**FILES, READ: FILES[READ] + "![Plan](assets/plan.png)\n", "assets/plan.png": picture}
    bundle = _bundle(tmp_path / "in", files)

    version = _import(bundle, OrganizationFactory())
    export_version(version_id=version.pk, path=tmp_path / "out")

    assert content_of(version.pk) == bundle.content
    assert (tmp_path / "out/assets/plan.png").read_bytes() == picture
    assert read_bundle(tmp_path / "out").content == bundle.content
    assert Asset.objects.count() == 1


def test_one_path_for_two_files_cannot_go_out(tmp_path):
    files = {**FILES, READ: FILES[READ] + "![Plan](assets/plan.png)\n", "assets/plan.png": _picture()}
    version = _import(_bundle(tmp_path / "in", files), OrganizationFactory())
    other = Asset.objects.get()
    other.pk, other.uuid, other.sha256 = None, BehaviorIndicator().uuid, "0" * 64
    other.save(force_insert=True)
    revision = effective_revision(get_step(version.pk, "try"))
    RevisionAsset.objects.create(revision=revision, path="assets/plan.png", asset=other)

    with pytest.raises(AssetsClash):
        export_version(version_id=version.pk, path=tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_an_export_brings_an_older_one_in_line(tmp_path):
    organization = OrganizationFactory()
    version = _import(_bundle(tmp_path / "in"), organization)
    target = write_bundle(
        tmp_path / "out", {**FILES, "modules/09-old/01-gone.md": "x", "README.md": "Mine", "assets/old.png": "x"}
    )

    export_version(version_id=version.pk, path=target)

    assert not (target / "modules/09-old").exists()
    assert not (target / "assets").exists() or not any((target / "assets").iterdir())
    assert (target / "README.md").read_text() == "Mine"
    assert read_bundle(target).content == content_of(version.pk)


@pytest.mark.parametrize("files", [{"thesis.docx": "mine"}, {"modules/notes.txt": "mine"}])
def test_an_export_never_mixes_with_other_files(files, tmp_path):
    version = _import(_bundle(tmp_path / "in"), OrganizationFactory())
    target = write_bundle(tmp_path / "out", files)

    with pytest.raises(TargetNotEmpty):
        export_version(version_id=version.pk, path=target)

    assert [path.name for path in target.rglob("*") if path.is_file()] == [Path(next(iter(files))).name]


def test_an_export_follows_no_link(tmp_path):
    version = _import(_bundle(tmp_path / "in"), OrganizationFactory())
    outside = write_bundle(tmp_path / "outside", {"keep.md": "mine"})
    target = write_bundle(tmp_path / "out", {YAML: FILES[YAML]})
    (target / "modules").symlink_to(outside, target_is_directory=True)

    with pytest.raises(TargetNotEmpty):
        export_version(version_id=version.pk, path=target)

    assert [path.name for path in outside.iterdir()] == ["keep.md"]


def test_a_draft_without_steps_goes_out_and_comes_in(tmp_path):
    organization = OrganizationFactory()
    files = {YAML: FILES[YAML].split("nudges:")[0]}
    bundle = _bundle(tmp_path / "in", files)

    version = _import(bundle, organization)
    export_version(version_id=version.pk, path=tmp_path / "out")

    assert [len(module.steps) for module in bundle.content.modules] == [0, 0]
    assert read_bundle(tmp_path / "out").content == content_of(version.pk) == bundle.content


def test_a_draft_of_a_published_version_exports_the_same(tmp_path):
    organization = OrganizationFactory()
    published = _published(_bundle(tmp_path / "in"), organization)
    draft = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)

    export_version(version_id=published.pk, path=tmp_path / "one")
    export_version(version_id=draft.pk, path=tmp_path / "two")

    texts = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    assert texts[0] == texts[1]
