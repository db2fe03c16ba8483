"""Changes that move the dates of many."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from learners.cohorts.errors import ForeignVersion, UnknownCohort, VersionNotPublished
from learners.cohorts.models import Cohort, Enrollment
from learners.people.errors import BadZone
from learners.progress.actions import change_time_zone, rebuild_progress, update_cohort
from tests.factories.journeys import JourneyVersionFactory
from tests.learners.running import NOW, START, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


def update(cohort, **changes):
    return update_cohort(cohort_id=cohort.pk, actor_id=None, now=NOW, **changes)


def test_a_new_start_moves_everybody_and_marks_them_for_the_engine():
    cohort = running_cohort(starts_on=date(2027, 3, 10))
    people = [enrolled(cohort, f"p{n}@example.com") for n in range(3)]
    assert people[0].next_opens_at == datetime(2027, 3, 10, 8, tzinfo=UTC)
    Enrollment.objects.update(needs_arming=False)

    update(cohort, starts_on=date(2027, 3, 17))

    rows = list(Enrollment.objects.all())
    assert {row.next_opens_at for row in rows} == {datetime(2027, 3, 17, 8, tzinfo=UTC)}
    assert {row.needs_arming for row in rows} == {True}
    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_a_new_name_moves_nobody():
    cohort = running_cohort()
    enrollment = enrolled(cohort)

    update(cohort, name=" Summer ")

    enrollment.refresh_from_db()
    assert (Cohort.objects.get().name, enrollment.revision) == ("Summer", 0)


def test_a_change_that_changes_nothing_writes_nothing():
    cohort = running_cohort()

    update(cohort, name=cohort.name, starts_on=cohort.starts_on)

    assert ActivityEvent.objects.filter(verb="cohort.updated").count() == 0


def test_faults_leave_the_cohort_as_it_was():
    cohort = running_cohort()

    with pytest.raises(InvalidInput):
        update(cohort, ends_on=START - timedelta(days=1))
    with pytest.raises(UnknownCohort):
        update_cohort(cohort_id=0, actor_id=None, now=NOW, name="x")

    assert Cohort.objects.get().ends_on is None


def test_a_new_version_is_for_new_people_of_the_same_journey():
    cohort = running_cohort()
    enrollment = enrolled(cohort)
    newer = JourneyVersionFactory(journey=cohort.version.journey, number=99, status="published", published_at=NOW)

    update(cohort, version_id=newer.pk)

    enrollment.refresh_from_db()
    assert enrollment.version_id != newer.pk
    assert enrolled(Cohort.objects.get(), "new@example.com").version_id == newer.pk
    with pytest.raises(ForeignVersion):
        update(cohort, version_id=published_version().pk)
    draft = JourneyVersionFactory(journey=newer.journey, number=120)
    with pytest.raises(VersionNotPublished):
        update(cohort, version_id=draft.pk)


def test_a_move_to_another_zone_moves_what_is_still_to_come():
    cohort = running_cohort(starts_on=date(2027, 3, 10))
    enrollment = enrolled(cohort, time_zone="Europe/Paris")
    other = enrolled(cohort, "other@example.com", time_zone="Europe/Paris")

    change_time_zone(user_id=enrollment.user_id, time_zone="Asia/Tokyo", now=NOW)

    enrollment.refresh_from_db()
    assert enrollment.next_opens_at == datetime(2027, 3, 10, 0, tzinfo=UTC)
    before = other.next_opens_at
    other.refresh_from_db()
    assert other.next_opens_at == before
    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_the_same_zone_writes_nothing_and_a_bad_one_is_refused():
    enrollment = enrolled(time_zone="Europe/Paris")

    change_time_zone(user_id=enrollment.user_id, time_zone="Europe/Paris", now=NOW)

    assert Enrollment.objects.get().revision == 0
    for zone in ("Mars/Olympus", ""):
        with pytest.raises((BadZone, InvalidInput)):
            change_time_zone(user_id=enrollment.user_id, time_zone=zone, now=NOW)
