"""Asking somebody to confirm a practice."""

from datetime import timedelta

import pytest

from config.accounts.actor import Actor
from config.accounts.models import User
from config.events.models import ActivityEvent
from config.support.errors import InvalidInput, NotFound
from learners.cohorts.models import Enrollment
from learners.people.errors import BadAddress
from learners.progress.actions import Answer, answer_sign_off, ask_sign_off, complete_step, withdraw_sign_off
from learners.progress.errors import (
    AnsweredAlready,
    AskedAlready,
    AskedTooOften,
    LinkExpired,
    NoPractice,
    NoSignOffWanted,
    OwnSignOff,
)
from learners.progress.models import Attempt, Completion, SignOff
from learners.progress.queries.sign_offs import list_own_sign_offs, list_waiting, sign_off_page, sign_off_token
from tests.learners.running import NOW, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment():
    made = enrolled(name="Ana Silva")
    complete_step(enrollment_id=made.pk, step_key="read", now=NOW)
    return made


def report(enrollment, text="I asked Jo."):
    complete_step(
        enrollment_id=enrollment.pk,
        step_key="try-it",
        now=NOW,
        recorded_by_id=enrollment.user_id,
        answer=Answer({"report": [text]}, waiting_on="peer"),
    )


def ask(enrollment, email="jo@example.org", **values):
    return ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email=email, **{"now": NOW, **values})


def test_asking_makes_an_outside_person_without_a_log_in(enrollment):
    report(enrollment)

    asked = ask(enrollment, " Jo@Example.org ", name="Jo\nPark")

    signer = User.objects.get(email="jo@example.org")
    assert (asked.signer, signer.name, signer.has_usable_password()) == (signer, "Jo Park", False)
    assert signer.memberships.count() == 0
    assert (asked.asked_as, asked.state, asked.expires_at) == ("peer", "asked", NOW + timedelta(days=30))
    assert Attempt.objects.get().state == "waiting"
    assert Completion.objects.get(step_key="try-it").passed_at is None
    assert ActivityEvent.objects.filter(verb="signoff.asked", actor_id=enrollment.user_id).count() == 1
    assert list_waiting([asked.pk], now=NOW) == [asked]
    assert list_waiting([asked.pk], now=NOW + timedelta(days=31)) == []


def test_the_engine_looks_again_after_a_request(enrollment):
    report(enrollment)
    Enrollment.objects.update(needs_arming=False)

    ask(enrollment)

    assert Enrollment.objects.get().needs_arming


def test_a_known_person_keeps_their_own_name(enrollment):
    User.objects.create_user("jo@example.org", name="Jo Park")
    report(enrollment)

    assert ask(enrollment, name="Somebody else").signer.name == "Jo Park"


def test_asking_before_the_report_is_refused(enrollment):
    with pytest.raises(NoPractice):
        ask(enrollment)
    assert User.objects.filter(email="jo@example.org").count() == 0


def test_asking_where_nobody_confirms_is_refused(enrollment):
    with pytest.raises(NoSignOffWanted):
        ask_sign_off(enrollment_id=enrollment.pk, step_key="read", email="jo@example.org", now=NOW)


def test_oneself_a_bad_address_and_a_second_person_are_refused(enrollment):
    report(enrollment)

    with pytest.raises(OwnSignOff):
        ask(enrollment, "LEARNER@example.com")
    with pytest.raises(BadAddress):
        ask(enrollment, "jo at example")
    ask(enrollment)
    with pytest.raises(AskedAlready):
        ask(enrollment, "bo@example.org")
    assert SignOff.objects.count() == 1


def test_a_request_that_expired_makes_room_for_another(enrollment):
    report(enrollment)
    ask(enrollment)

    again = ask(enrollment, "bo@example.org", now=NOW + timedelta(days=30))

    assert list(SignOff.objects.order_by("id").values_list("state", flat=True)) == ["withdrawn", "asked"]
    assert again.signer.email == "bo@example.org"


def test_only_a_few_people_are_asked_a_day(enrollment):
    report(enrollment)
    for number in range(5):
        asked = ask(enrollment, f"p{number}@example.org")
        withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=asked.uuid, now=NOW)

    with pytest.raises(AskedTooOften) as refusal:
        ask(enrollment, "p6@example.org")
    assert refusal.value.status == 429
    assert ask(enrollment, "p6@example.org", now=NOW + timedelta(days=1)).state == "asked"


def test_the_page_shows_the_report_only_when_the_learner_ticked_so(enrollment):
    report(enrollment, "Canary report")
    hidden = ask(enrollment)

    page = sign_off_page(token=sign_off_token(hidden), now=NOW)
    assert (page.learner_name, page.step_title, page.situation, page.steps) == (
        "Ana Silva",
        "Try it",
        "A meeting",
        ("Ask",),
    )
    assert page.report == ()
    assert "Canary" not in repr(page)

    withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=hidden.uuid, now=NOW)
    shown = ask(enrollment, shows_report=True)
    page = sign_off_page(token=sign_off_token(shown), now=NOW)
    assert page.report == (("What happened?", "Canary report"),)


def test_the_page_costs_two_queries_and_changes_nothing(enrollment, django_assert_num_queries):
    report(enrollment)
    token = sign_off_token(ask(enrollment))

    with django_assert_num_queries(2):
        sign_off_page(token=token, now=NOW)
    assert SignOff.objects.get().state == "asked"


def test_a_confirmation_passes_the_step_once(enrollment):
    report(enrollment)
    token = sign_off_token(ask(enrollment))
    later = NOW + timedelta(days=2)

    answered = answer_sign_off(token=token, answer="confirmed", comment=" Well done ", now=later)

    completion = Completion.objects.get(step_key="try-it")
    assert (completion.completed_at, completion.passed_at) == (NOW, later)
    assert (answered.comment, answered.answered_at) == ("Well done", later)
    enrollment.refresh_from_db()
    assert enrollment.module_states["first"] == "completed"
    assert ActivityEvent.objects.filter(verb="step.passed", actor_id=answered.signer_id).count() == 1
    assert sign_off_page(token=token, now=later).state == "confirmed"
    with pytest.raises(AnsweredAlready):
        answer_sign_off(token=token, answer="not_yet", now=later)
    assert SignOff.objects.get().state == "confirmed"


def test_not_yet_leaves_a_comment_and_holds_nobody_up(enrollment):
    report(enrollment)
    token = sign_off_token(ask(enrollment))

    answer_sign_off(token=token, answer="not_yet", comment="Try again on Friday", now=NOW)

    assert Completion.objects.get(step_key="try-it").passed_at is None
    assert Attempt.objects.get().state == "judged"
    assert ActivityEvent.objects.get(verb="signoff.answered").data["answer"] == "not_yet"
    assert "Friday" not in str(list(ActivityEvent.objects.values_list("data", flat=True)))
    assert ask(enrollment, "bo@example.org").state == "asked"


def test_links_that_were_changed_expired_or_taken_back_do_not_work(enrollment):
    report(enrollment)
    asked = ask(enrollment)
    token = sign_off_token(asked)
    late = NOW + timedelta(days=30)

    for bad in (token[:-1], f"x{token}", asked.uuid.hex, ""):
        with pytest.raises(LinkExpired):
            sign_off_page(token=bad, now=NOW)
    for act in (
        lambda: sign_off_page(token=token, now=late),
        lambda: answer_sign_off(token=token, answer="confirmed", now=late),
    ):
        with pytest.raises(LinkExpired):
            act()

    withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=asked.uuid, now=NOW)
    with pytest.raises(LinkExpired):
        answer_sign_off(token=token, answer="confirmed", now=NOW)
    assert Completion.objects.get(step_key="try-it").passed_at is None


@pytest.mark.parametrize("values", [{"answer": "maybe"}, {"answer": "confirmed", "comment": "x" * 2001}])
def test_an_answer_that_cannot_be_kept_is_refused(enrollment, values):
    report(enrollment)
    token = sign_off_token(ask(enrollment))

    with pytest.raises(InvalidInput):
        answer_sign_off(token=token, now=NOW, **values)
    assert SignOff.objects.get().state == "asked"


def test_a_request_is_taken_back_by_its_own_learner_only_and_before_the_answer(enrollment):
    report(enrollment)
    asked = ask(enrollment)
    other = enrolled(enrollment.cohort, "other@example.com")

    with pytest.raises(NotFound):
        withdraw_sign_off(enrollment_id=other.pk, sign_off_uuid=asked.uuid, now=NOW)
    answer_sign_off(token=sign_off_token(asked), answer="confirmed", now=NOW)
    with pytest.raises(AnsweredAlready):
        withdraw_sign_off(enrollment_id=enrollment.pk, sign_off_uuid=asked.uuid, now=NOW)


def test_requests_and_comments_are_listed_for_the_learner_alone(enrollment):
    report(enrollment)
    asked = ask(enrollment)
    answer_sign_off(token=sign_off_token(asked), answer="not_yet", comment="Canary", now=NOW)
    organization_id = enrollment.cohort.organization_id
    colleague = enrolled(enrollment.cohort, "other@example.com")

    def listed(user_id, organization=organization_id):
        roles = frozenset({"administrator"})
        actor = Actor(organization_id=organization, user_id=user_id, roles=roles)
        return list_own_sign_offs(actor, enrollment.pk)

    assert listed(enrollment.user_id)["try-it"][0].comment == "Canary"
    assert listed(colleague.user_id) == listed(asked.signer_id) == listed(None) == {}
    assert listed(enrollment.user_id, organization_id + 1) == {}
