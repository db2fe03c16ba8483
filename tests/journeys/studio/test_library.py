"""The library, searched for a step of a module."""

import pytest
from django.urls import reverse

from content.activities.actions import archive_activity, create_activity
from tests.factories.accounts import OrganizationFactory
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(designer):
    for title, topic, body, organization_id in (
        ("Plan the talk", "communication", "Write it on one page.", designer.organization_id),
        ("Hear them out", "communication", "Stay silent for a minute.", designer.organization_id),
        ("Old talk", "", "Nobody needs this.", designer.organization_id),
        ("Their talk", "communication", "Not yours.", OrganizationFactory().pk),
    ):
        activity = create_activity(
            organization_id=organization_id, kind="article", title=title, minutes=3, topic=topic, body=body, spec={},
            author_id=None, now=NOW,
        )  # fmt: skip
        if title.startswith("Old"):
            archive_activity(activity_id=activity.pk)


def _found(window, draft, **asked):
    url = reverse("studio-step-library", args=[draft.uuid, "what-got-easier"])
    return [activity.latest.title for activity, _kind, _skill in window.get(url, asked).context["shelf"].lines]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Hear them out", "Plan the talk"]),
        ({"q": "TALK"}, ["Plan the talk"]),
        ({"q": "silent minute"}, ["Hear them out"]),
        ({"kind": "article", "skill": "communication"}, ["Hear them out", "Plan the talk"]),
        ({"kind": "quiz"}, []),
        ({"skill": "no-such-skill"}, []),
        ({"q": "talk", "page": "x"}, ["Plan the talk"]),
        ({"q": "\x00talk"}, ["Plan the talk"]),
    ],
)
def test_the_library_is_searched_by_words_kind_and_skill(page, draft, shelf, asked, found):
    assert _found(page, draft, **asked) == found


def test_what_the_draft_shows_already_is_not_offered(page, draft, shelf):
    assert _found(page, draft, q="briefs") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_asks_a_constant_number_of_queries(page, draft, designer, count, django_assert_num_queries):
    for number in range(count):
        create_activity(
            organization_id=designer.organization_id, kind="article", title=f"T {number}", minutes=3, body="Text.",
            spec={}, author_id=None, now=NOW,
        )  # fmt: skip
    _found(page, draft)

    with django_assert_num_queries(19):
        assert len(_found(page, draft)) == count
