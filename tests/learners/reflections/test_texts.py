"""Writing, sharing, taking back and deleting a reflection."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from config.accounts.actor import Actor
from config.events.models import ActivityEvent
from learners.cohorts.actions import withdraw
from learners.cohorts.errors import EnrollmentClosed
from learners.progress.actions import release
from learners.progress.errors import StepLocked
from learners.progress.models import Attempt, Completion
from learners.reflections.actions import delete_reflection, save_draft, save_reflection, unshare
from learners.reflections.errors import (
    AudienceTooWide,
    NewerVersion,
    NothingWritten,
    UnknownReflection,
    WrongKind,
)
from learners.reflections.models import Reflection
from learners.reflections.queries import can_read, list_reflections
from tests.factories.learners import CohortStaffFactory, ReflectionFactory
from tests.learners.running import NOW, enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db

CANARY = "Canary: I was afraid to ask."


@pytest.fixture
def enrollment():
    made = enrolled()
    release(enrollment_id=made.pk, key="second/look-back", actor_id=None, now=NOW)
    release(enrollment_id=made.pk, key="second", actor_id=None, now=NOW)
    return made


def values(enrollment, **more):
    return {"enrollment_id": enrollment.pk, "step_key": "look-back", "text": CANARY, "now": NOW, **more}


def author(enrollment):
    return Actor(organization_id=enrollment.cohort.organization_id, user_id=enrollment.user_id)


def told(*verbs):
    return list(ActivityEvent.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True))


SHARING = ("reflection.shared", "reflection.unshared", "reflection.deleted")


def test_a_draft_is_kept_with_its_prompt_and_completes_nothing(enrollment):
    draft = save_draft(**values(enrollment, audience="cohort"))

    assert (draft.text, draft.prompt, draft.saved_at, draft.revision) == (CANARY, "What did you notice?", None, 1)
    assert draft.author_id == enrollment.user_id
    assert Completion.objects.count() == 0
    assert told(*SHARING) == []


def test_saving_completes_the_step_and_keeps_no_second_copy(enrollment):
    saved = save_reflection(**values(enrollment))

    assert (saved.saved_at, saved.audience) == (NOW, "private")
    assert Completion.objects.get().step_key == "look-back"
    assert Attempt.objects.count() == 0
    assert told(*SHARING) == []


def test_sharing_is_told_without_a_word_of_the_text(enrollment):
    save_reflection(**values(enrollment, audience="facilitator"))

    assert told(*SHARING) == ["reflection.shared"]
    event = ActivityEvent.objects.get(verb="reflection.shared")
    assert event.data == {"journey": enrollment.version.journey.key, "step": "look-back", "audience": "facilitator"}
    everything = json.dumps(list(ActivityEvent.objects.values_list("data", flat=True)))
    assert "Canary" not in everything


def test_saving_again_shares_again_only_when_the_audience_changes(enrollment):
    first = save_reflection(**values(enrollment, audience="facilitator"))
    second = save_reflection(
        **values(enrollment, text="More", audience="facilitator", expected_revision=first.revision)
    )
    third = save_reflection(**values(enrollment, text="More", audience="cohort", expected_revision=second.revision))
    save_reflection(**values(enrollment, text="More", audience="private", expected_revision=third.revision))

    assert told(*SHARING) == ["reflection.shared", "reflection.shared", "reflection.unshared"]
    assert Reflection.objects.count() == Completion.objects.count() == 1


def test_a_shared_text_is_a_draft_again_while_it_is_changed(enrollment):
    facilitator = CohortStaffFactory(cohort=enrollment.cohort).user
    reader = Actor(organization_id=enrollment.cohort.organization_id, user_id=facilitator.pk)
    saved = save_reflection(**values(enrollment, audience="facilitator"))
    assert can_read(reader, saved)

    draft = save_draft(
        **values(enrollment, text="Half a sent", audience="facilitator", expected_revision=saved.revision)
    )
    assert not can_read(reader, draft)
    assert Completion.objects.count() == 1

    again = save_reflection(
        **values(enrollment, text="A sentence", audience="facilitator", expected_revision=draft.revision)
    )
    assert can_read(reader, again)
    assert told(*SHARING) == ["reflection.shared", "reflection.unshared", "reflection.shared"]


def test_a_private_text_that_is_saved_stays_saved_while_it_is_changed(enrollment):
    saved = save_reflection(**values(enrollment))

    draft = save_draft(**values(enrollment, text="More", expected_revision=saved.revision))

    assert (draft.saved_at, draft.text) == (NOW, "More")


@pytest.mark.parametrize("audience", ["facilitator", "cohort"])
def test_a_wider_audience_in_a_draft_lets_nobody_in_until_it_is_saved(enrollment, audience):
    facilitator = CohortStaffFactory(cohort=enrollment.cohort, role="facilitator").user
    reader = Actor(organization_id=enrollment.cohort.organization_id, user_id=facilitator.pk)
    save_reflection(**values(enrollment))

    draft = save_draft(**values(enrollment, audience=audience, expected_revision=1, text="Half a sen"))
    assert not can_read(reader, draft)
    assert told(*SHARING) == []

    shared = save_reflection(**values(enrollment, audience=audience, expected_revision=2))
    assert can_read(reader, shared)
    assert told(*SHARING) == ["reflection.shared"]


@pytest.mark.parametrize("act", [save_draft, save_reflection])
def test_a_second_tab_overwrites_nothing_unseen(enrollment, act):
    first = save_draft(**values(enrollment, expected_revision=0))
    save_draft(**values(enrollment, text="Newer", expected_revision=first.revision))

    for stale in (first.revision, None, 0):
        with pytest.raises(NewerVersion) as refusal:
            act(**values(enrollment, text="Older", expected_revision=stale))
        assert refusal.value.revision == 2

    assert Reflection.objects.get().text == "Newer"


def test_nothing_written_is_refused_when_saving_and_kept_as_a_draft(enrollment):
    with pytest.raises(NothingWritten):
        save_reflection(**values(enrollment, text=" \n "))
    assert save_draft(**values(enrollment, text="")).text == ""


def test_an_audience_that_the_designer_does_not_allow_is_refused():
    version = published_version(reflection={"prompt": "Why?", "audience": "facilitator"})
    enrollment = enrolled(running_cohort(version))
    for key in ("second", "second/look-back"):
        release(enrollment_id=enrollment.pk, key=key, actor_id=None, now=NOW)

    for audience in ("cohort", "everyone"):
        for act in (save_draft, save_reflection):
            with pytest.raises(AudienceTooWide):
                act(**values(enrollment, audience=audience))
    assert Reflection.objects.count() == 0


def test_steps_that_are_closed_or_of_another_kind_take_no_text(enrollment):
    other = enrolled(enrollment.cohort, "other@example.com")

    with pytest.raises(StepLocked):
        save_reflection(**values(other))
    with pytest.raises(WrongKind):
        save_reflection(**values(enrollment, step_key="read"))
    assert Reflection.objects.count() == 0


def test_after_leaving_nothing_is_added_and_everything_can_be_taken_back(enrollment):
    saved = save_reflection(**values(enrollment, audience="cohort"))
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    with pytest.raises(EnrollmentClosed):
        save_draft(**values(enrollment, expected_revision=saved.revision))
    assert unshare(actor=author(enrollment), reflection_uuid=saved.uuid, now=NOW).audience == "private"
    delete_reflection(actor=author(enrollment), reflection_uuid=saved.uuid, now=NOW)
    assert Reflection.objects.count() == 0


def test_taking_back_twice_is_told_once(enrollment):
    saved = save_reflection(**values(enrollment, audience="cohort"))

    for _ in range(2):
        unshare(actor=author(enrollment), reflection_uuid=saved.uuid, now=NOW)

    assert told(*SHARING) == ["reflection.shared", "reflection.unshared"]


def test_deleting_leaves_the_completion_and_no_trace_of_the_text(enrollment):
    saved = save_reflection(**values(enrollment))

    delete_reflection(actor=author(enrollment), reflection_uuid=saved.uuid, now=NOW)

    assert list(list_reflections(author(enrollment))) == []
    assert Completion.objects.get().step_key == "look-back"
    assert told("reflection.deleted") == ["reflection.deleted"]


def test_nobody_but_the_author_takes_back_or_deletes():
    reflection = ReflectionFactory(audience="cohort")
    organization_id = reflection.enrollment.cohort.organization_id
    facilitator = CohortStaffFactory(cohort=reflection.enrollment.cohort).user
    roles = frozenset({"administrator"})
    others = [
        Actor(organization_id=organization_id, user_id=facilitator.pk, roles=roles),
        Actor(organization_id=organization_id),
        Actor(organization_id=organization_id + 1, user_id=reflection.author_id),
    ]

    for actor in others:
        for act in (unshare, delete_reflection):
            with pytest.raises(UnknownReflection):
                act(actor=actor, reflection_uuid=reflection.uuid, now=NOW)
    assert Reflection.objects.get().audience == "cohort"


def test_saving_takes_at_most_10_queries(enrollment, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as captured:
        save_reflection(**values(enrollment, audience="cohort"))

    own = [q for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len(own) == 10


@pytest.mark.parametrize("texts", [1, 3])
def test_own_list_costs_one_query(texts, django_assert_num_queries):
    first = ReflectionFactory()
    for day in range(texts - 1):
        ReflectionFactory(enrollment=first.enrollment, changed_at=datetime(2027, 4, 1 + day, tzinfo=UTC))
    actor = author(first.enrollment)

    with django_assert_num_queries(1):
        rows = [(r.text, r.enrollment.version.title, r.enrollment.cohort.name) for r in list_reflections(actor)]

    assert len(rows) == texts
    assert rows == sorted(rows, reverse=True)


def test_a_draft_saved_later_is_listed_first(enrollment):
    ReflectionFactory(enrollment=enrollment, changed_at=NOW - timedelta(days=1))
    newest = save_draft(**values(enrollment))

    assert list_reflections(author(enrollment)).first() == newest
