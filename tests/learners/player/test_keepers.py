"""Each kind's answer has one place."""

from datetime import timedelta

import pytest

from content.kinds.errors import ResponseError
from content.kinds.registry import KINDS, parse_response
from learners.player.actions import answer_step, draft_step, replay_step, report_completion
from learners.player.errors import HoldsPrivateText, NewerVersion, NotFinished, RecordedByOthers
from learners.player.keepers import KEEPERS
from learners.player.queries.step import load_step
from learners.progress.errors import AskedTooOften, StepLocked
from learners.progress.models import Attempt, Completion, Rating, SignOff
from learners.ratings.errors import RatingStands
from learners.reflections.models import Commitment, Reflection
from tests.factories.learners import SignOffFactory
from tests.learners.player.journey import (
    ANSWERS,
    CANARY,
    FIRST_STEPS,
    NOW,
    actor_of,
    do,
    join,
    make_cohort,
    make_version,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def opened(enrollment, key, now=NOW):
    return load_step(actor_of(enrollment), enrollment.uuid, key, now=now)


def response_to(step, **changes):
    return parse_response(step.place.kind.key, ANSWERS[step.row.key] | changes, spec=step.place.spec)


def test_every_kind_has_a_keeper():
    assert set(KEEPERS) == set(KINDS)


@pytest.mark.parametrize("key", FIRST_STEPS)
def test_an_answer_is_kept_and_completes_its_step(enrollment, key):
    step = opened(enrollment, key)

    outcome = answer_step(place=step.place, response=response_to(step), now=NOW)

    assert outcome.completed
    assert Completion.objects.get().step_key == key
    assert opened(enrollment, key).response == response_to(step)


def test_a_rating_is_kept_on_the_anchors_of_its_version_and_stands_after_a_day(rated):
    do(rated, "where-you-start")

    given = Rating.objects.get(step_key="where-you-start", indicator__key="asks-first")
    assert (given.level.anchor, given.occasion, given.rated_at) == ("Answers at once", "baseline", NOW)
    assert Attempt.objects.count() == 0
    do(rated, "where-you-start", now=NOW + timedelta(hours=23), levels={"asks-first": 2, "thanks": 2})
    given.refresh_from_db()
    assert (given.level.level, given.rated_at) == (2, NOW), "A wrong click is mended, and keeps its day."
    with pytest.raises(RatingStands):
        do(rated, "where-you-start", now=NOW + timedelta(hours=25), levels={"asks-first": 3, "thanks": 2})
    given.refresh_from_db()
    assert given.level.level == 2


def test_half_a_rating_completes_nothing_and_a_level_that_is_not_there_is_refused(rated):
    step = opened(rated, "where-you-start")

    with pytest.raises(NotFinished):
        answer_step(place=step.place, response=response_to(step, levels={"thanks": 1}), now=NOW)
    with pytest.raises(ResponseError):
        response_to(step, levels={"asks-first": 1, "thanks": 5})
    assert not Rating.objects.exists()
    assert not Completion.objects.exists()


def test_nobody_else_can_rate_for_a_learner(rated):
    with pytest.raises(HoldsPrivateText):
        report_completion(
            enrollment=rated,
            step_key="where-you-start",
            response={"levels": {"asks-first": 4, "thanks": 4}},
            completed_at=None,
            actor=actor_of(rated),
            now=NOW,
        )


def test_reflections_and_plans_leave_no_text_in_an_attempt(enrollment):
    do(enrollment, "plan", "look-back")

    assert Reflection.objects.get().text == CANARY
    assert Commitment.objects.get().cue == "Jo asks for numbers"
    assert Attempt.objects.count() == 0


def test_a_single_move_is_kept_and_completes_nothing(enrollment):
    step = opened(enrollment, "decide")
    first = response_to(step, moves=[{"scene": "door", "choice": 1, "reason": "Habit."}])

    outcome = answer_step(place=step.place, response=first, now=NOW)

    assert not outcome.completed
    assert Attempt.objects.get().state == "started"
    assert Completion.objects.count() == 0
    assert opened(enrollment, "decide").response == first


def test_playing_again_keeps_the_first_answer_and_the_completion(enrollment):
    do(enrollment, "decide")
    step = opened(enrollment, "decide", NOW + timedelta(hours=1))

    replay_step(place=step.place, now=NOW + timedelta(hours=1))
    replay_step(place=step.place, now=NOW + timedelta(hours=1))

    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["judged", "started"]
    assert Completion.objects.get().completed_at == NOW


def test_a_practice_is_not_played_again(enrollment):
    do(enrollment, "try-it")

    with pytest.raises(NotFinished):
        replay_step(place=opened(enrollment, "try-it").place, now=NOW)


@pytest.mark.parametrize("key", ["try-it", "look-back", "compare"])
def test_a_draft_is_kept_and_another_tab_is_noticed(enrollment, key):
    first, second = opened(enrollment, key), opened(enrollment, key)
    changed = {"try-it": {"report": ["Mine.", ""]}, "look-back": {"text": "Mine."}, "compare": {"answer": "Mine."}}[key]

    revision = draft_step(place=first.place, response=response_to(first, **changed), revision="", now=NOW)

    assert revision
    assert Completion.objects.count() == 0
    with pytest.raises(NewerVersion):
        draft_step(place=second.place, response=response_to(second), revision="", now=NOW + timedelta(seconds=1))
    draft_step(place=second.place, response=response_to(second), revision=revision, now=NOW + timedelta(seconds=2))
    assert opened(enrollment, key).response == response_to(second)


@pytest.mark.parametrize("key", ["try-it", "look-back", "compare"])
def test_the_same_words_from_two_tabs_are_no_conflict(enrollment, key):
    step = opened(enrollment, key)

    answer_step(place=step.place, response=response_to(step), revision="", now=NOW)
    answer_step(place=step.place, response=response_to(step), revision="", now=NOW + timedelta(seconds=1))

    assert Completion.objects.count() == 1


@pytest.mark.parametrize("key", ["try-it", "look-back", "compare"])
def test_saving_the_words_of_a_draft_completes_the_step_though_its_answer_was_lost(enrollment, key):
    step = opened(enrollment, key)
    draft_step(place=step.place, response=response_to(step), revision="", now=NOW)

    answer_step(place=step.place, response=response_to(step), revision="", now=NOW + timedelta(seconds=1))

    assert Completion.objects.get().step_key == key
    assert opened(enrollment, key).kept.is_finished


def test_a_plan_has_no_draft(enrollment):
    step = opened(enrollment, "plan")

    with pytest.raises(NotFinished):
        draft_step(place=step.place, response=response_to(step), now=NOW)


def test_nobody_ticks_off_a_meeting(enrollment):
    step = opened(enrollment, "meet")
    response = parse_response("live_session", {"attended": True}, spec=step.place.spec)

    with pytest.raises(RecordedByOthers):
        answer_step(place=step.place, response=response, now=NOW)


def test_a_named_person_is_asked_in_the_same_transaction(enrollment):
    do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})

    asked = SignOff.objects.get()
    assert (asked.signer.email, asked.state, asked.shows_report) == ("amal@example.com", "asked", False)
    assert Completion.objects.get().passed_at is None


def test_a_refused_request_leaves_nothing_behind(enrollment):
    elsewhere = join(make_cohort(make_version(enrollment.cohort.organization)))
    for number in range(5):
        SignOffFactory(attempt__enrollment=elsewhere, attempt__number=number + 1, asked_at=NOW - timedelta(hours=1))

    with pytest.raises(AskedTooOften):
        do(enrollment, "try-it", sign_off={"name": "Amal", "email": "amal@example.com"})

    assert (enrollment.attempts.count(), enrollment.sign_offs.count(), Completion.objects.count()) == (0, 0, 0)


def test_a_closed_step_takes_no_answer(enrollment):
    step = opened(enrollment, "again")

    with pytest.raises(StepLocked):
        answer_step(place=step.place, response=response_to(step), now=NOW)


def report(enrollment, key, **values):
    return report_completion(
        enrollment=enrollment,
        step_key=key,
        actor=actor_of(enrollment),
        now=NOW,
        **{"response": None, "completed_at": None} | values,
    )


def test_a_reported_answer_is_judged_and_kept_once(enrollment):
    first = report(enrollment, "recall", response=ANSWERS["recall"])
    again = report(enrollment, "recall", response=ANSWERS["recall"])

    assert (first.pk, first.passed_at) == (again.pk, NOW)
    assert Attempt.objects.count() == 1


def test_an_unfinished_answer_is_refused(enrollment):
    with pytest.raises(NotFinished):
        report(enrollment, "decide", response={"moves": []})
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("key", ["try-it", "plan", "look-back"])
def test_private_text_is_not_taken_from_elsewhere(enrollment, key):
    with pytest.raises(HoldsPrivateText):
        report(enrollment, key)
