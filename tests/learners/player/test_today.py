"""Today: one thing to do, or a calm word."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from config.accounts.models import Membership
from journeys.authoring.models import JourneyVersion, Module, Step
from learners.cohorts.actions import withdraw
from learners.nudges.models import NudgeDelivery
from learners.people.actions import invite_member
from learners.progress.actions.adjusting import pause
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.actions import check_in
from learners.reflections.models import Commitment
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.learners import CommitmentFactory, LiveSessionFactory, SignOffFactory
from tests.factories.nudges import NudgeDeliveryFactory
from tests.learners.player.journey import (
    FIRST_STEPS,
    NOW,
    actor_of,
    do,
    join,
    make_cohort,
    make_version,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def soup(client):
    response = client.get("/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def test_the_first_step_is_the_only_yellow_thing(page):
    shown = soup(page)

    slab = shown.select_one(".slab.next")
    assert words(slab.select_one("h2")) == "The first week"
    assert "People like to be asked." in words(slab)
    assert "Read 10 minutes" in words(slab)
    assert len(shown.select(".btn.blaze, .turn")) == 2
    assert "Good afternoon, Lena" in words(shown.select_one("h1"))


def test_the_order_of_the_page(page, enrollment, clock):
    do(enrollment, "plan")
    LiveSessionFactory(cohort=enrollment.cohort, step_key="meet", starts_at=NOW + timedelta(days=6))
    SignOffFactory(signer=enrollment.user, asked_at=NOW, expires_at=NOW + timedelta(days=30), **someone())
    clock.move_to(NOW + timedelta(days=5, hours=5))

    headings = [words(one) for one in soup(page).select("main h2")]

    assert headings == [
        "The first week",
        "Your commitment",
        "Someone is waiting for you",
        "This week",
        "Next live session",
        "Your journey",
    ]


def someone(**values):
    """A colleague of another cohort who reported a practice."""
    other = join(make_cohort(make_version()), email="amal@example.com", name="Amal Haddad")
    return {"attempt__enrollment": other, "attempt__step_key": "try-it", **values}


def test_whoever_waits_is_named_and_reached_by_one_press(page, enrollment):
    asked = SignOffFactory(signer=enrollment.user, expires_at=NOW + timedelta(days=1), **someone())
    SignOffFactory(signer=enrollment.user, expires_at=NOW - timedelta(days=1), **someone())

    waiting = soup(page).select_one(".waiting")

    assert "Amal Haddad asked you to confirm “Try it”" in words(waiting)
    assert [link["href"] for link in waiting.select("a")] == [f"/sign-off/{sign_off_token(asked)}/"]


def test_a_commitment_is_asked_about_once_its_moment_has_come(page, enrollment, clock):
    do(enrollment, "plan")
    before = soup(page).select_one(".promise")
    clock.move_to(NOW + timedelta(days=6))
    after = soup(page).select_one(".promise")

    assert not before.select("button")
    assert "We ask you on Mon 8 March, 16:00" in words(before)
    assert [button["value"] for button in after.select("button")] == ["happened", "not_yet", "did_not_come_up"]
    assert "If Jo asks for numbers, then I ask what they are for." in words(after)


def test_of_two_plans_the_one_is_shown_that_is_asked_about_first(page, enrollment):
    do(enrollment, "plan")
    later = NOW + timedelta(days=9)
    CommitmentFactory(enrollment=enrollment, cue="The newer one", made_at=later, changed_at=later, check_in_at=later)

    assert "If Jo asks for numbers" in words(soup(page).select_one(".promise"))


@pytest.mark.parametrize(("answer", "stays"), [("happened", False), ("not_yet", True), ("did_not_come_up", False)])
def test_an_answered_commitment_rests_unless_its_moment_may_still_come(page, enrollment, clock, answer, stays):
    do(enrollment, "plan")
    clock.move_to(NOW + timedelta(days=6))
    plan = Commitment.objects.get()
    check_in(actor=actor_of(enrollment), commitment_uuid=plan.uuid, answer=answer, now=NOW + timedelta(days=6))

    promise = soup(page).select_one(".promise")

    assert bool(promise) is stays


def test_the_weeks_moments_are_counted_in_days(page, enrollment, clock):
    nothing = words(soup(page).select_one(".rhythm"))
    do(enrollment, "read", "watch")
    once = words(soup(page).select_one(".rhythm"))
    clock.move_to(NOW + timedelta(days=1))
    do(enrollment, "recall", now=NOW + timedelta(days=1))
    twice = soup(page).select_one(".rhythm")
    clock.move_to(NOW + timedelta(days=5))
    next_week = words(soup(page).select_one(".rhythm"))

    assert "No moment yet. One small step counts." in nothing
    assert "1 of 3 moments" in once
    assert "2 of 3 moments" in words(twice)
    assert len(twice.select("i.on")) == 2
    assert "No moment yet" in next_week


def test_after_ten_days_the_page_is_calm_and_asks_for_one_step(page, enrollment, clock):
    do(enrollment, "read")
    clock.move_to(NOW + timedelta(days=11))

    shown = soup(page)

    assert "Welcome back, Lena" in words(shown.select_one("h1"))
    assert "Start with this, it takes 10 minutes. The rest has waited." in words(shown.select_one(".slab"))


def test_when_all_is_done_for_now_the_next_opening_is_told(page, enrollment):
    do(enrollment, *FIRST_STEPS)

    calm = soup(page).select_one(".calm")

    assert words(calm.select_one("h2")) == "Nothing is planned for today"
    assert "“The second week” opens Wednesday 10 March, 09:00." in words(calm)
    assert not calm.select(".here")


def test_what_waits_for_an_event_says_so(db, clock):
    version = make_version()
    JourneyVersion.objects.filter(pk=version.pk).update(events=[{"key": "fair", "title": "Spring fair"}])
    Module.objects.filter(version=version, key="second").update(opens={"event": "fair"})
    enrollment = join(make_cohort(JourneyVersion.objects.get(pk=version.pk)))
    do(enrollment, *FIRST_STEPS)

    calm = soup(signed_in(enrollment.user)).select_one(".calm")

    assert "“The second week” comes next. Opens as soon as “Spring fair” has taken place." in words(calm)


def test_nobody_is_sent_to_reflections_that_they_have_not_written(page, enrollment):
    reflections = Step.objects.filter(version=enrollment.version, activity__kind="reflection")
    written = set(reflections.values_list("key", flat=True))
    reflections.update(required=False)
    do(enrollment, *(key for key in FIRST_STEPS if key not in written))
    Step.objects.filter(key__in=written, version=enrollment.version).update(opens={"date": "2028-01-03"})

    assert "Read your reflections" not in words(soup(page).select_one("main"))


def test_a_journey_that_has_not_begun_asks_for_nothing(db, clock):
    enrollment = join(make_cohort(starts_on=(NOW + timedelta(days=5)).date()))

    shown = soup(signed_in(enrollment.user))

    assert words(shown.select_one(".calm h2")) == "Your journey has not started yet"
    assert "Monday 8 March, 09:00" in words(shown.select_one(".calm"))
    assert not shown.select(".rhythm")


def test_a_pause_is_told_with_who_can_end_it(page, enrollment):
    pause(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    calm = words(soup(page).select_one(".calm"))

    assert "Your journey is paused" in calm
    assert "Nadia Rahman can start it again." in calm


def test_a_finished_journey_offers_the_persons_own_words(page, enrollment, clock):
    do(enrollment, *FIRST_STEPS)
    clock.move_to(NOW + timedelta(days=8))
    do(enrollment, "again", "last-look", now=NOW + timedelta(days=8))

    calm = soup(page).select_one(".calm")

    assert "You reached the end on Thursday 11 March 2027." in words(calm)
    assert calm.select_one("a")["href"] == f"/journeys/{enrollment.uuid}/recap/"


def test_whoever_left_is_told_whom_to_ask(page, enrollment):
    withdraw(enrollment_id=enrollment.pk, actor_id=None, now=NOW)

    assert "If you want to come back, ask Nadia Rahman" in words(soup(page).select_one(".calm"))


def test_two_journeys_give_one_next_step_and_both_maps(page, enrollment):
    second = join(make_cohort(make_version(enrollment.cohort.organization, title="Say it soon")))
    do(second, "read")

    shown = soup(page)

    maps = {link["href"] for link in shown.select(".side a[href^='/journeys/']")}
    assert maps == {f"/journeys/{enrollment.uuid}/", f"/journeys/{second.uuid}/"}
    assert len(shown.select(".slab")) == 1


def test_a_meeting_is_told_until_it_has_ended(page, enrollment, clock):
    LiveSessionFactory(cohort=enrollment.cohort, step_key="meet", starts_at=NOW, minutes=50)
    clock.move_to(NOW + timedelta(minutes=49))
    during = soup(page).select_one(".live")
    clock.move_to(NOW + timedelta(minutes=51))

    assert "Wednesday 3 March, 12:00 to 12:50 Paris time" in words(during)
    assert not soup(page).select(".live")


def test_messages_are_one_calm_note_and_are_put_away(page, enrollment):
    mine = NudgeDeliveryFactory(**message(enrollment, text="What did you try?"))
    foreign = NudgeDeliveryFactory(**message(join(make_cohort(), email="other@example.com"), text="Not yours."))

    note = soup(page).select_one("main .note")
    page.post("/messages/read/", {"message": [str(mine.uuid), str(foreign.uuid), "nonsense"]})

    assert "What did you try?" in words(note)
    assert "Not yours." not in words(note)
    assert not soup(page).select("main .note")
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_of_the_last_seven_days_the_two_newest_prompts_are_shown(page, enrollment):
    for days in (8, 6, 1, 3):
        NudgeDeliveryFactory(**message(enrollment, text=f"{days} days old", sent_at=NOW - timedelta(days=days)))

    said = words(soup(page).select_one("main .note"))
    page.post("/messages/read/", {"message": [str(NudgeDelivery.objects.get(text="1 days old").uuid)]})

    assert re.findall(r"\d days old", said) == ["1 days old", "3 days old"]
    assert re.findall(r"\d days old", words(soup(page).select_one("main .note"))) == ["3 days old", "6 days old"]


def test_a_prompt_whose_step_is_done_is_shown_no_more(page, enrollment):
    NudgeDeliveryFactory(**message(enrollment, text="Try it today", target="try-it"))
    NudgeDeliveryFactory(**message(enrollment, text="What will you read?", target="read"))
    before = words(soup(page).select_one("main .note"))

    do(enrollment, "try-it")

    assert "Try it today" in before
    assert "Try it today" not in words(soup(page).select_one("main .note"))
    assert "What will you read?" in words(soup(page).select_one("main .note"))


def message(enrollment, **values):
    return {
        "recipient": enrollment.user,
        "organization": enrollment.cohort.organization,
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "channel": "in-app",
        "state": "sent",
        "sent_at": NOW,
        **values,
    }


def test_somebody_without_a_journey_is_told_what_would_bring_one(db):
    member = MembershipFactory()

    calm = words(soup(signed_in(member.user)).select_one(".calm"))

    assert "Your journey will appear here" in calm
    assert member.user.email in calm


def test_designers_and_staff_find_their_places(enrollment):
    designer = invite_member(
        organization_id=enrollment.cohort.organization_id,
        email="designer@example.com",
        name="Dalia",
        is_designer=True,
        now=NOW,
    )
    nadia = enrollment.cohort.staff.get().user

    designs = soup(signed_in(designer)).select("main .side a")
    runs = soup(signed_in(nadia)).select("main .side a")

    assert [link["href"] for link in designs] == ["/admin/studio/"]
    assert [link["href"] for link in runs] == [f"/cohorts/{enrollment.cohort.uuid}/"]


def test_a_person_without_any_organization_is_told_whom_to_ask(db):
    answer = signed_in(UserFactory()).get("/")

    assert answer.status_code == 403


def test_nothing_of_another_organization_is_shown(page, enrollment):
    elsewhere = join(make_cohort(make_version(title="Elsewhere")), email=enrollment.user.email)
    LiveSessionFactory(cohort=elsewhere.cohort, step_key="meet", starts_at=NOW + timedelta(days=1))
    NudgeDeliveryFactory(**message(elsewhere, text="From elsewhere."))

    shown = words(soup(page))

    assert "Elsewhere" not in shown
    assert "From elsewhere." not in shown
    assert "live session" not in shown


def test_the_active_organization_is_switched_and_kept(page, enrollment):
    elsewhere = join(make_cohort(make_version(title="Elsewhere")), email=enrollment.user.email)
    stranger = make_cohort()

    page.post("/organization/", {"organization": str(stranger.organization.uuid)})
    stayed = words(soup(page))
    page.post("/organization/", {"organization": str(elsewhere.cohort.organization.uuid)})
    switched = words(soup(page))

    assert "Ask first" in stayed
    assert "Elsewhere" in switched
    assert Membership.objects.filter(user=enrollment.user).count() == 2


@pytest.mark.parametrize("journeys", [1, 3])
def test_today_costs_twelve_queries_however_much_is_on_it(page, enrollment, journeys, clock, django_assert_num_queries):
    for number in range(journeys - 1):
        more = join(make_cohort(make_version(enrollment.cohort.organization, title=f"More {number}")))
        do(more, "plan")
    do(enrollment, "plan", "read")
    for number in range(journeys):
        LiveSessionFactory(cohort=make_cohort(enrollment.version), step_key=f"meet-{number}")
        SignOffFactory(signer=enrollment.user, expires_at=NOW + timedelta(days=30), **someone())
        NudgeDeliveryFactory(**message(enrollment, text="What did you try?"))
    clock.move_to(NOW + timedelta(days=6))
    page.get("/")

    with django_assert_num_queries(12):
        page.get("/")
