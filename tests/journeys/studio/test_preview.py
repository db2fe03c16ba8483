"""The preview: a step as a learner sees it, and what they see after answering. Nothing is written."""

import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.kinds.registry import KINDS

pytestmark = pytest.mark.django_db


def _url(version, key):
    return reverse("studio-preview", args=[version.uuid, key])


def _soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def _first(version, kind):
    return version.steps.filter(activity__kind=kind).order_by("module__position", "position").first()


def _spec(step):
    return KINDS[step.activity.kind].Spec.model_validate(step.activity.latest.spec)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"video"}))
def test_kind_and_title_stand_there_once(page, draft, kind):
    step = _first(draft, kind)

    soup = _soup(page.get(_url(draft, step.key)))

    assert [heading.get_text(strip=True) for heading in soup.select("h1")] == [step.activity.latest.title]
    assert str(KINDS[kind].label) not in [one.get_text(strip=True) for one in soup.select("main .meta")]
    assert soup.get_text().count("Preview, nothing is saved or sent.") == 1


def test_a_quiz_explains_after_answering_and_nothing_is_written(page, draft):
    step = _first(draft, "quiz")
    spec = _spec(step)
    sent = {f"answer-{question.key}": "0" for question in spec.questions}
    sent |= {f"sure-{question.key}": "guess" for question in spec.questions if question.confidence}

    before = page.get(_url(draft, step.key)).content.decode()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        after = page.post(_url(draft, step.key), sent)

    text = _soup(after).get_text()
    assert "Your answer" in text
    assert "Not right" in text
    assert "Not right" not in before
    assert [query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_an_unanswered_quiz_is_refused_as_for_a_learner(page, draft):
    answer = page.post(_url(draft, _first(draft, "quiz").key), {})

    soup = _soup(answer)
    assert answer.status_code == 422
    links = [link["href"].removeprefix("#") for link in soup.select("[aria-labelledby=summary] a")]
    assert links
    assert all(soup.find(id=anchor) is not None for anchor in links)


def test_a_scenario_goes_on_move_by_move_and_can_be_played_again(page, draft):
    step = _first(draft, "scenario")
    url, spec = _url(draft, step.key), _spec(step)
    here, so_far, moves = spec.start, "", 0
    while spec.scenes[here].choices:
        sent = {"scene": here, "choice": "0", "why": "Because.", "so_far": so_far}
        soup = _soup(page.post(url, sent))
        so_far = soup.find(attrs={"name": "so_far"})["value"]
        here, moves = spec.scenes[here].choices[0].to, moves + 1

    assert len(json.loads(so_far)["moves"]) == moves
    assert "How it ends" in soup.get_text()
    again = _soup(page.post(url, {"so_far": so_far, "replay": "1"}))
    assert again.find(attrs={"name": "so_far"})["value"] == ""
    assert "How it ends" not in again.get_text()


@pytest.mark.parametrize("so_far", ["{", "[]", '{"moves": [{"scene": "nowhere", "choice": 0}]}'])
def test_an_answer_that_fits_no_more_begins_anew(page, draft, so_far):
    answer = page.post(_url(draft, _first(draft, "scenario").key), {"so_far": so_far})

    assert answer.status_code in (200, 422)
    assert _soup(answer).find(attrs={"name": "so_far"})["value"] == ""


def test_a_reflection_shows_every_audience_it_allows_and_whose_words_stand_above_it(page, draft):
    steps = [step for step in draft.steps.filter(activity__kind="reflection") if _spec(step).quote != "none"]
    step = max(steps, key=lambda one: len(_spec(one).audiences))
    spec = _spec(step)

    soup = _soup(page.get(_url(draft, step.key)))

    assert [radio["value"] for radio in soup.select("[name=audience]")] == list(spec.audiences)
    assert "stands here." in soup.get_text()


def test_a_practice_can_be_answered_without_asking_anybody(page, draft, mailoutbox):
    step = _first(draft, "practice")
    spec = _spec(step)
    sent = {f"report-{index}": "I did it." for index in range(len(spec.report))}
    person = {"signer_name": "Jo", "signer_email": "jo@example.com"} if spec.sign_off != "none" else {}

    answer = page.post(_url(draft, step.key), sent | person)

    assert answer.status_code == 200
    assert "I did it." in _soup(answer).get_text()
    assert mailoutbox == []
