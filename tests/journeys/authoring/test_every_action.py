"""What holds for every act on a draft: a published version refuses it, and a draft that somebody else changed too."""

import importlib
import inspect
import pkgutil
from typing import Any

import pytest

from journeys.authoring import actions
from journeys.authoring.actions.aims import set_events, set_expectations, set_version_indicators, set_version_skills
from journeys.authoring.actions.journeys import discard_draft, update_version
from journeys.authoring.actions.modules import (
    NO_WHY,
    add_module,
    delete_module,
    duplicate_module,
    move_module,
    update_module,
)
from journeys.authoring.actions.nudge_rules import (
    add_nudge_rule,
    delete_nudge_rule,
    duplicate_nudge_rule,
    move_nudge_rule,
    update_nudge_rule,
)
from journeys.authoring.actions.restoring import restore_state, undo_last
from journeys.authoring.actions.several import StepsChange, change_steps, remove_steps
from journeys.authoring.actions.steps import (
    add_step,
    add_step_from_library,
    delete_step,
    duplicate_step,
    move_step,
    revise_step,
    update_step,
)
from journeys.authoring.errors import EditedMeanwhile, VersionFrozen
from journeys.authoring.models import Act, DraftEdit, JourneyVersion
from journeys.authoring.queries import content_of
from journeys.authoring.rules.content import EventContent
from journeys.publishing.actions import publish_version
from tests.journeys.authoring.drafts import NOW, make_draft

pytestmark = pytest.mark.django_db

WHO = {"author_id": None, "now": NOW}
WORDS: dict[str, Any] = {"title": "New", "minutes": 4, "topic": "", "body": "New text.", "spec": {}, **WHO}
NUDGE = {
    "category": "practice",
    "trigger": {"event": "weekly", "weekday": "mon", "at": "09:00"},
    "wait": None,
    "unless": [],
    "channels": ["email"],
    "texts": ["New."],
}
ACTS = {
    update_version: lambda d: {
        "version_id": d.version.pk, "title": "New", "summary": "", "language": "en", "license": "", "weeks": 3
    },
    discard_draft: lambda d: {"version_id": d.version.pk},
    set_version_skills: lambda d: {"version_id": d.version.pk, "skills": []},
    set_version_indicators: lambda d: {"version_id": d.version.pk, "indicator_ids": []},
    set_events: lambda d: {"version_id": d.version.pk, "events": [EventContent("town-hall", "Town hall")]},
    set_expectations: lambda d: {"version_id": d.version.pk, "expectations": []},
    add_module: lambda d: {"version_id": d.version.pk, "title": "New", "outcome": "New."},
    update_module: lambda d: {
        "module_id": d.module.pk, "title": "New", "outcome": "New.", "skills": [], "why": NO_WHY,
        "opens": None, "due": None,
    },
    move_module: lambda d: {"module_id": d.module.pk, "to": "up"},
    duplicate_module: lambda d: {"module_id": d.module.pk, **WHO},
    delete_module: lambda d: {"module_id": d.module.pk},
    add_step: lambda d: {"module_id": d.module.pk, "kind": "article", "serves": "knows", **WORDS},
    add_step_from_library: lambda d: {
        "module_id": d.module.pk, "activity_id": d.read.activity_id, "serves": "knows", "key": "again"
    },
    update_step: lambda d: {"step_id": d.read.pk, "serves": "evidence", "required": False, "opens": None, "due": None},
    revise_step: lambda d: {"step_id": d.read.pk, **WORDS},
    move_step: lambda d: {"step_id": d.read.pk, "to": "down"},
    duplicate_step: lambda d: {"step_id": d.read.pk, **WHO},
    delete_step: lambda d: {"step_id": d.practice.pk},
    add_nudge_rule: lambda d: {"version_id": d.version.pk, "key": "new", **NUDGE},
    update_nudge_rule: lambda d: {"nudge_rule_id": d.nudge.pk, **NUDGE},
    move_nudge_rule: lambda d: {"nudge_rule_id": d.nudge.pk, "to": 1},
    duplicate_nudge_rule: lambda d: {"nudge_rule_id": d.nudge.pk},
    delete_nudge_rule: lambda d: {"nudge_rule_id": d.nudge.pk},
    change_steps: lambda d: {
        "version_id": d.version.pk, "keys": ["read-this"], "change": StepsChange(minutes=9, serves="evidence"), **WHO
    },
    remove_steps: lambda d: {"version_id": d.version.pk, "keys": ["try-it"]},
    restore_state: lambda d: {"version_id": d.version.pk, "number": d.edits, **WHO},
    undo_last: lambda d: {"version_id": d.version.pk, **WHO},
}  # fmt: skip
NAMES = [act.__name__ for act in ACTS]
# These begin something or serve other actions; each has tests of its own.
BEGINNINGS = {"create_journey", "start_draft", "new_draft", "claim_draft", "fill_version", "empty_version"}


def _act(name: str):
    return next(act for act in ACTS if act.__name__ == name)


def test_every_act_on_a_draft_is_in_the_table():
    found = set()
    for module in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == module.name and "expected_edits" in inspect.signature(function).parameters:
                found.add(name)

    assert found - BEGINNINGS == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_published_version_refuses(name):
    draft = make_draft()
    publish_version(version_id=draft.version.pk, actor_id=None, now=NOW)
    before = content_of(draft.version.pk)

    with pytest.raises(VersionFrozen):
        _act(name)(**ACTS[_act(name)](draft))

    assert content_of(draft.version.pk) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_that_somebody_else_changed_refuses(name):
    draft = make_draft()
    seen = draft.edits
    update_version(**ACTS[update_version](draft))
    before = content_of(draft.version.pk)

    with pytest.raises(EditedMeanwhile):
        _act(name)(**ACTS[_act(name)](draft), expected_edits=seen)

    assert content_of(draft.version.pk) == before


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("discard_draft", "delete_module")])
def test_an_act_counts_as_one_edit(name):
    draft = make_draft()
    if name in ("delete_step", "remove_steps"):
        delete_nudge_rule(nudge_rule_id=draft.nudge.pk)
    seen = draft.edits

    _act(name)(**ACTS[_act(name)](draft), expected_edits=seen)

    assert JourneyVersion.objects.get(pk=draft.version.pk).edits == seen + 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "discard_draft"])
def test_an_act_is_one_entry_of_the_history_and_can_be_taken_back(name):
    draft = make_draft()
    if name in ("delete_step", "delete_module", "remove_steps"):
        delete_nudge_rule(nudge_rule_id=draft.nudge.pk)
    before, known = content_of(draft.version.pk), draft.edits

    _act(name)(**ACTS[_act(name)](draft))
    restore_state(version_id=draft.version.pk, number=DraftEdit.objects.latest("id").number, **WHO)

    act, back = DraftEdit.objects.filter(version=draft.version, number__gt=known).order_by("number")
    assert act.act in set(Act)
    assert back.act == Act.RESTORED
    assert content_of(draft.version.pk) == before
