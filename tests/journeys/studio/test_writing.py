"""Entries that are kept while they are typed, and two designers in one draft."""

import pytest
from django.test import Client
from django.urls import reverse

from journeys.authoring.models import DraftEdit, JourneyVersion, Module, Step
from journeys.publishing.actions import publish_version
from journeys.studio.models import HeldForm
from tests.factories.accounts import MembershipFactory
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Autosave": "1"}


@pytest.fixture
def colleague(designer):
    return MembershipFactory(organization=designer.organization, is_designer=True)


@pytest.fixture
def their_page(colleague):
    client = Client()
    client.force_login(colleague.user)
    return client


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _edits(version):
    return str(JourneyVersion.objects.get(pk=version.pk).edits)


def _module(version, **words):
    row = Module.objects.get(version=version, key="what-got-easier")
    return {"title": row.title, "outcome": row.outcome, "edits": _edits(version), **words}


def _titles(version):
    return list(Module.objects.filter(version=version).order_by("position").values_list("title", flat=True))


def test_entries_are_kept_though_they_are_not_valid_and_are_no_part_of_the_draft(page, draft, their_page):
    url, before = _url("module", draft, "what-got-easier"), _titles(draft)
    edits = _edits(draft)

    kept = page.post(url, _module(draft, title="", outcome="Half a sen"), headers=SCRIPT)
    again = page.get(url)

    assert (kept.status_code, set(kept.json())) == (200, {"saved"})
    assert (again.context["form"]["title"].value(), again.context["form"]["outcome"].value()) == ("", "Half a sen")
    assert "They are not in the draft yet." in again.content.decode()
    assert again.context["problems"] == []
    assert (_titles(draft), _edits(draft), DraftEdit.objects.count()) == (before, edits, 0)
    theirs = their_page.get(url).content.decode()
    assert "is writing here, too" in theirs
    assert "Half a sen" not in theirs


def test_rows_and_rules_that_were_typed_come_back_too(page, draft):
    url = _url("step", draft, "two-briefs")
    typed = {"title": "T", "opens-lines-count": "1", "opens-lines-0-what": "date", "opens-lines-0-on": "2027-05-03"}

    page.post(url, typed | {"edits": _edits(draft)}, headers=SCRIPT)

    assert page.get(url).context["opens"].group.forms[0]["on"].value() == "2027-05-03"


@pytest.mark.parametrize("end", ["save", "discard"])
def test_entries_end_with_saving_or_discarding_them(page, draft, end):
    url = _url("module", draft, "what-got-easier")
    page.post(url, _module(draft, title="Mine"), headers=SCRIPT)

    page.post(url, _module(draft, title="Mine", intent="discard") if end == "discard" else _module(draft, title="Mine"))

    assert HeldForm.objects.count() == 0
    assert ("Mine" in _titles(draft)) == (end == "save")


def test_what_somebody_else_changed_elsewhere_does_not_stand_in_the_way(page, draft, their_page):
    mine = _module(draft, title="Mine")
    their_page.post(_url("act", draft), {"what": "module", "key": "map-the-work", "act": "up", "edits": mine["edits"]})

    answer = page.post(_url("module", draft, "what-got-easier"), mine)

    assert answer.status_code == 302
    assert _titles(draft)[0] == "Mine"
    assert [edit.made_by for edit in DraftEdit.objects.order_by("number")].count(None) == 0


def test_two_designers_in_one_module_see_both_and_nothing_is_lost(page, draft, their_page, colleague):
    url = _url("module", draft, "what-got-easier")
    mine = _module(draft, title="Mine", outcome="Do mine")
    their_page.post(url, _module(draft, title="Theirs", outcome="Do theirs"))

    typing = page.post(url, mine, headers=SCRIPT)
    answer = page.post(url, mine)
    text = answer.content.decode()
    both = page.post(url, mine | {"intent": "both"})

    assert typing.status_code == 409
    assert HeldForm.objects.get().fields["title"] == ["Mine"]
    assert (answer.status_code, both.status_code) == (422, 422)
    assert f"{colleague.user} changed this meanwhile" in text
    assert ("Title", "Theirs") in answer.context["theirs"]
    assert ("You will be able to", "Do theirs") in both.context["theirs"]
    assert answer.context["form"]["title"].value() == "Mine"
    assert _titles(draft)[0] == "Theirs"
    page.post(url, mine | {"edits": str(answer.context["edits"])})
    assert _titles(draft)[0] == "Mine"
    page.post(_url("undo", draft), {"edits": _edits(draft)})
    assert _titles(draft)[0] == "Theirs"


def test_another_row_does_not_hide_that_somebody_else_saved(page, draft, their_page):
    url = _url("module", draft, "what-got-easier")
    mine = _module(draft, title="Mine")
    their_page.post(url, _module(draft, title="Theirs"))

    more = page.post(url, mine | {"opens-lines-count": "0", "opens-lines-add": "1"})
    answer = page.post(url, mine | {"edits": str(more.context["edits"])})

    assert answer.status_code == 422
    assert _titles(draft)[0] == "Theirs"


def test_a_new_step_collides_with_nobody_but_is_not_added_twice(page, draft, their_page):
    url = _url("step-new", draft, "what-got-easier") + "?kind=article"
    new = {
        "title": "Read",
        "minutes": "3",
        "serves": "knows",
        "required": "on",
        "body": "Text.",
        "edits": _edits(draft),
    }
    their_page.post(_url("act", draft), {"what": "module", "key": "map-the-work", "act": "up", "edits": new["edits"]})

    page.post(url, new, headers=SCRIPT)
    kept = page.get(url).context["form"]["title"].value()
    first, second = page.post(url, new), page.post(url, new)

    assert kept == "Read"
    assert (first.status_code, second.status_code) == (302, 422)
    assert Step.objects.filter(version=draft, activity__latest__title="Read").count() == 1
    assert HeldForm.objects.count() == 0


def test_nothing_is_kept_for_a_published_version(page, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)

    answer = page.post(_url("module", draft, "what-got-easier"), _module(draft, title="Mine"), headers=SCRIPT)

    assert answer.status_code == 409
    assert HeldForm.objects.count() == 0
