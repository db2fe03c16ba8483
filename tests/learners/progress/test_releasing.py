"""Opening by hand for many people at once."""

import pytest

from config.events.models import ActivityEvent
from journeys.authoring.models import Module
from learners.cohorts.errors import NothingToDo
from learners.cohorts.models import Enrollment, EnrollmentAdjustment
from learners.progress.actions import rebuild_progress, release_many
from learners.progress.models import ModuleOpening
from tests.learners.running import NOW, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    version = published_version()
    Module.objects.filter(version=version, key="second").update(opens={"released": "second"})
    return running_cohort(version)


def people(cohort, count):
    return [enrolled(cohort, f"p{number}@example.com") for number in range(count)]


def test_everybody_gets_it_with_opening_event_and_roll_up(cohort):
    made = people(cohort, 2)
    Enrollment.objects.update(needs_arming=False)

    released = release_many(
        enrollment_ids=[one.pk for one in made], key="second", reason=" now ", actor_id=made[0].user_id, now=NOW
    )

    assert released == 2
    after = Enrollment.objects.filter(cohort=cohort)
    assert [(one.module_states["second"], one.needs_arming) for one in after] == [("open", True)] * 2
    assert set(ModuleOpening.objects.filter(module_key="second").values_list("opened_at", flat=True)) == {NOW}
    assert set(EnrollmentAdjustment.objects.values_list("kind", "key", "reason")) == {("release", "second", "now")}
    told = ActivityEvent.objects.filter(verb="enrollment.adjusted")
    assert [event.data["key"] for event in told] == ["second"] * 2
    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_a_repeat_and_an_unknown_key_are_refused_and_write_nothing(cohort):
    made = people(cohort, 1)
    release_many(enrollment_ids=[made[0].pk], key="second", actor_id=None, now=NOW)

    for key in ("second", "third"):
        with pytest.raises(NothingToDo):
            release_many(enrollment_ids=[made[0].pk], key=key, actor_id=None, now=NOW)
    assert EnrollmentAdjustment.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_its_queries_do_not_grow_with_the_people(cohort, django_assert_num_queries, count):
    ids = [one.pk for one in people(cohort, count)]
    release_many(enrollment_ids=ids[:1], key="second/plan", actor_id=None, now=NOW)

    with django_assert_num_queries(13):
        release_many(enrollment_ids=ids, key="second", actor_id=None, now=NOW)
