"""Two callers at once, on a real PostgreSQL: one row, right counts, nobody waits for a neighbor."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from config.accounts.models import User
from config.events.models import ActivityEvent
from learners.cohorts.actions import enroll, enroll_many
from learners.cohorts.models import Enrollment
from learners.cohorts.rules.enrollment_list import EnrollmentRow
from learners.progress.actions import (
    Answer,
    answer_sign_off,
    ask_sign_off,
    complete_step,
    rebuild_progress,
    record_opening,
    release,
    save_attempt,
)
from learners.progress.errors import AnsweredAlready, AskedAlready
from learners.progress.models import Attempt, Completion, ModuleOpening, SignOff
from learners.progress.queries.sign_offs import sign_off_token
from tests.learners.running import NOW, enrolled, published_version, running_cohort
from tests.races import RACES, at_once, need_postgresql

pytestmark = RACES

TRIES = 8


@pytest.fixture(autouse=True)
def _on_postgresql():
    need_postgresql()


def test_the_same_completion_at_once_leaves_one_row():
    enrollment = enrolled()

    made = at_once(
        *[lambda: complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW) for _ in range(TRIES)]
    )

    assert {row.pk for row in made} == {Completion.objects.get().pk}
    assert ActivityEvent.objects.filter(verb="step.completed").count() == 1
    assert Enrollment.objects.get().completed == 1


def test_different_steps_at_once_lose_no_count():
    enrollment = enrolled()
    keys = ["read", "try-it", "plan", "look-back", "meet"]
    for key in (*keys, "second"):
        release(enrollment_id=enrollment.pk, key=key, actor_id=None, now=NOW)

    made = at_once(*[lambda key=key: complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW) for key in keys])

    assert [row for row in made if isinstance(row, Exception)] == []
    assert Enrollment.objects.get().completed == 5
    assert Enrollment.objects.get().status == "completed"
    assert ActivityEvent.objects.filter(verb="enrollment.completed").count() == 1
    assert ActivityEvent.objects.filter(verb="module.completed").count() == 2
    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_a_neighbor_in_the_cohort_never_waits():
    cohort = running_cohort()
    first, second = enrolled(cohort, "a@example.com"), enrolled(cohort, "b@example.com")
    entered, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            complete_step(enrollment_id=first.pk, step_key="read", now=NOW)
            entered.set()
            assert done.wait(20)

    def neighbor():
        assert entered.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        made = complete_step(enrollment_id=second.pk, step_key="read", now=NOW)
        done.set()
        return made

    held, made = at_once(hold, neighbor)

    assert held is None
    assert made.enrollment_id == second.pk


def test_the_same_module_opens_once():
    enrollment = enrolled()

    news = at_once(
        *[lambda: record_opening(enrollment_id=enrollment.pk, module_key="first", now=NOW) for _ in range(TRIES)]
    )

    assert sorted(news) == [False] * (TRIES - 1) + [True]
    assert ModuleOpening.objects.count() == 1
    assert ActivityEvent.objects.filter(verb="module.opened").count() == 1


def test_the_same_person_enrolled_at_once_is_enrolled_once():
    cohort = running_cohort()

    made = at_once(*[lambda: enroll(cohort_id=cohort.pk, email="A@b.example", actor_id=None, now=NOW)] * TRIES)

    assert {row.pk for row in made} == {Enrollment.objects.get().pk}
    assert User.objects.filter(email="a@b.example").count() == 1
    assert ActivityEvent.objects.filter(verb="enrollment.created").count() == 1


def test_one_person_enrolled_into_two_cohorts_at_once_is_one_person():
    version = published_version()
    cohorts = [running_cohort(version) for _ in range(4)]
    rows = [EnrollmentRow(n, f"p{n}@example.com", manager_email="boss@example.com") for n in range(20)]

    answers = at_once(
        *[
            lambda cohort=cohort: enroll_many(cohort_id=cohort.pk, rows=rows, actor_id=None, now=NOW, dry_run=False)
            for cohort in cohorts
        ]
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert User.objects.count() == 21
    assert Enrollment.objects.count() == 80


def test_attempts_saved_at_once_keep_their_numbers():
    enrollment = enrolled()

    saved = at_once(
        *[
            lambda n=n: save_attempt(
                enrollment_id=enrollment.pk, step_key="read", response={"n": n}, now=NOW + timedelta(seconds=n)
            )
            for n in range(TRIES)
        ]
    )

    assert [row for row in saved if isinstance(row, Exception)] == []
    assert Attempt.objects.get().number == 1


def test_a_request_is_asked_once_and_answered_once():
    enrollment = enrolled()
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    answer = Answer({"report": ["I asked."]})
    complete_step(enrollment_id=enrollment.pk, step_key="try-it", now=NOW, answer=answer)

    asked = at_once(
        *[
            lambda n=n: ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email=f"p{n}@example.org", now=NOW)
            for n in range(4)
        ]
    )
    assert sum(isinstance(result, AskedAlready) for result in asked) == 3
    token = sign_off_token(SignOff.objects.get())

    answered = at_once(
        *[
            lambda word=word: answer_sign_off(token=token, answer=word, now=NOW)
            for word in ("confirmed", "not_yet", "confirmed", "not_yet")
        ]
    )
    assert sum(isinstance(result, AnsweredAlready) for result in answered) == 3
    assert ActivityEvent.objects.filter(verb="signoff.answered").count() == 1
