"""A designer imports a bundle after seeing what it changes, and downloads one."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.support.clock import now
from content.uploads.actions import forget_expired_uploads
from content.uploads.models import HeldUpload
from journeys.authoring.actions.journeys import start_draft, update_version
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.queries import content_of
from journeys.bundle.queries.archive import read_archive
from journeys.bundle.queries.reading import scan_files
from journeys.bundle.queries.schemas import schemas
from journeys.publishing.actions import publish_version
from tests.factories.accounts import MembershipFactory
from tests.journeys.bundle.archives import BASE, pack, with_base
from tests.journeys.bundle.folders import FILES
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db
IMPORT = "/admin/studio/import/"
YAML, READ, TRY = list(FILES)[:3]


def _edited(path, old, new):
    assert old.encode() in BASE[path]
    return pack({**BASE, path: BASE[path].replace(old.encode(), new.encode(), 1)})


def _send(page, data, name="ask.zip"):
    return page.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


def _confirm(page, answer, **fields):
    shown = page.get(answer["Location"])
    return page.post(answer["Location"], {"seen": shown.context["comparison"].seen, **fields})


def _imported(page, data):
    answer = _confirm(page, _send(page, data))
    return JourneyVersion.objects.get(uuid=answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_new_journey_is_shown_and_then_imported(page, designer):
    answer = _send(page, pack())
    shown = page.get(answer["Location"])

    assert "A new journey with the key ask-first" in shown.content.decode()
    assert not Journey.objects.exists()

    assert _confirm(page, answer).status_code == 302
    version = JourneyVersion.objects.get()
    assert (version.title, version.created_by, version.is_draft) == ("Ask first", designer.user, True)
    assert not HeldUpload.objects.exists()


def test_what_changes_is_shown_in_words_against_what_is_there(page):
    version = publish_version(version_id=_imported(page, pack()).pk, actor_id=None, now=NOW)

    answer = _send(page, _edited(YAML, "title: Second", "title: Third"))
    shown = page.get(answer["Location"]).content.decode()
    assert "Compared with version 1." in shown
    assert "Module “Second” is now called “Third”." in shown
    assert JourneyVersion.objects.count() == 1

    _confirm(page, answer)
    draft = JourneyVersion.objects.get(number=2)
    assert [module.title for module in content_of(draft.pk).modules] == ["First", "Third"]
    assert content_of(version.pk).modules[1].title == "Second"


def test_what_says_the_same_offers_no_import(page):
    _imported(page, pack())

    shown = page.get(_send(page, pack())["Location"]).content.decode()

    assert "There is nothing to import." in shown
    assert "Import over draft" not in shown


def test_a_draft_that_was_edited_while_somebody_looked_is_not_written_over(page):
    draft = _imported(page, pack())
    answer = _send(page, _edited(YAML, "title: Second", "title: Third"))
    seen = page.get(answer["Location"]).context["comparison"].seen
    update_version(version_id=draft.pk, title="Mine", summary="", language="en", license="", weeks=2)

    refused = page.post(answer["Location"], {"seen": seen})

    assert refused.status_code == 409
    assert "Look again" in refused.content.decode()
    assert content_of(draft.pk).title == "Mine"
    assert _confirm(page, answer).status_code == 302
    assert content_of(draft.pk).modules[1].title == "Third"


def test_what_keeps_it_from_being_published_is_told_with_its_line(page):
    answer = _send(page, _edited(YAML, '"2027-03-08 09:00"', '"2027-03-09 09:00"'))

    assert "journey.yaml:40" in page.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"not a zip", "ask.zip"),
        (bytes(26_500_000), "ask.zip"),
        (with_base(("../escape.md", b"x")), "../escape.md"),
        (with_base(("assets/x.png", bytes(25_000_001))), "assets/x.png"),
        (with_base(("assets/x.svg", b"<svg onload=alert(1)>")), "assets/x.svg"),
        (_edited(YAML, "title: Second", "title: !!python/object/apply:os.system [x]"), "journey.yaml:26"),
        (_edited(YAML, "skills: [communication]", "skills: [juggling]"), "journey.yaml:20"),
        (pack({**BASE, READ: b"\xff\xfe"}), f"{READ}:1"),
    ],
    ids=["no zip", "too large", "climbs", "bursts", "svg", "tag", "skill", "not UTF-8"],
)
def test_a_bundle_with_faults_tells_its_place_and_changes_nothing(page, data, place):
    answer = _send(page, data)

    assert answer.status_code == 422
    assert place in [fault.pointer for fault in answer.context["faults"]]
    assert not Journey.objects.exists()
    assert not HeldUpload.objects.exists()


def test_a_picture_that_is_none_is_told_before_anything_is_kept(page):
    files = {**BASE, READ: BASE[READ] + b"![Plan](assets/plan.png)\n", "assets/plan.png": b"<svg onload=alert(1)>"}

    answer = _send(page, pack(files))

    assert [fault.pointer for fault in answer.context["faults"]] == ["assets/plan.png"]


def test_hostile_markdown_is_kept_as_text_and_shown_as_text(page):
    version = _imported(page, _edited(READ, "Read this first.", "<script>alert(1)</script> [x](javascript:alert(1))"))

    shown = page.get(reverse("studio-preview", args=[version.uuid, "read"])).content.decode()

    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert 'href="javascript:' not in shown


def test_a_request_that_is_larger_than_any_bundle_is_told_on_a_page(page):
    answer = page.post(IMPORT, {"file": SimpleUploadedFile("ask.zip", bytes(30_000_000))})

    assert answer.status_code == 413
    assert "27,000,000 bytes" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


def test_no_file_is_told_at_its_field(page):
    assert "Choose the .zip of a journey." in page.post(IMPORT).content.decode()


def test_a_held_bundle_is_nobody_elses_and_not_for_long(page, client, designer):
    address = _send(page, pack())["Location"]
    assert page.get(address).status_code == 200

    for other in (
        MembershipFactory(is_designer=True, organization=designer.organization),
        MembershipFactory(is_designer=True, is_administrator=True),
    ):
        client.force_login(other.user)
        assert client.get(address).status_code == 404
        assert client.post(address, {"seen": "new"}).status_code == 404
    client.force_login(designer.user)
    HeldUpload.objects.update(expires_at=now())
    assert client.get(address).status_code == 404
    assert forget_expired_uploads(now=now() + timedelta(seconds=1)) == 1
    assert not Journey.objects.exists()


def test_a_newer_file_takes_the_place_of_the_older_one(page):
    first = _send(page, pack())["Location"]
    second = _send(page, _edited(YAML, "title: Second", "title: Third"))["Location"]

    assert HeldUpload.objects.count() == 1
    assert page.post(first, {"seen": "new"}).status_code == 404
    assert page.get(second).status_code == 200
    assert page.post(second, {"forget": "1"}).status_code == 302
    assert not HeldUpload.objects.exists()


def test_a_version_is_downloaded_with_the_same_bytes_each_time(page, draft):
    published = publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    newer = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)
    answers = [page.get(reverse("studio-bundle", args=[version.uuid])) for version in (published, published, newer)]

    assert len({answer.content for answer in answers}) == 1
    assert answers[0]["Content-Disposition"] == 'attachment; filename="judgment-with-ai-1.zip"'
    scan = scan_files(read_archive(answers[0].content, name="x.zip"))
    assert scan.faults == []
    assert scan.bundle.content == content_of(published.pk)


def test_a_downloaded_bundle_comes_in_again_and_changes_nothing(page, draft):
    downloaded = page.get(reverse("studio-bundle", args=[draft.uuid])).content

    shown = page.get(_send(page, downloaded)["Location"])

    assert shown.context["comparison"].is_same


def test_the_schemas_are_handed_out(page):
    answer = page.get(reverse("studio-schemas"))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == sorted(f"schemas/{name}" for name in schemas())
