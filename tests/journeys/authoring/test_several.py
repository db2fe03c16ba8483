"""Several steps at once: alike, all or none, and with everything that names them."""

import pytest

from journeys.authoring.actions.aims import set_expectations
from journeys.authoring.actions.modules import add_module, update_module
from journeys.authoring.actions.restoring import undo_last
from journeys.authoring.actions.several import StepsChange, change_steps, remove_steps
from journeys.authoring.actions.steps import add_step
from journeys.authoring.errors import InvalidAuthoring, StillNeeded, UnknownStep
from journeys.authoring.queries import content_of
from journeys.authoring.rules.content import Why
from journeys.publishing.queries import check_content
from tests.journeys.authoring.drafts import NOW, make_draft, pointers

pytestmark = pytest.mark.django_db

WHO = {"author_id": None, "now": NOW}
BOTH = ["read-this", "try-it"]


def _change(draft, keys, **change):
    return change_steps(version_id=draft.version.pk, keys=keys, change=StepsChange(**change), **WHO)


def _steps(draft):
    return {step.key: step for step in content_of(draft.version.pk).steps}


def test_what_is_chosen_changes_for_all_and_the_rest_stays():
    draft = make_draft()
    before = _steps(draft)

    _change(draft, BOTH, minutes=7, serves="evidence", required=False, topic="communication")

    after = _steps(draft)
    assert {(s.minutes, s.serves, s.required, s.topic) for s in after.values()} == {
        (7, "evidence", False, "communication")
    }
    assert [(s.title, s.opens, s.spec, s.body) for s in after.values()] == [
        (s.title, s.opens, s.spec, s.body) for s in before.values()
    ]


def test_a_rule_is_copied_and_taken_away():
    draft = make_draft()
    last = add_step(
        module_id=draft.module.pk, kind="article", title="Last", minutes=3, serves="knows", body="Text.",
        due={"from": "opens", "days": 3, "at": "18:00"}, **WHO,
    )  # fmt: skip

    _change(draft, BOTH, due_as=last.key)
    copied = _steps(draft)
    _change(draft, ["try-it"], due_as="", opens_as="")

    assert copied["read-this"].due == copied["try-it"].due == {"from": "opens", "days": 3, "at": "18:00"}
    assert (_steps(draft)["try-it"].due, _steps(draft)["try-it"].opens) == (None, None)


def test_a_rule_by_which_a_step_would_wait_for_itself_is_refused():
    draft = make_draft()
    before = content_of(draft.version.pk)

    with pytest.raises(InvalidAuthoring) as refusal:
        _change(draft, BOTH, opens_as="try-it")

    assert pointers(refusal) == ["/opens_as"]
    assert "“Read this” would wait for itself" in str(refusal.value.faults[0].detail)
    assert content_of(draft.version.pk) == before


def test_what_moves_to_another_module_is_named_there_by_everything_that_names_it():
    draft = make_draft()
    add_step(
        module_id=draft.module.pk, kind="reflection", title="Look back", minutes=3, serves="reflects",
        spec={"prompt": "What happened?", "after": "first-week/try-it", "quote": "practice"}, **WHO,
    )  # fmt: skip
    second = add_module(version_id=draft.version.pk, title="Second week", outcome="Ask again.")
    update_module(
        module_id=second.pk, title="Second week", outcome="Ask again.", skills=[], why=Why(),
        opens={"completed": "first-week/read-this"}, due={"from": "completed:first-week/try-it", "days": 2},
    )  # fmt: skip
    expected = {"step": "first-week/try-it", "opens": "2027-03-01 09:00"}
    set_expectations(
        version_id=draft.version.pk, expectations=[{"start": "2027-03-01", "zone": "UTC", "expect": expected}]
    )
    before = content_of(draft.version.pk)

    _change(draft, BOTH, module="second-week")

    content = content_of(draft.version.pk)
    steps = _steps(draft)
    assert [[step.key for step in module.steps] for module in content.modules] == [["look-back"], BOTH]
    assert content.modules[1].opens == {"completed": "second-week/read-this"}
    assert content.modules[1].due["from"] == "completed:second-week/try-it"
    assert steps["try-it"].opens == {"completed": "second-week/read-this"}
    assert steps["look-back"].spec["after"] == "second-week/try-it"
    assert content.nudges[0].unless == ({"completed": "second-week/try-it"},)
    assert content.expectations[0]["expect"]["step"] == "second-week/try-it"
    assert not [f for f in check_content(content) if "first-week/" in f.detail]
    undo_last(version_id=draft.version.pk, **WHO)
    assert content_of(draft.version.pk) == before


def test_steps_that_name_each_other_go_together_and_not_alone():
    draft = make_draft()

    with pytest.raises(StillNeeded, match="Try it"):
        remove_steps(version_id=draft.version.pk, keys=["read-this"])
    draft.nudge.delete()
    assert remove_steps(version_id=draft.version.pk, keys=BOTH) == 2

    assert _steps(draft) == {}


@pytest.mark.parametrize(
    ("keys", "change", "refusal"),
    [
        ([], {"minutes": 3}, InvalidAuthoring),
        (["read-this", "gone"], {"minutes": 3}, UnknownStep),
        (BOTH, {"minutes": 0}, InvalidAuthoring),
        (BOTH, {"serves": "nothing"}, InvalidAuthoring),
        (BOTH, {"module": "gone"}, InvalidAuthoring),
        (BOTH, {"due_as": "gone"}, InvalidAuthoring),
    ],
)
def test_what_cannot_be_changed_changes_nothing(keys, change, refusal):
    draft = make_draft()
    before, edits = content_of(draft.version.pk), draft.edits

    with pytest.raises(refusal):
        _change(draft, keys, **change)

    assert (content_of(draft.version.pk), draft.edits) == (before, edits)
