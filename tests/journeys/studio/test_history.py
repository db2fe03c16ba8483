"""The history in the studio, undo, and several steps at once."""

import pytest
from django.urls import reverse

from journeys.authoring.models import DraftEdit, JourneyVersion, Step
from journeys.authoring.queries import content_of
from journeys.publishing.actions import publish_version
from journeys.publishing.queries import history as history_page
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _edits(version):
    return str(JourneyVersion.objects.get(pk=version.pk).edits)


def _post(page, version, name, **values):
    return page.post(_url(name, version), {"edits": _edits(version), **values}, follow=True)


def _move(page, version, act="down"):
    return _post(page, version, "act", what="module", key="what-got-easier", act=act)


def test_the_history_tells_who_did_what_in_words_and_brings_a_state_back(page, draft, designer):
    before = content_of(draft.pk)
    _move(page, draft)
    _post(page, draft, "several", steps=["two-briefs"], minutes="19", act="change")
    lines = page.get(_url("history", draft)).context["lines"]

    text = page.get(_url("history", draft)).content.decode()
    answer = _post(page, draft, "restore", number=lines[0][0].edit.number - 1)

    assert [words for _line, words in lines] == [
        ["“Two briefs for the same job” takes 19 minutes; until now 7."],
        ["Module “What got easier, what got harder” now comes after “Frame before you solve”."],
    ]
    assert {edit.made_by for edit in DraftEdit.objects.all()} == {designer.user}
    assert str(designer.user) in text
    assert "Module moved" in text
    assert "The draft stands as it did then." in answer.content.decode()
    assert content_of(draft.pk) == before


def test_undo_goes_back_and_again_forth(page, draft):
    before = content_of(draft.pk)
    _move(page, draft)
    after = content_of(draft.pk)

    first = _post(page, draft, "undo")
    undone = content_of(draft.pk)
    _post(page, draft, "undo")

    assert "The last change is undone." in first.content.decode()
    assert (undone, content_of(draft.pk)) == (before, after)


def test_a_page_out_of_date_undoes_nothing_and_says_why(page, draft):
    known = _edits(draft)
    _move(page, draft)
    before = content_of(draft.pk)

    answers = [
        page.post(_url(name, draft), {"edits": known, "number": "1"}, follow=True) for name in ("undo", "restore")
    ]

    assert all("Somebody else changed this draft" in answer.content.decode() for answer in answers)
    assert content_of(draft.pk) == before


@pytest.mark.parametrize("number", ["", "0", "x", "999999", "9" * 30])
def test_a_state_that_never_was_is_told(page, draft, number):
    _move(page, draft)
    before = content_of(draft.pk)

    answer = _post(page, draft, "restore", number=number)

    assert "not kept any more" in answer.content.decode()
    assert content_of(draft.pk) == before


def test_a_published_version_shows_its_history_and_takes_nothing_back(page, draft):
    _move(page, draft)
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    before = content_of(draft.pk)

    text = page.get(_url("history", draft)).content.decode()
    answers = [_post(page, draft, "undo"), _post(page, draft, "restore", number=1)]

    assert "Module moved" in text
    assert "Restore this state" not in text
    assert all("Start a draft" in answer.content.decode() for answer in answers)
    assert content_of(draft.pk) == before


def test_a_long_history_has_pages_that_fit_together(page, draft, monkeypatch):
    monkeypatch.setattr(history_page, "PAGE", 2)
    for act in ("down", "down", "up", "up", "down"):
        _move(page, draft, act)

    url, told, numbers = _url("history", draft), [], []
    while True:
        context = page.get(url).context
        told += [words for _line, words in context["lines"]]
        numbers += [line.after for line, _words in context["lines"]]
        if not context["history"].older:
            break
        url = f"{_url('history', draft)}?older={context['history'].older}"

    every = list(DraftEdit.objects.order_by("-number").values_list("number", flat=True))
    assert numbers == [None, *every[:-1]]
    assert context["history"].beginning == every[-1]
    assert len(told) == 5
    assert all(len(words) == 1 for words in told)


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_asks_a_constant_number_of_queries(page, draft, count, django_assert_num_queries):
    for number in range(count):
        _move(page, draft, "up" if number % 2 else "down")
    page.get(_url("history", draft))

    with django_assert_num_queries(28):
        page.get(_url("history", draft))


def test_several_steps_change_at_once_and_are_one_entry(page, draft):
    keys = list(Step.objects.filter(version=draft, module__key="what-got-easier").values_list("key", flat=True))
    edits = DraftEdit.objects.count()

    answer = _post(page, draft, "several", steps=keys, required="no", module="frame-before-you-solve", act="change")

    assert f"{len(keys)} steps are changed." in answer.content.decode()
    steps = Step.objects.filter(version=draft, key__in=keys)
    assert {(step.module.key, step.required) for step in steps} == {("frame-before-you-solve", False)}
    assert DraftEdit.objects.count() == edits + 1


def test_what_is_refused_for_several_steps_keeps_the_ticks(page, draft):
    before = content_of(draft.pk)

    nothing = _post(page, draft, "several", serves="evidence", act="change")
    bad = _post(page, draft, "several", steps=["two-briefs"], minutes="0", act="change")
    named = _post(page, draft, "several", steps=["felt-easy"], act="remove")

    assert "Choose at least one step." in nothing.content.decode()
    assert nothing.context["form"]["serves"].value() == "evidence"
    assert bad.context["form"].chosen == ["two-briefs"]
    assert [answer.status_code for answer in (nothing, bad, named)] == [422, 422, 422]
    assert content_of(draft.pk) == before


@pytest.mark.parametrize("modules", [1, 3])
def test_the_page_of_several_steps_asks_a_constant_number_of_queries(page, draft, modules, django_assert_num_queries):
    keep = list(draft.modules.order_by("position").values_list("pk", flat=True)[:modules])
    draft.nudge_rules.all().delete()
    draft.modules.exclude(pk__in=keep).delete()
    page.get(_url("several", draft))

    with django_assert_num_queries(16):
        page.get(_url("several", draft))
