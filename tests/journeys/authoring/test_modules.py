"""Modules and messages of a draft."""

import pytest

from content.skills.models import Skill
from journeys.authoring.actions.aims import set_events
from journeys.authoring.actions.journeys import discard_draft, start_draft
from journeys.authoring.actions.modules import (
    NO_WHY,
    Aim,
    add_module,
    delete_module,
    move_module,
    update_module,
)
from journeys.authoring.actions.nudge_rules import add_nudge_rule, delete_nudge_rule, update_nudge_rule
from journeys.authoring.actions.steps import (
    delete_step,
    move_step,
)
from journeys.authoring.errors import (
    InvalidAuthoring,
    KeyTaken,
    StillNeeded,
    UnknownStep,
    UnknownVersion,
)
from journeys.authoring.models import Module, NudgeRule, Step
from journeys.authoring.queries import content_of
from journeys.authoring.rules.content import EventContent, Why
from journeys.publishing.actions import publish_version
from tests.journeys.authoring.drafts import NOW, add_article, make_draft, pointers

pytestmark = pytest.mark.django_db


def test_a_module_that_cannot_be_kept_tells_every_fault():
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        add_module(
            version_id=draft.version.pk,
            title="",
            outcome="x" * 301,
            opens={"completed": "first-week/nowhere"},
            due={"from": "opens"},
            skills=[Aim(10**9), Aim(Skill.objects.get(key="communication").pk, 4)],
        )

    assert pointers(refusal) == ["/title", "/outcome", "/opens/completed", "/due", "/skills/0", "/skills/1/weight"]
    assert len(content_of(draft.version.pk).modules) == 1
    # One for each part of the small draft: a refused act counts none.
    assert draft.edits == 4


def test_rules_are_kept_in_their_canonical_form():
    draft = make_draft()

    module = add_module(
        version_id=draft.version.pk,
        title="Second",
        outcome="Ask again.",
        opens={"at": "09:00", "working_days": 5, "from": "module-opened:first-week"},
    )

    assert list(module.opens or ()) == ["from", "working_days", "at"]


def test_a_module_may_wait_for_its_own_release():
    draft = make_draft()

    module = add_module(
        version_id=draft.version.pk,
        title="Second",
        outcome="Ask again.",
        opens={"any": [{"released": "second"}, {"completed": "first-week"}]},
    )

    assert module.key == "second"


def test_updating_a_module_replaces_it_whole():
    draft = make_draft()
    skill = Skill.objects.get(key="communication")
    update_module(
        module_id=draft.module.pk,
        title="First",
        outcome="Ask two.",
        skills=[Aim(skill.pk, 2)],
        why=NO_WHY,
        opens={"from": "start", "days": 0},
        due=None,
    )

    (module,) = content_of(draft.version.pk).modules

    assert (module.key, module.title, module.outcome) == ("first-week", "First", "Ask two.")
    assert [(aim.skill, aim.weight) for aim in module.skills] == [("communication", 2)]
    assert module.opens == {"from": "start", "days": 0}


def test_modules_move_and_are_numbered_with_gaps():
    draft = make_draft()
    second = add_module(version_id=draft.version.pk, title="Second", outcome="Ask.")
    third = add_module(version_id=draft.version.pk, title="Third", outcome="Ask.")

    move_module(module_id=third.pk, to=1)
    move_module(module_id=second.pk, to="up")

    rows = Module.objects.order_by("position").values_list("key", "position")
    assert list(rows) == [("third", 10), ("second", 20), ("first-week", 30)]


def test_a_module_that_rules_name_stays():
    draft = make_draft()
    add_module(version_id=draft.version.pk, title="Second", outcome="Ask.", opens={"completed": "first-week"})

    with pytest.raises(StillNeeded) as refusal:
        delete_module(module_id=draft.module.pk)

    assert str(refusal.value) == "Module “Second”, Nudge “Try it today.” depend on it. Change that first."
    assert Module.objects.count() == 2


def test_a_module_that_only_names_itself_goes():
    draft = make_draft()
    delete_nudge_rule(nudge_rule_id=draft.nudge.pk)

    delete_module(module_id=draft.module.pk)

    assert content_of(draft.version.pk).modules == ()


def test_a_key_of_an_earlier_version_is_never_given_again():
    draft = make_draft()
    publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    copy = start_draft(journey_id=draft.version.journey_id, author_id=None, now=NOW)
    delete_nudge_rule(nudge_rule_id=NudgeRule.objects.get(version=copy).pk)
    module = Module.objects.get(version=copy)
    delete_step(step_id=Step.objects.get(version=copy, key="try-it").pk)

    with pytest.raises(KeyTaken):
        add_article(module, "Anything", key="try-it")
    with pytest.raises(KeyTaken):
        add_module(version_id=copy.pk, title="New", outcome="New.", key="first-week")
    with pytest.raises(KeyTaken):
        add_nudge_rule(
            version_id=copy.pk,
            category="practice",
            trigger={"event": "weekly", "weekday": "mon", "at": "09:00"},
            channels=["email"],
            texts=["New."],
            key="try-today",
        )

    assert add_article(module, "Try it").key == "try-it-2"


def test_a_message_that_cannot_be_kept_tells_every_fault():
    draft = make_draft()

    with pytest.raises(InvalidAuthoring) as refusal:
        update_nudge_rule(
            nudge_rule_id=draft.nudge.pk,
            category="spam",
            trigger={"event": "weekly", "weekday": "mon", "at": "09:00"},
            wait={"days": 1},
            unless=[{"completed": "first-week/nowhere"}],
            channels=["sms"],
            texts=[" "],
        )

    assert pointers(refusal) == ["/category", "/unless/0/completed", "/channels/0", "/texts", "/wait"]
    assert content_of(draft.version.pk).nudges[0].category == "practice"


def test_what_was_removed_meanwhile_is_told():
    with pytest.raises(UnknownStep):
        move_step(step_id=10**9, to="up")
    with pytest.raises(UnknownStep):
        move_module(module_id=10**9, to="up")
    with pytest.raises(UnknownStep):
        delete_nudge_rule(nudge_rule_id=10**9)
    with pytest.raises(UnknownVersion):
        discard_draft(version_id=10**9)


def test_a_rule_waits_for_an_event_that_the_version_names_and_for_no_other():
    draft = make_draft()
    set_events(version_id=draft.version.pk, events=[EventContent("town-hall", "Town hall")])
    module = {"module_id": draft.module.pk, "title": "T", "outcome": "O.", "skills": [], "why": Why(), "due": None}

    update_module(**module, opens={"event": "town-hall"})
    with pytest.raises(InvalidAuthoring):
        update_module(**module, opens={"event": "launch"})

    draft.module.refresh_from_db()
    assert draft.module.opens == {"event": "town-hall"}
