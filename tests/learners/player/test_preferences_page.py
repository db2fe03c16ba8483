"""What reaches a person, where and when."""

from datetime import UTC, datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup

from config.accounts.models import User
from learners.cohorts.models import Enrollment
from learners.nudges.actions.suppress import stop_messages
from learners.nudges.letters.paper import category_words
from learners.nudges.links import Stop
from learners.nudges.rules.wanted import Plan, check_in_timers
from learners.people.models import ChannelChoice, Preferences
from tests.learners.player.journey import NOW, do, join, make_cohort, make_version

pytestmark = pytest.mark.django_db

SENT = {
    "time_zone": "Europe/Paris",
    "quiet_from": "19:00",
    "quiet_until": "08:00",
    "paused_until": "",
    "theme": "system",
    **{
        f"{what}:{where}": "on"
        for what in ("practice", "reflection", "step", "due", "live")
        for where in ("email", "in-app")
    },
}


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def test_saving_what_stands_there_changes_nothing(page, enrollment):
    answer = page.post("/preferences/", SENT)

    assert answer.status_code == 302
    assert ChannelChoice.objects.count() == 0
    kept = Preferences.objects.get()
    assert (kept.quiet_from, kept.quiet_until, kept.theme) == (time(19), time(8), "system")


def test_a_kind_of_message_is_switched_off_on_one_channel(page, enrollment):
    page.post("/preferences/", {name: value for name, value in SENT.items() if name != "practice:email"})

    choice = ChannelChoice.objects.get()
    assert (choice.category, choice.channel, choice.is_on) == ("practice", "email", False)
    assert "practice:email" not in {box["name"] for box in soup(page.get("/preferences/")).select(".matrix [checked]")}


def test_moving_to_another_zone_moves_every_date(page, enrollment):
    page.post("/preferences/", {**SENT, "time_zone": "Asia/Tokyo"})

    moved = Enrollment.objects.get()
    assert moved.user.time_zone == "Asia/Tokyo"
    assert moved.next_opens_at == datetime(2027, 3, 10, 0, tzinfo=UTC)
    assert moved.needs_arming


def test_a_pause_lasts_until_the_day_begins_where_the_person_lives(page, enrollment):
    page.post("/preferences/", {**SENT, "paused_until": "2027-03-09"})
    paused = Preferences.objects.get().paused_until
    page.post("/preferences/", SENT)

    assert paused == datetime(2027, 3, 8, 23, tzinfo=UTC)
    assert Preferences.objects.get().paused_until is None


def test_colors_are_kept_and_worn_by_every_page(page, enrollment):
    page.post("/preferences/", {**SENT, "theme": "dark"})

    assert soup(page.get("/")).html["data-theme"] == "dark"
    assert soup(page.get(f"/journeys/{enrollment.uuid}/steps/read/")).html["data-theme"] == "dark"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"quiet_from": "soon"}, "quiet_from"),
        ({"paused_until": "2027-03-01"}, "paused_until"),
        ({"quiet_days": ["0", "1", "2", "3", "4", "5", "6"]}, "quiet_days"),
        ({"theme": "pink"}, "theme"),
    ],
)
def test_a_wrong_value_is_named_and_the_rest_is_kept_in_the_form(page, enrollment, change, field):
    answer = page.post("/preferences/", {**SENT, "quiet_until": "07:15", **change})

    shown = soup(answer)
    assert answer.status_code == 422
    assert shown.title.get_text().startswith("Error:")
    link = shown.select_one("[autofocus] a")["href"]
    assert field in link
    assert shown.select(link)
    assert shown.select_one("#id_quiet_until")["value"] == "07:15"
    assert Preferences.objects.count() == 0


def test_the_coming_week_is_that_of_the_schedule(page, enrollment):
    before = {words(day) for day in soup(page.get("/preferences/")).select(".agenda li")}
    page.post("/preferences/", {**SENT, "quiet_from": "15:00", "quiet_until": "17:30"})
    after = {words(day) for day in soup(page.get("/preferences/")).select(".agenda li")}

    assert "Thu 4 March 16:00 What did you try this week? E-mail, in app" in before
    assert "Thu 4 March 17:30 What did you try this week? E-mail, in app · after your quiet hours" in after
    assert "Fri 5 March Nothing is planned" in before


def test_a_message_for_a_day_without_messages_says_that_it_was_moved(page, enrollment):
    page.post("/preferences/", {**SENT, "quiet_days": ["3"]})

    (moved,) = [
        words(day) for day in soup(page.get("/preferences/")).select(".agenda li") if "What did you try" in words(day)
    ]
    assert not moved.startswith("Thu")
    assert "moved off a day without messages" in moved
    assert "quiet hours" not in moved


def test_the_coming_week_leaves_out_what_is_off_or_paused(page, enrollment):
    page.post("/preferences/", {**SENT, "paused_until": "2027-03-08"})
    paused = words(soup(page.get("/preferences/")).select_one(".agenda"))
    off = {name: value for name, value in SENT.items() if not name.startswith("reflection:")}
    page.post("/preferences/", off)
    silent = words(soup(page.get("/preferences/")).select_one(".agenda"))

    assert "What did you try" not in paused
    assert "What did you try" not in silent


def test_the_coming_week_tells_days_of_a_pause_and_when_it_ends(page, enrollment):
    page.post("/preferences/", {**SENT, "paused_until": "2027-03-06"})

    days = [words(day) for day in soup(page.get("/preferences/")).select(".agenda li")]

    assert days[:3] == [f"{day} Paused until Saturday 6 March" for day in ("Wed 3 March", "Thu 4 March", "Fri 5 March")]
    assert days[3] == "Sat 6 March Nothing is planned"


def test_the_coming_week_tells_check_ins(page, enrollment):
    do(enrollment, "plan")

    before = {words(day) for day in soup(page.get("/preferences/")).select(".agenda li")}
    page.post("/preferences/", {name: value for name, value in SENT.items() if name != "practice:email"})
    in_app = {words(day) for day in soup(page.get("/preferences/")).select(".agenda li")}

    told = "Mon 8 March 16:00 Did the moment come? If Jo asks for numbers, then I ask what they are for"
    assert f"{told} E-mail, in app" in before
    assert f"{told} in app" in in_app


def test_the_link_in_a_check_in_stops_what_preferences_call_the_same(page, enrollment):
    (asked,) = check_in_timers([Plan("plan", NOW)], zone="Europe/Paris")
    stop_messages(Stop(enrollment.user.uuid, asked.category, "email"), now=NOW)

    rows = soup(page.get("/preferences/")).select(".matrix tbody tr")
    row = next(row for row in rows if "the moment of your plan came" in words(row))
    assert [box.has_attr("checked") for box in row.select("input")] == [False, True]
    assert "check-ins" in category_words(asked.category)


def test_each_zone_is_offered_once_under_its_place_and_country(page, enrollment):
    options = {one["value"]: one.get_text() for one in soup(page.get("/preferences/")).select("#id_time_zone option")}

    assert options["Asia/Kolkata"] == "Kolkata, India (UTC+5:30)"
    assert options["America/Indiana/Knox"] == "Knox, Indiana, United States (UTC−6)"
    assert options["America/Argentina/Buenos_Aires"] == "Buenos Aires, Argentina (UTC−3)"
    assert not {"Asia/Calcutta", "US/Eastern", "Europe/Kiev"} & set(options), "Older names of the same zones."
    assert len(set(options.values())) == len(options)


def test_an_older_name_that_somebody_has_stays_theirs(page, enrollment):
    User.objects.filter(pk=enrollment.user_id).update(time_zone="Asia/Calcutta")

    chosen = soup(page.get("/preferences/")).select_one("#id_time_zone option[selected]")

    assert (chosen["value"], chosen.get_text()) == ("Asia/Calcutta", "Asia/Calcutta (UTC+5:30)")


def test_boxes_are_called_by_what_they_switch(page, enrollment):
    boxes = soup(page.get("/preferences/")).select(".matrix td")

    assert [words(box) for box in boxes[:2]] == ["Practice by e-mail", "Practice in the app"]


def test_a_quiet_day_is_called_one(page, enrollment):
    page.post("/preferences/", {**SENT, "quiet_days": ["3"]})

    days = {words(day) for day in soup(page.get("/preferences/")).select(".agenda li")}

    assert "Thu 4 March A day without messages" in days
    assert any(day.startswith("Fri 5 March 00:00") or "Fri 5 March 08:00" in day for day in days)


@pytest.mark.parametrize("journeys", [1, 3])
def test_preferences_cost_twelve_queries(page, enrollment, journeys, django_assert_num_queries):
    for _number in range(journeys - 1):
        do(join(make_cohort(make_version(enrollment.cohort.organization))), "read")
    page.get("/preferences/")

    with django_assert_num_queries(12):
        page.get("/preferences/")


def test_a_pause_that_has_ended_is_not_shown(page, enrollment, clock):
    page.post("/preferences/", {**SENT, "paused_until": "2027-03-09"})
    clock.move_to(NOW + timedelta(days=10))

    assert not soup(page.get("/preferences/")).select_one("#id_paused_until").get("value")
