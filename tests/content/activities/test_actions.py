from datetime import UTC, datetime, timedelta

import pytest

from content.activities.actions import archive_activity, create_activity, revise_activity
from content.activities.errors import ActivityInvalid, ActivityNotFound
from content.activities.models import Activity, ActivityRevision
from content.activities.queries import asset_urls, spec_of
from content.kinds.errors import UnknownKind
from tests.content.kinds.specs import SPECS, spec_for, written
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.content import AssetFactory

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.postgres


@pytest.fixture
def organization(db):
    return OrganizationFactory()


def wording(kind="practice", **changes):
    values = {
        "title": "Two frames",
        "minutes": 10,
        "topic": "problem-framing",
        "body": "Read *this*.",
        "spec": written(kind),
    }
    return values | {"author_id": None, "now": NOW} | changes


def create(organization, kind="practice", **changes):
    return create_activity(organization_id=organization.pk, kind=kind, **wording(kind, **changes))


@pytest.mark.parametrize("kind", sorted(set(SPECS) - {"video"}))
def test_an_activity_begins_with_its_first_revision(organization, kind):
    author = UserFactory()

    activity = create(organization, kind, author_id=author.pk)

    activity.refresh_from_db()
    assert activity.kind == kind
    assert activity.latest is not None
    assert (activity.latest.number, activity.latest.title, activity.latest.created_by) == (1, "Two frames", author)
    assert spec_of(kind, activity.latest) == spec_for(kind)


def test_a_typed_spec_and_its_data_make_the_same_revision(organization):
    typed = create(organization, spec=spec_for("practice"))
    plain = create(organization, spec=written("practice"))

    assert typed.latest.spec == plain.latest.spec


def test_every_fault_is_told_at_once_and_nothing_is_written(organization):
    with pytest.raises(ActivityInvalid) as refusal:
        create(organization, title="  ", minutes=0, topic="x" * 65, spec={"sign_off": "boss"})

    assert {"/title", "/minutes", "/topic", "/sign_off", "/situation", "/steps", "/report"} == {
        fault.pointer for fault in refusal.value.faults
    }
    assert not Activity.objects.exists()


def test_an_unknown_kind_is_refused(organization):
    with pytest.raises(UnknownKind):
        create_activity(organization_id=organization.pk, kind="podcast", **wording())


def test_a_session_whose_agenda_does_not_fit_its_minutes_is_refused(organization):
    with pytest.raises(ActivityInvalid, match="agenda"):
        create(organization, "live_session", minutes=45)


def test_writing_the_same_again_adds_no_revision(organization):
    activity = create(organization)

    revision = revise_activity(activity_id=activity.pk, **wording(body="Read *this*.\r\n", now=NOW + timedelta(days=1)))

    assert revision == activity.latest
    assert activity.revisions.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Three frames"},
        {"minutes": 11},
        {"topic": "communication"},
        {"body": "Read that."},
        {"spec": written("practice", steps=["Only one."])},
    ],
)
def test_any_change_is_a_new_revision_and_the_old_one_stays(organization, change):
    activity = create(organization)
    first = activity.latest

    second = revise_activity(activity_id=activity.pk, **wording(**change))

    activity.refresh_from_db()
    assert activity.latest == second
    assert second.number == 2
    first.refresh_from_db()
    assert (first.title, first.minutes, first.body) == ("Two frames", 10, "Read *this*.")


def test_going_back_to_an_old_wording_is_a_third_revision(organization):
    activity = create(organization)
    revise_activity(activity_id=activity.pk, **wording(title="Other"))

    assert revise_activity(activity_id=activity.pk, **wording()).number == 3


def test_a_refused_revision_leaves_the_newest_as_it_was(organization):
    activity = create(organization)

    with pytest.raises(ActivityInvalid):
        revise_activity(activity_id=activity.pk, **wording(spec={}))

    assert ActivityRevision.objects.get().number == 1


def test_an_activity_that_is_not_there_cannot_be_revised(organization):
    with pytest.raises(ActivityNotFound):
        revise_activity(activity_id=0, **wording())


def test_a_film_is_linked_by_its_path_and_kept_by_the_next_revision(organization):
    film = AssetFactory(organization=organization, content_type="video/mp4")
    captions = AssetFactory(organization=organization, content_type="text/vtt")
    files = {"assets/welcome.mp4": film.pk, "assets/welcome.vtt": captions.pk, "assets/unused.png": film.pk}

    activity = create(organization, "video", assets=files)
    revision = revise_activity(activity_id=activity.pk, **wording("video", title="Welcome"))

    for number in (activity.latest.pk, revision.pk):
        assert asset_urls(number) == {
            "assets/welcome.mp4": f"/assets/{film.uuid}/",
            "assets/welcome.vtt": f"/assets/{captions.uuid}/",
        }


def test_another_file_under_the_same_path_is_a_new_revision(organization):
    first, second = AssetFactory(organization=organization), AssetFactory(organization=organization)
    body = "![Our plan](assets/plan.png)"
    activity = create(organization, body=body, assets={"assets/plan.png": first.pk})

    same = revise_activity(activity_id=activity.pk, **wording(body=body, assets={"assets/plan.png": first.pk}))
    other = revise_activity(activity_id=activity.pk, **wording(body=body, assets={"assets/plan.png": second.pk}))

    assert (same.number, other.number) == (1, 2)
    assert asset_urls(other.pk) == {"assets/plan.png": f"/assets/{second.uuid}/"}


def test_a_film_that_is_not_there_is_told_at_its_field(organization):
    with pytest.raises(ActivityInvalid) as refusal:
        create(organization, "video")

    assert {fault.pointer for fault in refusal.value.faults} == {"/source", "/captions"}


def test_a_file_of_another_organization_cannot_be_used(organization):
    stolen = AssetFactory()

    with pytest.raises(ActivityInvalid, match="organization"):
        create(organization, body="![x](assets/plan.png)", assets={"assets/plan.png": stolen.pk})


def test_archiving_takes_an_activity_out_once(organization):
    activity = create(organization)

    assert archive_activity(activity_id=activity.pk)
    assert not archive_activity(activity_id=activity.pk)
