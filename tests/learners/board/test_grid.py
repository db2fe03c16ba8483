"""The grid: filters, order, pages, and the same for a spreadsheet."""

import csv
import io
from datetime import timedelta

import pytest

from journeys.authoring.models import Module
from learners.cohorts.actions import withdraw
from learners.cohorts.models import Enrollment
from learners.progress.actions import complete_step, pause
from tests.learners.board.pages import board_url, browser_of, csv_of, grid, page, text_of
from tests.learners.running import NOW, enrolled, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world):
    return browser_of(world.facilitator)


def rows(client, world, query=""):
    return grid(page(client, board_url(world.cohort) + query))


def names(client, world, query=""):
    return [row[0] for row in rows(client, world, query)]


def csv_rows(client, world, query=""):
    text = csv_of(client, board_url(world.cohort, "people.csv") + query)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_row_says_a_word_for_each_module_status_and_day(client, world, clock):
    complete_step(enrollment_id=world.ada.pk, step_key="try-it", now=NOW)
    clock.move_to(NOW + timedelta(days=1))

    ada, ben = rows(client, world)

    assert ada == ["Ada Canary", "Completed", "Not open yet", "On the way", "yesterday"]
    assert ben == ["Ben Canary", "Open", "Not open yet", "Invited planned until 10 Mar", "not yet"]


def test_the_table_can_be_read_by_keyboard_and_by_ear(client, world):
    soup = page(client, board_url(world.cohort))
    region = soup.select_one(".scroll")

    assert (region["tabindex"], region["role"], region["aria-label"]) == ("0", "group", "People by module")
    assert [head["scope"] for head in region.select("thead th")] == ["col"] * 5
    assert all(head["scope"] == "row" for head in region.select("tbody th"))
    assert "2 people by 2 modules" in text_of(region.caption)


def test_people_are_found_by_name_whatever_the_order_of_words(client, world):
    assert names(client, world, "?q=canary+ben") == ["Ben Canary"]
    assert names(client, world, "?q=CANARY") == ["Ada Canary", "Ben Canary"]
    assert "Nobody is like that." in text_of(page(client, board_url(world.cohort) + "?q=nobody"))


def test_each_place_shows_its_people_alone(client, world, clock):
    pause(enrollment_id=enrolled(world.cohort, "p@example.com", name="Paused").pk, actor_id=None, now=NOW)
    withdraw(enrollment_id=enrolled(world.cohort, "g@example.com", name="Gone").pk, actor_id=None, now=NOW)
    through = enrolled(world.cohort, "t@example.com", name="Through")
    Enrollment.objects.filter(pk=through.pk).update(status="completed", next_due_at=None)

    places = ("", "on-the-way", "behind", "invited", "paused", "completed", "withdrawn")
    assert {place: names(client, world, f"?place={place}") for place in places} == {
        "": ["Ada Canary", "Ben Canary", "Paused", "Through"],
        "on-the-way": ["Ada Canary"],
        "behind": [],
        "invited": ["Ben Canary"],
        "paused": ["Paused"],
        "completed": ["Through"],
        "withdrawn": ["Gone"],
    }
    clock.move_to(NOW + timedelta(days=9))
    assert names(client, world, "?place=behind") == ["Ada Canary", "Ben Canary"]
    assert names(client, world, "?place=on-the-way") == []
    assert rows(client, world)[0][3] == "Behind since 10 Mar"


def test_somebody_without_a_next_date_is_on_the_way(client, world):
    Enrollment.objects.filter(pk=world.ada.pk).update(next_due_at=None)

    assert names(client, world, "?place=on-the-way") == ["Ada Canary"]


def test_people_come_by_name_by_quiet_or_by_date(client, world):
    zoe = enrolled(world.cohort, "zoe@example.com", name="zoë")
    Enrollment.objects.filter(pk=zoe.pk).update(
        last_activity_at=NOW - timedelta(days=9), next_due_at=NOW + timedelta(days=1)
    )

    assert names(client, world) == ["Ada Canary", "Ben Canary", "zoë"]
    assert names(client, world, "?sort=activity") == ["Ben Canary", "zoë", "Ada Canary"]
    assert names(client, world, "?sort=due")[0] == "zoë"


def test_an_address_that_makes_no_sense_shows_everybody(client, world):
    assert names(client, world, "?place=nowhere&sort=salary&page=many&q=") == ["Ada Canary", "Ben Canary"]


def test_long_cohorts_come_in_pages_that_keep_the_view(client, world):
    for number in range(50):
        enrolled(world.cohort, f"p{number}@example.com", name=f"P {number:02d}")

    soup = page(client, board_url(world.cohort) + "?sort=due")

    assert len(grid(soup)) == 50
    assert "Page 1 of 2" in text_of(soup)
    following = soup.select_one("a[rel=next]")["href"]
    assert "sort=due" in following
    assert len(rows(client, world, following)) == 2
    assert len(csv_rows(client, world, "?sort=due")) == 53


def test_the_file_holds_what_the_page_shows(client, world):
    Enrollment.objects.filter(pk=world.ben.pk).update(next_due_at=NOW - timedelta(days=1))

    link = page(client, board_url(world.cohort) + "?place=behind&page=7").find("a", string="CSV of this view")["href"]

    assert link == board_url(world.cohort, "people.csv?place=behind")
    assert csv_rows(client, world, "?place=behind") == [
        ["Name", "1 first", "2 second", "Status", "Next date", "Last active"],
        ["Ben Canary", "Open", "Not open yet", "Behind", "2027-03-02", ""],
    ]
    response = client.get(board_url(world.cohort, "people.csv"))
    assert response["Content-Disposition"] == 'attachment; filename="spring-2027-03-03.csv"'


def test_no_name_runs_in_a_spreadsheet(client, world):
    for number, name in enumerate(["=1+1", "+1", "-1", "@sum", "\t=1", "＝1"]):
        enrolled(world.cohort, f"f{number}@example.com", name=f"{name} x")
    Enrollment.objects.exclude(user__email__startswith="f").filter(cohort=world.cohort).update(status="withdrawn")

    found = [row[0] for row in csv_rows(client, world)[1:]]

    assert len(found) == 6
    assert all(name.startswith("'") for name in found)


def test_somebody_on_another_version_is_marked_and_has_no_foreign_state(client, world):
    version = published_version(world.organization)
    Module.objects.filter(version=version, key="second").update(key="other")
    Enrollment.objects.filter(pk=world.ben.pk).update(version=version, module_states={"first": "open", "other": "open"})

    ben = rows(client, world)[1]

    assert ben[0] == f"Ben Canary version {version.number}"
    assert ben[1:3] == ["Open", "Not in their version"]
