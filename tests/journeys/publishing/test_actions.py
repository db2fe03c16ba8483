"""Publishing freezes, pins and tells; retiring takes out of use."""

from datetime import timedelta

import pytest

from config.events.models import ActivityEvent
from journeys.authoring.actions.journeys import start_draft
from journeys.authoring.actions.modules import add_module
from journeys.authoring.actions.steps import revise_step
from journeys.authoring.errors import EditedMeanwhile, UnknownVersion, VersionFrozen
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import content_of
from journeys.publishing.actions import publish_version, retire_version
from journeys.publishing.errors import NotReady
from journeys.publishing.queries import diff_versions
from tests.factories.accounts import UserFactory
from tests.journeys.authoring.drafts import NOW, Draft, add_article, make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _publish(version_id: int) -> JourneyVersion:
    return publish_version(version_id=version_id, actor_id=None, now=NOW)


def _next(draft: Draft) -> JourneyVersion:
    return start_draft(journey_id=draft.version.journey_id, author_id=None, now=NOW)


def test_publishing_pins_every_step_to_its_wording():
    draft = make_draft()
    _publish(draft.version.pk)

    revise_step_elsewhere = _next(draft).steps.get(key="read-this")
    revise_step(
        step_id=revise_step_elsewhere.pk, title="Other", minutes=9, topic="", body="Other.", spec={},
        author_id=None, now=NOW,
    )  # fmt: skip

    published = content_of(draft.version.pk)
    assert [step.title for step in published.steps] == ["Read this", "Try it"]
    assert not draft.version.steps.filter(revision=None).exists()


def test_publishing_says_who_when_and_why():
    draft = make_draft()
    designer = UserFactory()

    version = publish_version(version_id=draft.version.pk, actor_id=designer.pk, note="First run.", now=NOW)

    version.refresh_from_db()
    assert (version.status, version.published_at, version.published_by) == ("published", NOW, designer)
    assert version.publish_note == "First run."
    event = ActivityEvent.objects.get(verb="journey.published")
    assert (event.actor, event.object_uuid, event.occurred_at) == (designer, version.uuid, NOW)
    assert event.organization_id == version.journey.organization_id
    assert event.data["journey"] == "ask-first"


def test_a_later_publish_retires_the_earlier_one():
    draft = make_draft()
    first = _publish(draft.version.pk)
    second = _publish(_next(draft).pk)

    first.refresh_from_db()
    assert (first.status, second.status) == ("retired", "published")
    assert content_of(first.pk) == content_of(second.pk)


def test_errors_keep_a_draft_from_being_published_and_change_nothing():
    draft = make_draft()
    add_module(version_id=draft.version.pk, title="Empty", outcome="Nothing.")
    edits = draft.edits

    with pytest.raises(NotReady) as refusal:
        _publish(draft.version.pk)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("modules/empty", "module_without_steps")
    ]
    draft.version.refresh_from_db()
    assert (draft.version.status, draft.edits) == ("draft", edits)
    assert not draft.version.steps.exclude(revision=None).exists()
    assert not ActivityEvent.objects.filter(verb="journey.published").exists()


def test_a_draft_that_changed_meanwhile_is_not_published():
    draft = make_draft()
    seen = draft.edits
    add_article(draft.module, "One more")

    with pytest.raises(EditedMeanwhile):
        publish_version(version_id=draft.version.pk, actor_id=None, now=NOW, expected_edits=seen)


def test_a_version_is_published_once():
    draft = make_draft()
    _publish(draft.version.pk)

    with pytest.raises(VersionFrozen):
        _publish(draft.version.pk)


def test_what_is_not_there_cannot_be_published():
    with pytest.raises(UnknownVersion):
        _publish(10**9)


def test_retiring_is_told_once():
    draft = make_draft()
    _publish(draft.version.pk)

    for hours in (1, 2):
        version = retire_version(version_id=draft.version.pk, actor_id=None, now=NOW + timedelta(hours=hours))

    assert version.status == "retired"
    assert ActivityEvent.objects.filter(verb="journey.retired").count() == 1


def test_a_draft_cannot_be_retired():
    with pytest.raises(UnknownVersion):
        retire_version(version_id=make_draft().version.pk, actor_id=None, now=NOW)


def test_a_change_is_told_in_keys_and_words():
    draft = make_draft()
    published = _publish(draft.version.pk)
    copy = _next(draft)
    add_article(copy.modules.get(), "One more")

    change = diff_versions(published.pk, copy.pk)

    assert change.steps.kept == ("read-this", "try-it")
    assert change.steps.added == ("one-more",)
    assert change.words == ("“One more” is new in “First week”.",)
