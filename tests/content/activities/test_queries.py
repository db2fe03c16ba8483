from datetime import UTC, datetime, timedelta

import pytest

from config.accounts.actor import Actor
from content.activities.actions import archive_activity, create_activity
from content.activities.errors import ActivityNotFound, AssetNotFound
from content.activities.queries import asset_urls_of, get_activity, get_asset, list_activities
from tests.content.kinds.specs import written
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import AssetFactory, RevisionAssetFactory

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


def write(organization, title, *, kind="practice", topic="", after=0):
    return create_activity(
        organization_id=organization.pk,
        kind=kind,
        title=title,
        minutes=10,
        topic=topic,
        spec=written(kind),
        author_id=None,
        now=NOW + timedelta(days=after),
    )


def titles(found):
    return [activity.latest.title for activity in found]


@pytest.fixture
def library(db):
    mine, theirs = OrganizationFactory(), OrganizationFactory()
    write(mine, "Two frames", topic="problem-framing")
    write(mine, "Felt easy", kind="reflection", after=1)
    write(theirs, "Two secrets", after=2)
    return Actor(organization_id=mine.pk), Actor(organization_id=theirs.pk)


def test_a_library_is_one_organizations_newest_first(library):
    mine, theirs = library

    assert titles(list_activities(mine)) == ["Felt easy", "Two frames"]
    assert titles(list_activities(theirs)) == ["Two secrets"]


def test_a_library_is_narrowed_by_kind_and_by_words_of_title_or_topic(library):
    mine, _theirs = library

    assert titles(list_activities(mine, kind="reflection")) == ["Felt easy"]
    assert titles(list_activities(mine, search="TWO framing")) == ["Two frames"]
    assert titles(list_activities(mine, search="secrets")) == []


def test_archived_activities_are_shown_on_request_only(library):
    mine, _theirs = library
    archive_activity(activity_id=list_activities(mine, search="easy").get().pk)

    assert titles(list_activities(mine)) == ["Two frames"]
    assert len(list_activities(mine, with_archived=True)) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_library_takes_one_query_whatever_its_size(db, django_assert_num_queries, count):
    organization = OrganizationFactory()
    for number in range(count):
        write(organization, f"Activity {number}")

    with django_assert_num_queries(1):
        assert len(titles(list_activities(Actor(organization_id=organization.pk)))) == count


def test_an_activity_and_a_file_of_another_do_not_exist(library):
    mine, theirs = library
    activity = list_activities(mine)[0]
    asset = AssetFactory(organization_id=mine.organization_id)

    assert get_activity(mine, activity.uuid) == activity
    assert get_asset(mine, asset.uuid) == asset
    with pytest.raises(ActivityNotFound):
        get_activity(theirs, activity.uuid)
    with pytest.raises(AssetNotFound):
        get_asset(theirs, asset.uuid)


@pytest.mark.parametrize("count", [1, 3])
def test_addresses_of_files_take_one_query_for_many_revisions(db, django_assert_num_queries, count):
    links = [RevisionAssetFactory() for _number in range(count)]

    with django_assert_num_queries(1):
        urls = asset_urls_of([link.revision_id for link in links])

    assert urls == {link.revision_id: {"assets/plan.png": f"/assets/{link.asset.uuid}/"} for link in links}
