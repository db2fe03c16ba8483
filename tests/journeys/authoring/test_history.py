"""The history of a draft: what it keeps, how an earlier state comes back, and what stays out of its reach."""

import pytest

from content.activities.actions import revise_activity
from content.skills.models import BehaviorIndicator
from journeys.authoring.actions import history
from journeys.authoring.actions.aims import set_version_indicators, set_version_skills
from journeys.authoring.actions.history import editing
from journeys.authoring.actions.journeys import update_version
from journeys.authoring.actions.modules import Aim, add_module, move_module
from journeys.authoring.actions.restoring import restore_state, undo_last
from journeys.authoring.actions.steps import add_step_from_library, delete_step, move_step, revise_step, update_step
from journeys.authoring.errors import EditedMeanwhile, InvalidAuthoring, KeyTaken, NothingToUndo, StateGone
from journeys.authoring.models import Act, DraftEdit, Module, Step
from journeys.authoring.queries import content_of
from tests.factories.accounts import UserFactory
from tests.factories.content import BehaviorIndicatorFactory, SkillFactory
from tests.journeys.authoring.drafts import NOW, add_article, make_draft

pytestmark = pytest.mark.django_db

WHO = {"author_id": None, "now": NOW}


def _undo(draft, **more):
    return undo_last(version_id=draft.version.pk, **WHO, **more)


def _edits(draft):
    return list(DraftEdit.objects.filter(version=draft.version).order_by("number"))


def _reword(step, title):
    revise_step(step_id=step.pk, title=title, minutes=3, topic="", body="Other text.", spec={}, **WHO)


def test_undoing_an_undo_brings_the_change_again():
    draft = make_draft()
    first = content_of(draft.version.pk)
    move_step(step_id=draft.read.pk, to="down")
    second = content_of(draft.version.pk)

    _undo(draft)
    undone = content_of(draft.version.pk)
    _undo(draft)

    assert (undone, content_of(draft.version.pk)) == (first, second)
    assert first != second


def test_an_edit_that_changed_nothing_is_no_place_for_an_undo_to_stop():
    draft = make_draft()
    first = content_of(draft.version.pk)
    move_step(step_id=draft.read.pk, to="down")
    move_step(step_id=draft.read.pk, to="down")

    _undo(draft)

    assert content_of(draft.version.pk) == first


def test_a_draft_without_edits_has_nothing_to_undo():
    draft = make_draft()
    DraftEdit.objects.all().delete()

    with pytest.raises(NothingToUndo):
        _undo(draft)
    assert _edits(draft) == []


def test_every_state_of_the_list_comes_back_and_nothing_is_lost_by_it():
    draft = make_draft()
    contents = {}
    for act in (
        lambda: move_step(step_id=draft.read.pk, to="down"),
        lambda: add_module(version_id=draft.version.pk, title="Second week", outcome="Ask again."),
        lambda: update_step(step_id=draft.read.pk, serves="evidence", required=False, opens=None, due=None),
        lambda: update_version(
            version_id=draft.version.pk, title="T", summary="S", language="ar", license="L", weeks=3
        ),
    ):
        before = content_of(draft.version.pk)
        act()
        contents[draft.edits] = before
    last = content_of(draft.version.pk)

    for number, content in contents.items():
        restore_state(version_id=draft.version.pk, number=number, **WHO)
        assert content_of(draft.version.pk) == content
    restore_state(version_id=draft.version.pk, number=max(contents) + 1, **WHO)

    assert content_of(draft.version.pk) == last


def test_what_a_draft_aims_at_comes_back():
    draft = make_draft()
    organization = draft.version.journey.organization
    skill = SkillFactory(framework__organization=organization)
    indicator = BehaviorIndicatorFactory(organization=organization, skill=skill)
    set_version_skills(version_id=draft.version.pk, skills=[Aim(skill.pk, 2)])
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[indicator.pk])
    before = content_of(draft.version.pk)
    number = draft.edits + 1
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[])
    set_version_skills(version_id=draft.version.pk, skills=[])

    restore_state(version_id=draft.version.pk, number=number, **WHO)

    assert content_of(draft.version.pk) == before
    assert [aim.skill for aim in before.skills] == [skill.key]


def test_earlier_words_of_a_step_come_back_as_a_new_revision():
    draft = make_draft()
    before = content_of(draft.version.pk)
    _reword(draft.read, "Read that")

    _undo(draft)

    step = Step.objects.get(version=draft.version, key="read-this")
    assert content_of(draft.version.pk) == before
    assert list(step.activity.revisions.order_by("number").values_list("number", "title")) == [
        (1, "Read this"),
        (2, "Read that"),
        (3, "Read this"),
    ]


def test_words_that_another_draft_shows_stay_and_are_told():
    draft = make_draft()
    organization = draft.version.journey.organization
    other = make_draft(organization, title="Another")
    add_step_from_library(module_id=other.module.pk, activity_id=draft.read.activity_id, serves="knows", key="theirs")
    _reword(draft.read, "Read that")
    shown = content_of(other.version.pk)

    restored = _undo(draft)

    assert restored.kept == ("Read this",)
    assert content_of(other.version.pk) == shown


def test_a_key_that_an_undo_took_away_is_never_given_again():
    draft = make_draft()
    add_article(draft.module, "Ask twice")
    number = draft.edits + 1
    _undo(draft)

    again = add_article(Module.objects.get(version=draft.version), "Ask twice")
    restored = restore_state(version_id=draft.version.pk, number=number, **WHO).version

    assert again.key != "ask-twice"
    assert "ask-twice" in set(restored.steps.values_list("key", flat=True))


def test_a_key_that_was_removed_cannot_be_chosen_again():
    draft = make_draft()
    from_library = {"module_id": draft.module.pk, "activity_id": draft.read.activity_id, "serves": "knows"}
    step = add_step_from_library(**from_library, key="again")
    delete_step(step_id=step.pk)

    with pytest.raises(KeyTaken):
        add_step_from_library(**from_library, key="again")


def test_one_click_is_one_entry_with_its_author():
    draft = make_draft()
    author = UserFactory()
    known = draft.edits

    with editing(by=author.pk, now=NOW):
        update_step(step_id=draft.read.pk, serves="evidence", required=True, opens=None, due=None)
        _reword(draft.read, "Read that")

    [edit] = DraftEdit.objects.filter(version=draft.version, number__gt=known)
    assert (edit.act, edit.made_by, edit.made_at) == (Act.STEP_CHANGED, author, NOW)
    before = content_of(draft.version.pk)
    _undo(draft)
    assert content_of(draft.version.pk) != before
    assert Step.objects.get(version=draft.version, key="read-this").serves == "knows"


def test_a_refused_act_leaves_no_entry_and_the_next_one_of_the_click_does():
    draft = make_draft()
    known = draft.edits

    with editing(by=None, now=NOW):
        with pytest.raises(InvalidAuthoring):
            update_step(step_id=draft.read.pk, serves="nothing", required=True, opens=None, due=None)
        assert draft.edits == known
        move_step(step_id=draft.read.pk, to="down")

    assert [edit.act for edit in _edits(draft) if edit.number > known] == [Act.STEP_MOVED]


def test_old_states_are_not_kept_but_who_did_what_is(monkeypatch):
    monkeypatch.setattr(history, "KEPT_EDITS", 3)
    draft = make_draft()
    for to in ("down", "up", "down", "up"):
        move_step(step_id=draft.read.pk, to=to)

    edits = _edits(draft)
    with pytest.raises(StateGone):
        restore_state(version_id=draft.version.pk, number=edits[-4].number, **WHO)

    assert [edit.before is not None for edit in edits] == [False] * (len(edits) - 3) + [True] * 3
    assert {edit.act for edit in edits} >= {Act.STEP_ADDED, Act.STEP_MOVED}


def test_a_state_that_names_what_was_deleted_is_refused_and_nothing_changes():
    draft = make_draft()
    indicator = BehaviorIndicatorFactory(organization=draft.version.journey.organization)
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[indicator.pk])
    set_version_indicators(version_id=draft.version.pk, indicator_ids=[])
    BehaviorIndicator.objects.filter(pk=indicator.pk).delete()
    before = content_of(draft.version.pk)

    with pytest.raises(StateGone, match="deleted since"):
        _undo(draft)

    assert content_of(draft.version.pk) == before


def test_an_undo_from_a_page_that_is_out_of_date_is_refused():
    draft = make_draft()
    seen = draft.edits
    move_step(step_id=draft.read.pk, to="down")
    before = content_of(draft.version.pk)

    with pytest.raises(EditedMeanwhile):
        _undo(draft, expected_edits=seen)

    assert content_of(draft.version.pk) == before


def test_states_of_another_draft_cannot_be_brought_into_this_one():
    draft, other = make_draft(), make_draft()
    for _ in range(5):
        move_module(module_id=other.module.pk, to=1)

    with pytest.raises(StateGone):
        restore_state(version_id=draft.version.pk, number=other.edits, **WHO)


def test_words_written_in_the_library_meanwhile_are_part_of_the_next_state():
    draft = make_draft()
    revise_activity(activity_id=draft.read.activity_id, title="Mended", minutes=3, body="Some text.", spec={}, **WHO)
    move_step(step_id=draft.read.pk, to="down")

    _undo(draft)

    titles = [step.title for step in content_of(draft.version.pk).steps]
    assert titles == ["Mended", "Try it"]


@pytest.mark.parametrize("modules", [1, 3])
def test_an_edit_costs_the_same_however_large_the_draft_is(modules, django_assert_num_queries):
    draft = make_draft()
    for number in range(1, modules):
        module = add_module(version_id=draft.version.pk, title=f"Week {number}", outcome="Ask.")
        add_article(module, f"Read {number}")
    values = {"title": "T", "summary": "", "language": "en", "license": "", "weeks": 3}
    update_version(version_id=draft.version.pk, **values)

    # SAVEPOINT and RELEASE, claim, read, 8 of the history, save.
    with django_assert_num_queries(13):
        update_version(version_id=draft.version.pk, **values)
