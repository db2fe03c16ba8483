"""If-then plans and their check-ins."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from learners.cohorts.actions import withdraw
from learners.cohorts.models import Enrollment
from learners.progress.actions import release
from learners.progress.errors import StepLocked
from learners.progress.models import Completion
from learners.reflections.actions import change_commitment, check_in, delete_commitment, make_commitment
from learners.reflections.errors import NothingWritten, UnknownCommitment, WrongKind
from learners.reflections.models import CheckIn, Commitment
from learners.reflections.queries import due_check_ins, get_own_commitment, list_commitments, own_commitment
from tests.factories.learners import CheckInFactory, CohortStaffFactory, CommitmentFactory
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db

# Three working days after Wednesday 3 March 2027, at 16:00 in Paris.
ASKED_AT = datetime(2027, 3, 8, 15, tzinfo=UTC)


@pytest.fixture
def enrollment():
    made = enrolled()
    release(enrollment_id=made.pk, key="second", actor_id=None, now=NOW)
    return made


def make(enrollment, cue="Jo asks for numbers", response="ask what for", **values):
    return make_commitment(
        **{
            "enrollment_id": enrollment.pk,
            "step_key": "plan",
            "cue": cue,
            "response": response,
            "now": NOW,
            **values,
        }
    )


def author(enrollment):
    return Actor(organization_id=enrollment.cohort.organization_id, user_id=enrollment.user_id)


def test_a_plan_completes_its_step_and_is_asked_about_later(enrollment):
    made = make(enrollment, " Jo asks\nfor numbers ")

    assert (made.cue, made.response, made.check_in_at) == ("Jo asks for numbers", "ask what for", ASKED_AT)
    assert Completion.objects.get().step_key == "plan"
    assert ActivityEvent.objects.filter(verb="commitment.made").count() == 1


def test_no_word_of_a_plan_or_a_note_is_in_any_event(enrollment):
    made = make(enrollment, "Canary cue", "Canary response")
    check_in(actor=author(enrollment), commitment_uuid=made.uuid, answer="happened", note="Canary note", now=ASKED_AT)

    everything = json.dumps(list(ActivityEvent.objects.values_list("data", flat=True)))
    assert "Canary" not in everything
    assert ActivityEvent.objects.get(verb="checkin.recorded").data["answer"] == "happened"


def test_the_same_plan_again_changes_nothing_and_another_replaces_it(enrollment):
    first = make(enrollment)

    assert make(enrollment, now=NOW + timedelta(hours=1)).changed_at == NOW
    changed = make(enrollment, response="listen", now=NOW + timedelta(hours=1))

    assert (changed.pk, changed.response, changed.made_at) == (first.pk, "listen", NOW)
    assert changed.check_in_at == ASKED_AT
    assert Commitment.objects.count() == Completion.objects.count() == 1
    assert ActivityEvent.objects.filter(verb="commitment.changed").count() == 1


@pytest.mark.parametrize(
    ("halves", "error", "pointers"),
    [
        (("", "  "), NothingWritten, ["/cue", "/response"]),
        (("a", ""), NothingWritten, ["/response"]),
        (("x" * 301, "b"), InvalidInput, ["/cue"]),
    ],
)
def test_half_a_plan_and_a_long_one_are_refused(enrollment, halves, error, pointers):
    with pytest.raises(error) as refusal:
        make(enrollment, *halves)

    assert [fault.pointer for fault in refusal.value.faults] == pointers
    assert Completion.objects.count() == 0


def test_steps_that_are_closed_or_of_another_kind_take_no_plan(enrollment):
    with pytest.raises(StepLocked):
        make(enrolled(enrollment.cohort, "other@example.com"))
    with pytest.raises(WrongKind):
        make(enrollment, step_key="read")


def test_a_plan_changed_after_it_was_asked_about_is_asked_about_again(enrollment):
    made = make(enrollment)
    check_in(actor=author(enrollment), commitment_uuid=made.uuid, answer="did_not_come_up", now=ASKED_AT)
    assert list(due_check_ins(author(enrollment), now=ASKED_AT)) == []

    changed = change_commitment(
        actor=author(enrollment),
        commitment_uuid=made.uuid,
        cue="the stand-up begins",
        response="ask one question",
        now=ASKED_AT + timedelta(minutes=1),
    )

    assert changed.check_in_at == datetime(2027, 3, 11, 15, tzinfo=UTC)
    assert list(due_check_ins(author(enrollment), now=changed.check_in_at)) == [made]


def test_a_check_in_is_due_from_its_moment_until_it_is_answered(enrollment):
    made = make(enrollment)
    actor = author(enrollment)

    assert list(due_check_ins(actor, now=ASKED_AT - timedelta(seconds=1))) == []
    assert list(due_check_ins(actor, now=ASKED_AT)) == [made]
    check_in(actor=actor, commitment_uuid=made.uuid, answer="not_yet", note=" soon ", now=ASKED_AT)
    assert list(due_check_ins(actor, now=ASKED_AT)) == []
    assert CheckIn.objects.get().note == "soon"


def test_the_engine_looks_again_when_a_plan_gets_another_day(enrollment):
    made = make(enrollment)
    assert Enrollment.objects.get().needs_arming
    Enrollment.objects.update(needs_arming=False)

    change_commitment(
        actor=author(enrollment), commitment_uuid=made.uuid, cue="a", response="b", now=ASKED_AT + timedelta(days=1)
    )

    assert Enrollment.objects.get().needs_arming


def test_people_who_left_are_not_asked(enrollment):
    make(enrollment)
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert list(due_check_ins(author(enrollment), now=ASKED_AT)) == []


def test_two_clicks_are_one_answer_and_a_later_one_counts_anew(enrollment):
    made = make(enrollment)
    for seconds in (0, 5, 60):
        check_in(
            actor=author(enrollment),
            commitment_uuid=made.uuid,
            answer="happened",
            now=ASKED_AT + timedelta(seconds=seconds),
        )

    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize("values", [{"answer": "maybe"}, {"answer": "happened", "note": "x" * 501}])
def test_answers_that_cannot_be_kept_are_refused(enrollment, values):
    made = make(enrollment)

    with pytest.raises(InvalidInput):
        check_in(actor=author(enrollment), commitment_uuid=made.uuid, now=ASKED_AT, **values)


def test_deleting_a_plan_takes_its_answers_with_it(enrollment):
    made = make(enrollment)
    check_in(actor=author(enrollment), commitment_uuid=made.uuid, answer="happened", now=ASKED_AT)

    delete_commitment(actor=author(enrollment), commitment_uuid=made.uuid, now=ASKED_AT)

    assert (Commitment.objects.count(), CheckIn.objects.count(), Completion.objects.count()) == (0, 0, 1)


def test_plans_are_their_authors_alone():
    commitment = CommitmentFactory(cue="Canary", check_in_at=NOW)
    cohort = commitment.enrollment.cohort
    facilitator = CohortStaffFactory(cohort=cohort).user
    others = [
        Actor(organization_id=cohort.organization_id, user_id=facilitator.pk, roles=frozenset({"administrator"})),
        Actor(organization_id=cohort.organization_id),
        Actor(organization_id=cohort.organization_id + 1, user_id=commitment.enrollment.user_id),
    ]

    assert list(list_commitments(author(commitment.enrollment))) == [commitment]
    for actor in others:
        assert list(list_commitments(actor)) == list(due_check_ins(actor, now=NOW)) == []
        assert own_commitment(actor, commitment.enrollment_id, commitment.step_key) is None
        with pytest.raises(UnknownCommitment):
            get_own_commitment(actor, commitment.uuid)
        for act, more in (
            (change_commitment, {"cue": "a", "response": "b"}),
            (check_in, {"answer": "happened"}),
            (delete_commitment, {}),
        ):
            with pytest.raises(UnknownCommitment):
                act(actor=actor, commitment_uuid=commitment.uuid, now=NOW, **more)
    assert Commitment.objects.get().cue == "Canary"


@pytest.mark.parametrize("plans", [1, 3])
def test_own_list_with_answers_costs_two_queries(plans, django_assert_num_queries):
    first = CommitmentFactory()
    for _ in range(plans - 1):
        CommitmentFactory(enrollment=first.enrollment)
    for commitment in Commitment.objects.all():
        CheckInFactory(commitment=commitment, answered_at=NOW)
        CheckInFactory(commitment=commitment, answer="not_yet", answered_at=NOW + timedelta(days=1))

    with django_assert_num_queries(2):
        newest = [row.check_ins.all()[0].answer for row in list_commitments(author(first.enrollment))]

    assert newest == ["not_yet"] * plans
