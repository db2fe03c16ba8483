"""A journey begins as a copy of another one, or of one that comes with Waymark."""

from dataclasses import replace

import pytest
from django.urls import reverse

from content.activities.models import Activity
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.queries import content_of
from journeys.bundle.actions import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_titles
from tests.factories.accounts import MembershipFactory
from tests.journeys.bundle.folders import FILES, edited, write_bundle
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db
COPY = "/admin/studio/copy/"
YAML = next(iter(FILES))


@pytest.fixture
def dated(designer, tmp_path):
    """A journey with one fixed date, a Monday."""
    files = edited(YAML, '{from: start, working_days: 0, at: "09:00"}', '{date: 2027-03-01, at: "09:00"}')
    bundle = read_bundle(write_bundle(tmp_path, files))
    return import_bundle(bundle=bundle, organization_id=designer.organization_id, author_id=None, now=NOW)


def _own(designer):
    return Journey.objects.filter(organization_id=designer.organization_id)


def _copy(answer):
    return JourneyVersion.objects.get(uuid=answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_journey_without_fixed_dates_is_copied_in_one_form(page, draft):
    assert f'value="{draft.uuid}" selected' in page.get(COPY, {"from": str(draft.uuid)}).content.decode()

    copy = _copy(page.post(COPY, {"source": str(draft.uuid), "title": "Judgment, again"}))

    before, after = content_of(draft.pk), content_of(copy.pk)
    assert (copy.journey.key, copy.is_draft, copy.number) == ("judgment-again", True, 1)
    assert after == replace(before, key="judgment-again", title="Judgment, again")
    own = set(copy.steps.values_list("activity_id", flat=True))
    assert own.isdisjoint(draft.steps.values_list("activity_id", flat=True))


@pytest.mark.parametrize("key", sample_titles())
def test_a_journey_that_comes_with_waymark_is_begun_from(page, key):
    copy = _copy(page.post(COPY, {"source": f"sample:{key}", "title": ""}))

    assert (copy.journey.key, copy.title) == (key, sample_titles()[key])


def test_a_second_one_gets_a_key_of_its_own(page, designer):
    for _ in range(2):
        page.post(COPY, {"source": "sample:judgment-with-ai", "title": ""})

    keys = _own(designer).order_by("pk").values_list("key", flat=True)
    assert list(keys) == ["judgment-with-ai", "judgment-with-ai-2"]


def test_where_fixed_dates_go_is_shown_before_anything_is_written(page, designer, dated):
    form = {"source": str(dated.uuid), "title": "In May", "new_start": "2027-05-04", "calendar": "JP"}

    shown = page.post(COPY, form)

    text = shown.content.decode()
    assert "Mon 1 March 2027" in text
    assert "Thu 6 May 2027" in text
    assert "moved past a day off: " in text
    assert _own(designer).count() == 1

    copy = _copy(page.post(COPY, {**form, "seen": shown.context["seen"]}))
    assert content_of(copy.pk).modules[0].opens == {"date": "2027-05-06", "at": "09:00"}
    assert content_of(dated.pk).modules[0].opens == {"date": "2027-03-01", "at": "09:00"}


def test_other_dates_than_those_shown_are_shown_first(page, designer, dated):
    form = {"source": str(dated.uuid), "title": "", "new_start": "2027-05-10"}
    seen = page.post(COPY, form).context["seen"]

    shown = page.post(COPY, {**form, "new_start": "2027-05-17", "seen": seen})

    assert "Mon 17 May 2027" in shown.content.decode()
    assert _own(designer).count() == 1


def test_dates_stay_on_purpose_only(page, dated):
    form = {"source": str(dated.uuid), "title": "", "new_start": ""}

    shown = page.post(COPY, form)

    assert "they stay as they are" in shown.content.decode()
    copy = _copy(page.post(COPY, {**form, "seen": shown.context["seen"]}))
    assert content_of(copy.pk).modules == content_of(dated.pk).modules


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"source": ""}, "Choose the journey to begin from."),
        ({"source": "sample:nothing"}, "no longer there"),
        ({"source": "sample:judgment-with-ai", "new_start": "2027-02-30"}, "not a day of the calendar"),
        ({"source": "sample:judgment-with-ai", "new_start": "0001-01-01"}, "2000 to 2199"),
    ],
)
def test_what_cannot_be_copied_is_told(page, designer, form, words):
    answer = page.post(COPY, form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not _own(designer).exists()


def test_another_organizations_journey_is_not_copied(client, draft):
    stranger = MembershipFactory(is_designer=True)
    client.force_login(stranger.user)
    before = Activity.objects.count()

    answer = client.post(COPY, {"source": str(draft.uuid), "title": "Mine"})

    assert answer.status_code == 422
    assert Activity.objects.count() == before
    assert str(draft.uuid) not in client.get(reverse("studio-copy")).content.decode().partition("selected")[0]
