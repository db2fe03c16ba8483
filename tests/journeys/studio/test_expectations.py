"""A designer writes expectations in the studio, sees what the schedule says, and is told when an edit breaks one."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from journeys.authoring.models import JourneyVersion
from journeys.authoring.rules.references import references_in
from journeys.publishing.actions import publish_version
from journeys.studio.expected import text_of_all

pytestmark = pytest.mark.django_db

GOOD = """\
- {title: "A week later in Tokyo", start: 2027-03-03, zone: Asia/Tokyo,
   expect: {module: frame-before-you-solve, opens: "2027-03-10 09:00"}}
- {never: {messages_per_week: 4}}
"""
WRONG = GOOD.replace("2027-03-10", "2027-03-11")


@pytest.fixture
def url(draft):
    return reverse("studio-expectations", args=[draft.uuid])


@pytest.fixture
def small(draft):
    draft.expectations = [
        {
            "title": "A week later in Tokyo",
            "start": "2027-03-03",
            "zone": "Asia/Tokyo",
            "expect": {"module": "frame-before-you-solve", "opens": "2027-03-10 09:00"},
        }
    ]
    draft.save(update_fields=["expectations"])
    return draft


def _post(page, url, draft, text, **more):
    edits = JourneyVersion.objects.get(pk=draft.pk).edits
    return page.post(url, {"text": text, "edits": edits, **more})


def test_the_page_shows_what_is_expected_and_what_the_schedule_says(page, url, draft):
    answer = page.get(url)

    text = answer.content.decode()
    assert f"All {len(draft.expectations)} come true." in text
    assert answer.context["form"]["text"].value() == text_of_all(draft.expectations)
    assert text.count('id="expectation-') == len(draft.expectations)


def test_what_the_page_writes_it_reads_back_unchanged(page, url, draft):
    before = draft.expectations

    assert _post(page, url, draft, text_of_all(before)).status_code == 302
    draft.refresh_from_db()
    assert draft.expectations == before
    assert all(len(item.splitlines()) <= 2 for item in text_of_all(before).split("\n- "))


def test_expectations_are_saved(page, url, draft):
    assert _post(page, url, draft, GOOD).status_code == 302

    draft.refresh_from_db()
    assert [one.get("title") for one in draft.expectations] == ["A week later in Tokyo", None]


def test_trying_shows_the_result_and_saves_nothing(page, url, draft):
    before = draft.expectations
    answer = _post(page, url, draft, WRONG, **{"try": "1"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1 of 2 does not come true." in text
    assert "expected 2027-03-11 09:00, found 2027-03-10 09:00" in text
    draft.refresh_from_db()
    assert draft.expectations == before


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- {start: 2027-03-03}\n- {never: {}}\n", 1, "Say either what to expect"),
        ("- {never: {messages_per_week: 4}}\n- {never: {messages: 4}}\n", 2, "Did you mean"),
        ("- {never: {messages_per_week: 4}\n- {a: b}\n", 2, "structure breaks"),
        ("- {never: !!python/object {}}\n", 1, "Tags"),
        ("- &a {never: {messages_per_week: 4}}\n- *a\n", 1, "Remove it"),
        ("never: 4\n", 1, "Begin each expectation with a dash"),
        ("- {never: {messages_per_week: 4}}  # as agreed\n", 1, "Comments are not kept"),
        ("# Tokyo\n- {never: {messages_per_week: 4}}\n", 1, "Comments are not kept"),
        ("- {start: 2027-03-03, zone: UTC, pace: slowly, expect: {finished: never}}\n", 1, "is not a pace"),
        ("\x01", 1, "cannot be shown"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_lost(page, url, draft, text, line, says):
    before = draft.expectations
    answer = _post(page, url, draft, text)

    assert answer.status_code == 422
    assert any(says in one.sentence and one.place == f"Line {line}" for one in answer.context["problems"])
    assert answer.context["form"]["text"].value() == text
    draft.refresh_from_db()
    assert draft.expectations == before


def test_a_hash_within_a_title_is_no_comment(page, url, draft):
    assert _post(page, url, draft, '- {title: "Rule # 1", never: {messages_per_week: 4}}\n').status_code == 302


def test_whoever_saves_second_keeps_the_text(page, url, draft):
    answer = page.post(url, {"text": GOOD, "edits": draft.edits + 7})

    assert answer.status_code == 422
    assert answer.context["form"]["text"].value() == GOOD


def test_an_edit_that_breaks_one_says_so_at_once_by_its_title(page, url, small):
    act = reverse("studio-act", args=[small.uuid])
    data = {"what": "module", "key": "frame-before-you-solve", "act": "up", "edits": small.edits}
    assert "does not come true" not in page.post(act, data, follow=True).content.decode().split("<main")[0]

    module = small.modules.get(key="frame-before-you-solve")
    module.opens = {"from": "start", "working_days": 6, "at": "09:00"}
    module.save(update_fields=["opens"])
    small.refresh_from_db()
    answer = page.post(act, {**data, "act": "down", "edits": small.edits}, follow=True)

    link = f'<a href="{url}#expectation-1">A week later in Tokyo</a>'
    assert f"One expectation does not come true: {link}" in answer.content.decode()


def test_the_outline_names_a_broken_expectation_and_leads_to_it(page, url, draft):
    _post(page, url, draft, WRONG)
    text = page.get(reverse("studio-version", args=[draft.uuid])).content.decode()

    assert "The expectation “A week later in Tokyo” does not come true" in text
    assert f'<a href="{url}#expectation-1">Go to: A week later in Tokyo</a>' in text


def test_a_broken_expectation_blocks_publishing(page, url, draft):
    _post(page, url, draft, WRONG)
    edits = JourneyVersion.objects.get(pk=draft.pk).edits
    answer = page.post(reverse("studio-publish", args=[draft.uuid]), {"edits": edits, "note": "now"})

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_published_version_shows_them_without_a_form(page, url, draft):
    publish_version(version_id=draft.pk, actor_id=None, now=datetime(2027, 3, 2, tzinfo=UTC), note="As it is")
    text = page.get(url).content.decode()

    assert "come true." in text
    assert "<textarea" not in text
    assert page.post(url, {"text": GOOD, "edits": draft.edits}).status_code == 422


def test_the_page_takes_a_bounded_number_of_queries(page, url, draft, django_assert_max_num_queries):
    page.get(url)
    with django_assert_max_num_queries(20):
        page.get(url)


def test_expectations_name_the_parts_that_must_stay():
    data = {"pace": "stops-after:one", "expect": {"step": "two/a", "before": "three"}}

    assert [name for _pointer, name in references_in(data)] == ["one", "two/a", "three"]
    assert list(references_in({"pace": "absent:3"})) == []
    days = {"events": {"town-hall": "2027-03-05"}, "released": {"two/a": "2027-03-09"}}
    assert [name for _pointer, name in references_in(days)] == ["event:town-hall", "two/a"]
