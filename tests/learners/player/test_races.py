"""Two tabs at once, on a real PostgreSQL: one text, one completion, and the other tab is told."""

import pytest

from content.kinds.registry import parse_response
from learners.player.actions import answer_step, draft_step
from learners.player.errors import NewerVersion
from learners.player.queries.step import load_step
from learners.progress.models import Attempt, Completion
from learners.reflections.models import Reflection
from tests.learners.player.journey import ANSWERS, NOW, actor_of
from tests.races import RACES, at_once, need_postgresql

pytestmark = RACES


@pytest.fixture(autouse=True)
def _on_postgresql():
    need_postgresql()


def response_to(step, **changes):
    return parse_response(step.place.kind.key, ANSWERS[step.row.key] | changes, spec=step.place.spec)


@pytest.mark.parametrize("key", ["try-it", "look-back", "compare"])
def test_of_two_drafts_at_once_one_is_kept_and_the_other_is_told(enrollment, key):
    step = load_step(actor_of(enrollment), enrollment.uuid, key, now=NOW)
    texts = [
        {"try-it": {"report": [f"Tab {n}", ""]}, "look-back": {"text": f"Tab {n}"}, "compare": {"answer": f"Tab {n}"}}[
            key
        ]
        for n in range(4)
    ]

    kept = at_once(
        *[
            lambda change=change: draft_step(
                place=step.place, response=response_to(step, **change), revision="", now=NOW
            )
            for change in texts
        ]
    )

    assert sorted(type(one).__name__ for one in kept) == ["NewerVersion"] * 3 + ["str"]
    assert not any(isinstance(one, Exception) and not isinstance(one, NewerVersion) for one in kept)
    assert Attempt.objects.count() + Reflection.objects.count() == 1


@pytest.mark.parametrize("key", ["read", "recall", "try-it", "look-back", "plan"])
def test_a_double_click_completes_once(enrollment, key):
    step = load_step(actor_of(enrollment), enrollment.uuid, key, now=NOW)

    made = at_once(
        *[lambda: answer_step(place=step.place, response=response_to(step), revision="", now=NOW) for _ in range(4)]
    )

    assert [one for one in made if isinstance(one, Exception)] == []
    assert Completion.objects.count() == 1
    assert Attempt.objects.count() <= 1
