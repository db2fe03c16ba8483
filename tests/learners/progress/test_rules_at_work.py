"""Events, counted attempts and work calendars, from what staff and learners do to what opens for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import Module, Step
from journeys.authoring.rules.calendars import DayException
from learners.cohorts.errors import NothingToDo, UnknownKey
from learners.cohorts.models import Cohort
from learners.progress.actions import (
    Answer,
    change_calendar,
    complete_step,
    extend_due,
    rebuild_progress,
    record_event,
    record_events,
    record_own_event,
    update_cohort,
)
from learners.progress.models import Attempt, ModuleOpening
from learners.progress.queries import timeline_of
from tests.factories.accounts import OrganizationFactory
from tests.factories.learners import EnrollmentFactory
from tests.learners.running import NOW, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db

EVENT = [{"key": "town-hall", "title": "Town hall"}]


def version_with(*, second=None, first_due=None, events=(), **steps):
    """A published version of which the second module, a deadline or single steps have other rules."""
    version = published_version()
    version.events = list(events)
    version.save()
    if second:
        Module.objects.filter(version=version, key="second").update(opens=second)
    if first_due:
        Module.objects.filter(version=version, key="first").update(due=first_due)
    for key, rules in steps.items():
        Step.objects.filter(version=version, key=key.replace("_", "-")).update(**rules)
    return version


def waiting_cohort(**values):
    return running_cohort(version_with(second={"event": "town-hall"}, events=EVENT), **values)


def second(enrollment):
    return timeline_of(enrollment.__class__.objects.get(pk=enrollment.pk)).timeline.modules["second"]


def record(cohort, **values):
    usual = {"cohort_id": cohort.pk, "key": "town-hall", "happened_at": NOW, "actor_id": None, "now": NOW}
    return record_event(**usual | values)


def nothing_differs(now=NOW):
    return rebuild_progress(check=True, now=now).differences == ()


def test_an_event_of_the_cohort_opens_for_everybody_also_for_those_who_join_later():
    cohort = waiting_cohort()
    early = enrolled(cohort)
    assert second(early).blocked_by == ("Opens as soon as “Town hall” has taken place",)

    record(cohort)

    late = enrolled(Cohort.objects.get(), "late@example.com")
    assert [second(one).opens_at for one in (early, late)] == [NOW, NOW]
    assert ModuleOpening.objects.filter(enrollment=early, module_key="second", opened_at=NOW).exists()
    told = ActivityEvent.objects.get(verb="cohort.event_recorded")
    assert told.data == {"event": "town-hall", "happened_at": NOW.isoformat()}
    assert nothing_differs()


def test_what_cannot_be_recorded_is_refused_and_nothing_is_written():
    cohort = waiting_cohort()

    with pytest.raises(UnknownKey, match="Name one of town-hall"):
        record(cohort, key="townhall")
    with pytest.raises(InvalidInput, match="not in the future"):
        record(cohort, happened_at=NOW + timedelta(minutes=1))
    with pytest.raises(NothingToDo, match="nothing to take back"):
        record(cohort, happened_at=None)
    with pytest.raises(UnknownKey, match="waits for no event"):
        record(running_cohort())
    with pytest.raises(UnknownKey):
        record_events(cohort_id=cohort.pk, happened={"town-hall": NOW, "townhall": NOW}, actor_id=None, now=NOW)

    assert Cohort.objects.get(pk=cohort.pk).happened == {}
    assert not ActivityEvent.objects.filter(verb="cohort.event_recorded").exists()


def test_taking_an_event_back_leaves_open_what_it_opened():
    cohort = waiting_cohort()
    before = enrolled(cohort)
    record(cohort)

    record(cohort, happened_at=None)

    after = enrolled(Cohort.objects.get(), "after@example.com")
    assert second(before).opens_at == NOW
    assert second(after).opens_at is None
    assert nothing_differs()


def test_an_event_of_one_person_opens_for_that_person():
    cohort = waiting_cohort()
    one, other = enrolled(cohort), enrolled(cohort, "other@example.com")

    record_own_event(enrollment_id=one.pk, key="town-hall", actor_id=None, now=NOW)

    assert second(one).opens_at == NOW
    assert second(other).opens_at is None
    with pytest.raises(NothingToDo):
        record_own_event(enrollment_id=one.pk, key="town-hall", actor_id=None, now=NOW)
    with pytest.raises(UnknownKey, match="Name one of town-hall"):
        record_own_event(enrollment_id=other.pk, key="all-hands", actor_id=None, now=NOW)


TWICE = {"failed": "first/read", "attempts": 2}


def answer(enrollment, *, passed, now):
    return complete_step(
        enrollment_id=enrollment.pk,
        step_key="read",
        now=now,
        passed=passed,
        score_scaled=1.0 if passed else 0.2,
        answer=Answer({"n": now.isoformat()}),
    )


def test_who_fails_twice_is_asked_to_meet_within_three_working_days():
    version = version_with(extra={"required": True, "opens": TWICE, "due": {"from": "opens", "working_days": 3}})
    enrollment = enrolled(running_cohort(version))
    assert enrollment.required == 5

    answer(enrollment, passed=False, now=NOW)
    enrollment.refresh_from_db()
    assert (enrollment.required, enrollment.next_due_at) == (5, datetime(2027, 3, 10, 17, tzinfo=UTC))
    answer(enrollment, passed=False, now=NOW + timedelta(hours=1))

    enrollment.refresh_from_db()
    meeting = timeline_of(enrollment).timeline.steps["extra"]
    assert meeting.opens_at == NOW + timedelta(hours=1)
    assert meeting.due_at == datetime(2027, 3, 8, 13, tzinfo=UTC)
    assert (enrollment.required, enrollment.next_due_at) == (6, meeting.due_at)
    assert enrollment.needs_arming
    assert [one.passed for one in Attempt.objects.order_by("number")] == [False, False]
    assert nothing_differs(NOW + timedelta(hours=1))


def test_a_pass_within_so_many_attempts_opens_and_later_ones_do_not():
    rule = {"passed": "first/read", "within_attempts": 2}
    version = version_with(second=rule)
    cohort = running_cohort(version)
    soon, late = enrolled(cohort), enrolled(cohort, "late@example.com")

    for hour, passed in enumerate([False, True]):
        answer(soon, passed=passed, now=NOW + timedelta(hours=hour))
    for hour, passed in enumerate([False, False, True]):
        answer(late, passed=passed, now=NOW + timedelta(hours=hour))

    assert second(soon).opens_at == NOW + timedelta(hours=1)
    assert second(late).blocked_by == ("Stays closed, because you have not passed Read within 2 attempts",)


def test_nobody_reads_attempts_that_no_rule_counts(django_assert_num_queries):
    enrollment = EnrollmentFactory(cohort=running_cohort())
    timeline_of(enrollment)
    with django_assert_num_queries(3):
        timeline_of(enrollment)


def calendar(organization, **values):
    return save_calendar(**{"organization_id": organization.pk, "name": "Plant", "now": NOW} | values)


OFF = DayException(date(2027, 3, 4), works=False, reason="Founders’ day")
WORKED = DayException(date(2027, 3, 6), works=True, reason="stocktaking")


def test_a_work_calendar_moves_dates_and_its_exceptions_are_named():
    version = version_with(second={"from": "start", "working_days": 1, "at": "09:00"})
    own = calendar(version.journey.organization, base="country", country="fr", exceptions=[OFF])
    cohort = running_cohort(version, calendar_id=own.pk)
    enrollment = enrolled(cohort, time_zone="Europe/Paris")

    opening = second(enrollment)
    assert opening.opens_at == datetime(2027, 3, 5, 8, tzinfo=UTC)
    assert opening.opens_why.endswith("moved from Thursday 4 March: Founders’ day")

    values = {"name": "Plant", "base": "country", "country": "FR", "weekend": (3, 4, 5, 6), "exceptions": [WORKED]}
    change_calendar(calendar_id=own.pk, now=NOW, **values)

    moved = second(enrollment)
    assert moved.opens_at == datetime(2027, 3, 6, 8, tzinfo=UTC)
    assert "Saturday 6 March is worked (stocktaking)" in moved.opens_why
    enrollment.refresh_from_db()
    assert enrollment.next_opens_at == moved.opens_at
    assert nothing_differs()


def test_a_cohort_takes_a_calendar_or_a_country_and_only_one_of_its_own():
    cohort = running_cohort(country="FR")
    own, foreign = calendar(cohort.organization), calendar(OrganizationFactory())

    def update(**changes):
        return update_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW, **changes)

    with pytest.raises(InvalidInput) as both:
        update(calendar_id=own.pk)
    with pytest.raises(InvalidInput) as other:
        update(calendar_id=foreign.pk, country="")
    assert [fault.pointer for fault in (*both.value.faults, *other.value.faults)] == ["/country", "/calendar"]
    assert update(calendar_id=own.pk, country="").calendar == own


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "Plant"}, "/name"),
        ({"base": "mars"}, "/base"),
        ({"base": "country"}, "/country"),
        ({"base": "country", "country": "ZZ"}, "/country"),
        ({"weekend": range(7)}, "/weekend"),
        ({"exceptions": [OFF, OFF]}, "/exceptions"),
    ],
)
def test_a_calendar_that_does_not_fit_says_where(values, pointer):
    organization = OrganizationFactory()
    calendar(organization)

    with pytest.raises(InvalidInput) as refusal:
        calendar(organization, **{"name": "Other"} | values)

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]


def test_one_rule_text_serves_shared_and_individual_dates():
    rule = {"from": "start", "weeks": 1, "at": "09:00"}
    version = version_with(second=rule)
    shared = enrolled(running_cohort(version))
    own_dates = running_cohort(version, clock="individual", starts_on=None, time_zone="Europe/Paris")
    own = enrolled(own_dates, "own@example.com", starts_on="2027-03-15", time_zone="Europe/Paris")

    assert second(shared).opens_at == datetime(2027, 3, 10, 9 - 1, tzinfo=UTC)
    assert second(own).opens_at == datetime(2027, 3, 22, 8, tzinfo=UTC)
    assert second(shared).opens_why == second(own).opens_why == "1 week after the start, at 09:00"


def test_the_end_of_the_cohort_is_an_anchor_and_one_person_gets_longer():
    version = version_with(first_due={"from": "end", "working_days": -2, "at": "18:00"})
    cohort = running_cohort(version, ends_on=date(2027, 4, 30))
    usual, extended = enrolled(cohort), enrolled(cohort, "longer@example.com")

    extend_due(enrollment_id=extended.pk, key="first", until_on=date(2027, 5, 7), actor_id=None, now=NOW)

    def due(enrollment):
        enrollment.refresh_from_db()
        return enrollment.next_due_at.isoformat(), timeline_of(enrollment).timeline.modules["first"].due_why

    assert due(usual) == ("2027-04-28T16:00:00+00:00", "2 working days before the end, at 18:00")
    assert due(extended) == (
        "2027-05-07T16:00:00+00:00",
        "extended to Friday 7 May; was 2 working days before the end, at 18:00",
    )
    update_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW, ends_on=date(2027, 5, 28))
    assert due(usual)[0] == due(extended)[0] == "2027-05-26T16:00:00+00:00"
