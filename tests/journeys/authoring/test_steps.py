"""Steps of a draft and their activities."""

import pytest

from config.support.errors import InvalidInput
from content.activities.actions import create_activity
from journeys.authoring.actions.journeys import start_draft
from journeys.authoring.actions.modules import (
    duplicate_module,
)
from journeys.authoring.actions.nudge_rules import delete_nudge_rule
from journeys.authoring.actions.steps import (
    add_step,
    add_step_from_library,
    delete_step,
    duplicate_step,
    move_step,
    revise_step,
    update_step,
)
from journeys.authoring.errors import (
    InvalidAuthoring,
    StillNeeded,
)
from journeys.authoring.queries import content_of, effective_revision, get_step, outline_of
from journeys.publishing.actions import publish_version
from tests.factories.accounts import OrganizationFactory
from tests.journeys.authoring.drafts import NOW, PRACTICE, add_article, make_draft, pointers

pytestmark = pytest.mark.django_db


def test_a_copied_module_names_its_own_steps():
    draft = make_draft()

    copy = duplicate_module(module_id=draft.module.pk, author_id=None, now=NOW)

    first, second = content_of(draft.version.pk).modules
    assert (first.key, second.key) == ("first-week", "first-week-2")
    assert [step.key for step in second.steps] == ["read-this-2", "try-it-2"]
    assert second.steps[1].opens == {"completed": "first-week-2/read-this-2"}
    assert {step.activity_id for step in copy.steps.all()}.isdisjoint(
        {step.activity_id for step in draft.module.steps.all()}
    )


@pytest.mark.parametrize("key", ["Try It", "try/it", "x" * 65])
def test_a_key_must_be_a_slug(key):
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        add_article(draft.module, "Read", key=key)

    assert pointers(refusal) == ["/key"]


def test_a_step_with_a_faulty_activity_leaves_nothing_behind():
    draft = make_draft()

    with pytest.raises(InvalidInput):
        add_step(
            module_id=draft.module.pk,
            kind="practice",
            title="New",
            minutes=3,
            serves="practices",
            spec={**PRACTICE, "steps": []},
            author_id=None,
            now=NOW,
        )

    assert len(list(content_of(draft.version.pk).steps)) == 2


def test_an_activity_of_another_organization_is_refused():
    draft = make_draft()
    theirs = create_activity(
        organization_id=OrganizationFactory().pk, kind="article", title="Theirs", minutes=3, body="Text.", spec={},
        author_id=None, now=NOW,
    )  # fmt: skip

    with pytest.raises(InvalidAuthoring) as refusal:
        add_step_from_library(module_id=draft.module.pk, activity_id=theirs.pk, serves="knows")

    assert pointers(refusal) == ["/activity"]


def test_a_step_is_placed_anew():
    draft = make_draft()

    update_step(
        step_id=draft.read.pk, serves="evidence", required=False, opens={"released": "first-week/read-this"}, due=None
    )

    step = next(content_of(draft.version.pk).steps)
    assert (step.serves, step.required, step.opens) == ("evidence", False, {"released": "first-week/read-this"})


def test_a_step_cannot_serve_what_is_not_known():
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        update_step(step_id=draft.read.pk, serves="teaches", required=True, opens={"completed": "x/y"}, due=None)

    assert pointers(refusal) == ["/serves", "/opens/completed"]


def test_steps_move_inside_their_module():
    draft = make_draft()

    move_step(step_id=draft.practice.pk, to="up")

    assert [step.key for step in content_of(draft.version.pk).steps] == ["try-it", "read-this"]


def test_a_copied_step_stands_behind_the_first():
    draft = make_draft()

    copy = duplicate_step(step_id=draft.read.pk, author_id=None, now=NOW)

    assert [step.key for step in content_of(draft.version.pk).steps] == ["read-this", "read-this-2", "try-it"]
    assert copy.activity_id != draft.read.activity_id


def test_a_step_that_rules_name_stays():
    draft = make_draft()

    with pytest.raises(StillNeeded) as refusal:
        delete_step(step_id=draft.read.pk)

    assert "“Try it” depends on it" in str(refusal.value)


def test_a_step_that_a_reflection_follows_stays():
    draft = make_draft()
    delete_nudge_rule(nudge_rule_id=draft.nudge.pk)
    add_article(
        draft.module, "Look back", kind="reflection", spec={"prompt": "What happened?", "after": "first-week/try-it"}
    )

    with pytest.raises(StillNeeded) as refusal:
        delete_step(step_id=draft.practice.pk)

    assert "“Look back” depends on it" in str(refusal.value)


def test_a_draft_follows_the_newest_wording_and_a_published_version_keeps_its_own():
    draft = make_draft()
    published = publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    copy = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)

    step = get_step(copy.pk, "read-this")
    revise_step(step_id=step.pk, title="Read that", minutes=9, topic="", body="New.", spec={}, author_id=None, now=NOW)

    assert effective_revision(get_step(copy.pk, "read-this")).title == "Read that"
    assert effective_revision(get_step(published.pk, "read-this")).title == "Read this"
    assert outline_of(copy.pk).steps_by_key["read-this"].minutes == 9
    assert outline_of(published.pk).steps_by_key["read-this"].minutes == 3
