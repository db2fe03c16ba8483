"""What makes authoring quick: faults with their place, the next step, the focus, the way to what must be mended."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from content.kinds.registry import KINDS
from journeys.authoring.models import JourneyVersion, Step
from journeys.authoring.queries.content import content_of
from journeys.publishing.actions import publish_version
from journeys.studio.forms.outline import SERVES
from journeys.studio.views.access import references
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db
QUIZ = {
    "title": "From memory",
    "minutes": "4",
    "serves": "knows",
    "required": "on",
    "spec-questions-count": "1",
    "spec-questions-0-prompt": "What did you see?",
    "spec-questions-0-choices-count": "2",
    "spec-questions-0-choices-0-text": "A fact",
    "spec-questions-0-choices-0-correct": "on",
    "spec-questions-0-choices-0-because": "A camera shows it.",
    "spec-questions-0-choices-1-text": "A verdict",
    "spec-questions-0-choices-1-because": "No camera shows it.",
    "opens-lines-count": "0",
    "due-lines-count": "0",
}


def _url(name, version, *keys):
    return reverse(f"studio-{name}", args=[version.uuid, *keys])


def _edits(version):
    return str(JourneyVersion.objects.get(pk=version.pk).edits)


def _soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def _new(version, kind):
    return _url("step-new", version, "what-got-easier") + f"?kind={kind}"


def test_a_quiz_without_keys_is_saved_with_keys_from_its_words(page, draft):
    answer = page.post(_new(draft, "quiz"), QUIZ | {"edits": _edits(draft)})

    step = Step.objects.get(version=draft, key="from-memory")
    assert answer.url == _url("step", draft, "from-memory")
    assert [question["key"] for question in step.activity.latest.spec["questions"]] == ["what-did-you-see"]


def test_save_and_add_the_next_step_goes_on_in_the_same_module(page, draft):
    answer = page.post(_new(draft, "quiz"), QUIZ | {"edits": _edits(draft), "next": "1"})
    again = page.post(_url("step", draft, "from-memory"), QUIZ | {"edits": _edits(draft), "next": "1"})

    assert answer.url == again.url == _url("step-new", draft, "what-got-easier")


def test_another_row_loses_nothing_and_judges_nothing(page, draft):
    sent = QUIZ | {"title": "", "spec-questions-0-choices-0-text": "", "spec-questions-0-choices-add": "1"}
    answer = page.post(_new(draft, "quiz"), sent | {"edits": _edits(draft)})

    soup = _soup(answer)
    assert answer.status_code == 200
    assert soup.select("main .err") == []
    assert soup.find(attrs={"name": "spec-questions-0-choices-count"})["value"] == "3"
    assert soup.find(attrs={"name": "spec-questions-0-choices-1-text"}).get_text(strip=True) == "A verdict"
    assert not Step.objects.filter(version=draft, key="from-memory").exists()


def test_each_fault_names_its_field_and_leads_to_it(page, draft):
    sent = QUIZ | {"title": "", "spec-questions-0-choices-1-because": ""}
    soup = _soup(page.post(_new(draft, "quiz"), sent | {"edits": _edits(draft)}))

    links = {link["href"]: link.get_text() for link in soup.select("[aria-labelledby=summary] a")}
    assert list(links) == ["#id_title", "#id_spec-questions-0-choices-1-because"]
    assert links["#id_title"].startswith("Title: ")
    assert links["#id_spec-questions-0-choices-1-because"].startswith("Question 1, Choice 2, Because: ")
    assert all(soup.find(id=href.removeprefix("#")) for href in links)


def test_what_must_be_filled_is_marked(page, draft):
    soup = _soup(page.get(_new(draft, "quiz")))

    marked = {name: "(required)" in soup.find("label", attrs={"for": f"id_{name}"}).get_text() for name in MARKED}
    assert marked == MARKED


MARKED = {"title": True, "minutes": True, "topic": False, "spec-questions-0-prompt": True, "spec-pass_ratio": False}


def test_each_kind_and_each_purpose_is_explained_where_it_is_chosen(page, draft):
    kinds = _soup(page.get(_url("step-new", draft, "what-got-easier"))).find("main").get_text()
    step = _soup(page.get(_new(draft, "article")))

    assert [key for key, kind in KINDS.items() if str(kind.about) not in kinds] == []
    assert [option.get_text() for option in step.select("[name=serves] option")] == [str(words) for _, words in SERVES]


def test_a_line_is_turned_around_in_plain_words_and_a_kept_rule_is_read_out(page, draft):
    text = _soup(page.get(_url("module", draft, "frame-before-you-solve"))).find("main").get_text()

    assert "is not so" not in text
    assert "as long as it has not happened" in text
    assert "Now: 5 working days after Module 1 opens, at 09:00." in text


def test_steps_to_choose_from_are_numbered_as_in_the_outline(draft):
    names = dict(references(content_of(draft.pk)))

    assert names["what-got-easier/two-briefs"] == "1.3 Two briefs for the same job"


def test_a_reflection_is_offered_only_what_comes_before_it(page, draft):
    content = content_of(draft.pk)
    steps = list(content.steps)
    place, known = next((n, step) for n, step in enumerate(steps) if step.kind == "reflection")

    soup = _soup(page.get(_url("step", draft, known.key)))

    offered = [option["value"] for option in soup.select("[name=spec-after] option")]
    assert offered == ["", *(step.reference for step in steps[:place])]
    itself = page.post(_url("step", draft, known.key), {"spec-after": known.reference, "edits": _edits(draft)})
    assert "id_spec-after" in [problem.anchor for problem in itself.context["problems"]]


def test_a_reflection_that_came_to_stand_too_early_keeps_what_it_follows_and_says_so(page, draft):
    known = next(step for step in content_of(draft.pk).steps if step.kind == "reflection")
    row = Step.objects.get(version=draft, key=known.key)
    page.post(
        _url("act", draft), {"what": "step", "key": known.key, "act": "place", "place": "1", "edits": _edits(draft)}
    )

    option = _soup(page.get(_url("step", draft, known.key))).select_one("[name=spec-after] option[selected]")

    assert option["value"] == row.activity.latest.spec["after"]
    assert "does not come before this step" in option.get_text()


def test_after_a_move_the_focus_stays_with_the_step_in_its_module(page, draft):
    sent = {"what": "step", "key": "where-you-start", "act": "up", "edits": _edits(draft)}

    answer = page.post(_url("act", draft), sent, follow=True)

    soup = _soup(answer)
    assert answer.redirect_chain[0][0].startswith(_url("module", draft, "what-got-easier"))
    focused = [control["aria-label"] for control in soup.select("[autofocus]")]
    # It stands first now and can only go down.
    assert focused == ["Move down: Where you start"]


@pytest.mark.parametrize("place", ["", "second", "²"])
def test_a_position_that_is_no_number_is_told(page, draft, place):
    sent = {"what": "step", "key": "two-briefs", "act": "place", "place": place, "edits": _edits(draft)}

    answer = page.post(_url("act", draft), sent, follow=True)

    assert "Write the position as a number" in answer.content.decode()


def test_after_a_module_is_moved_or_copied_the_focus_stays_with_it(page, draft):
    sent = {"what": "module", "key": "frame-before-you-solve", "edits": _edits(draft)}
    moved = page.post(_url("act", draft), sent | {"act": "down"}, follow=True)
    copied = page.post(_url("act", draft), sent | {"act": "duplicate", "edits": _edits(draft)}, follow=True)

    assert [one["aria-label"] for one in _soup(moved).select("[autofocus]")] == ["Move down: Frame before you solve"]
    keys = [row["data-key"] for row in _soup(copied).select("tr[data-key]") if row.select("[autofocus]")]
    assert keys == ["frame-before-you-solve-2"]


def test_a_removed_step_comes_back_from_the_library(page, draft):
    page.post(_url("act", draft), {"what": "step", "key": "two-briefs", "act": "delete", "edits": _edits(draft)})
    assert not Step.objects.filter(version=draft, key="two-briefs").exists()

    url = _url("step-library", draft, "what-got-easier")
    found = _soup(page.get(url, {"q": "briefs same", "kind": "model_pair"}))
    [activity] = [one["value"] for one in found.select("[name=activity]")]
    answer = page.post(url, {"activity": activity, "edits": _edits(draft)})

    step = Step.objects.get(version=draft, activity__uuid=activity)
    assert step.activity.latest.title == "Two briefs for the same job"
    assert answer.url == _url("step", draft, step.key)
    assert step.module.key == "what-got-easier"


def test_what_others_still_name_is_not_removed_and_the_page_says_who(page, draft):
    sent = {"what": "step", "key": "felt-easy", "act": "delete", "edits": _edits(draft)}

    answer = page.post(_url("act", draft), sent, follow=True)

    assert Step.objects.filter(version=draft, key="felt-easy").exists()
    assert answer.redirect_chain[0][0].startswith(_url("module", draft, "what-got-easier"))
    assert "on it. Change that first." in answer.content.decode()


@pytest.mark.parametrize("activity", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_in_the_library_cannot_be_added(page, draft, activity):
    before = Step.objects.filter(version=draft).count()

    page.post(_url("step-library", draft, "what-got-easier"), {"activity": activity, "edits": _edits(draft)})

    assert Step.objects.filter(version=draft).count() == before


def test_findings_name_things_by_title_and_lead_to_where_they_are_mended(page, draft):
    draft.indicators.all().delete()
    module = draft.modules.get(key="what-got-easier")
    module.why_capability = ""
    module.save(update_fields=["why_capability"])
    page.post(
        _url("act", draft), {"what": "step", "key": "felt-easy", "act": "place", "place": "1", "edits": _edits(draft)}
    )

    soup = _soup(page.get(_url("publish", draft)))

    links = {link.get_text(strip=True).removeprefix("Go to: "): link["href"] for link in soup.select("main li.note a")}
    assert links["Behaviors"] == _url("behaviors", draft)
    assert links["Module 1: What got easier, what got harder"].startswith(_url("module", draft, "what-got-easier"))
    assert links["1.1 Easy, and still yours"] == _url("step", draft, "felt-easy") + "#id_spec-after"
    assert "Noted when published" in soup.get_text()
    for address in links.values():
        path, _hash, anchor = address.partition("#")
        assert not anchor or _soup(page.get(path)).find(id=anchor) is not None, address


def test_publishing_again_says_first_that_the_older_version_is_retired_and_what_that_means(page, draft):
    first = _soup(page.get(_url("publish", draft))).get_text()
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    page.post(_url("draft", draft))
    second = JourneyVersion.objects.get(journey=draft.journey, status="draft")

    text = " ".join(_soup(page.get(_url("publish", second))).get_text().split())

    assert "will be retired" not in first
    assert "Version 1 will be retired. Cohorts that run version 1 go on as they are" in text


def test_a_nudge_knows_its_place_among_the_others(page, draft):
    keys = list(draft.nudge_rules.order_by("position").values_list("key", flat=True))

    soup = _soup(page.get(_url("nudge", draft, keys[1])))

    assert soup.find(attrs={"name": "place"})["value"] == "2"


def test_a_published_version_offers_no_saving(page, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    nudge = draft.nudge_rules.first().key

    for url in (
        _url("step", draft, "two-briefs"),
        _url("module", draft, "what-got-easier"),
        _url("nudge", draft, nudge),
    ):
        buttons = [button.get_text(strip=True) for button in _soup(page.get(url)).select("main button:not(.hidden)")]
        assert [words for words in buttons if words.startswith(("Save", "Add"))] == [], url
        assert "Remove" not in _soup(page.get(url)).find("main").get_text(), url


def test_the_text_of_an_article_is_marked_as_required_and_of_no_other_kind(page, draft):
    marked = {
        kind: "(required)" in _soup(page.get(_new(draft, kind))).find("label", attrs={"for": "id_body"}).get_text()
        for kind in ("article", "quiz", "practice")
    }

    assert marked == {"article": True, "quiz": False, "practice": False}


def test_a_version_that_is_out_says_what_was_noted_and_what_follows_it(page, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    page.post(_url("draft", draft))
    second = publish_version(
        version_id=draft.journey.versions.get(status="draft").pk, actor_id=None, now=NOW, note="Shorter."
    )

    live = _soup(page.get(_url("version", second))).find("main").get_text()
    gone = _soup(page.get(_url("version", draft))).find("main")

    assert "What was noted when this was published" in live
    assert "Before you publish" not in live
    assert "is retired" not in live
    assert "This version is retired" in gone.get_text()
    assert gone.find("a", string="Version 2 follows it.")["href"] == _url("version", second)


def test_a_published_version_shows_what_was_noted_on_its_day_and_the_reason_given(page, draft):
    JourneyVersion.objects.filter(pk=draft.pk).update(license="")
    published = publish_version(version_id=draft.pk, actor_id=None, now=NOW, note="The license follows.")
    noted = _soup(page.get(_url("version", published))).find("section", attrs={"aria-labelledby": "checks"}).get_text()

    # What a check would say today, it did not say then.
    JourneyVersion.objects.filter(pk=draft.pk).update(summary="", license="CC-BY-4.0")
    later = _soup(page.get(_url("version", published))).find("section", attrs={"aria-labelledby": "checks"}).get_text()

    assert "license" in noted
    assert "The license follows." in noted
    assert later == noted
    assert page.get(_url("publish", published)).headers["Location"] == _url("version", published)


def test_a_draft_begun_from_a_published_version_is_checked_anew(page, draft):
    JourneyVersion.objects.filter(pk=draft.pk).update(license="")
    publish_version(version_id=draft.pk, actor_id=None, now=NOW, note="The license follows.")
    page.post(_url("draft", draft))
    second = draft.journey.versions.get(status="draft")
    JourneyVersion.objects.filter(pk=second.pk).update(license="CC-BY-4.0")

    checks = _soup(page.get(_url("version", second))).find("section", attrs={"aria-labelledby": "checks"}).get_text()

    assert "license" not in checks


def test_skills_are_told_by_their_titles_in_what_changes_and_what_is_noted(page, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=NOW)
    page.post(_url("draft", draft))
    second = JourneyVersion.objects.get(journey=draft.journey, status="draft")
    second.skills.exclude(skill__key="problem-framing").delete()
    second.steps.filter(serves="evidence").update(serves="knows")

    text = " ".join(_soup(page.get(_url("publish", second))).find("main").get_text().split())

    assert "The journey aims at “Problem framing” (" in text
    assert "Nothing shows “Problem framing” in work." in text
    assert "“problem-framing”" not in text


def test_a_module_is_not_offered_to_wait_for_itself(page, draft):
    first, second = draft.modules.order_by("position")[:2]

    shown = _soup(page.get(_url("module", draft, second.key)))

    offered = {option["value"] for option in shown.select("#opens select[name$='-anchor'] option")}
    assert f"module-opened:{first.key}" in offered
    assert not {one for one in offered if second.key in one}
    # A deadline may count from what happens inside.
    assert f"completed:{second.key}" in {o["value"] for o in shown.select("#due select[name$='-anchor'] option")}
