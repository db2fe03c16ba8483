"""Who may open which page of a board, and who may change what."""

import pytest

from learners.cohorts.models import Cohort, Enrollment, EnrollmentAdjustment
from tests.factories.accounts import MembershipFactory
from tests.factories.learners import CohortStaffFactory
from tests.learners.board.pages import board_url, browser_of, csv_of, grid, page, person_url, session_url, text_of
from tests.learners.running import enrolled

pytestmark = pytest.mark.django_db


def pages_of(world):
    return [
        board_url(world.cohort),
        board_url(world.cohort, "people.csv"),
        person_url(world.ada),
        session_url(world.cohort),
    ]


def posts_of(world):
    return [
        (session_url(world.cohort), {"day": "2027-03-20", "at": "16:00", "minutes": 50}),
        (session_url(world.cohort, "attendance/"), {"who": "everybody"}),
        (board_url(world.cohort, "open/"), {"key": "second"}),
        (person_url(world.ada, "shift"), {"days": 7}),
        (person_url(world.ada, "withdraw"), {}),
    ]


def test_strangers_get_404_everywhere_and_change_nothing(world):
    other_facilitator = MembershipFactory(organization=world.organization).user
    CohortStaffFactory(cohort=world.second, user=other_facilitator)

    for stranger in (world.stranger, world.ada.user, world.designer, other_facilitator):
        client = browser_of(stranger)
        assert [client.get(url).status_code for url in pages_of(world)] == [404] * 4
        assert [client.post(url, data).status_code for url, data in posts_of(world)] == [404] * 5
    assert EnrollmentAdjustment.objects.count() == 0


def test_a_visitor_is_led_to_sign_in(world, client):
    for url in [*pages_of(world), "/cohorts/"]:
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/")


def test_those_who_run_a_cohort_see_everybody_in_it(world):
    for viewer in (world.administrator, world.facilitator, world.manager):
        soup = page(browser_of(viewer), board_url(world.cohort))
        assert [row[0] for row in grid(soup)] == ["Ada Canary", "Ben Canary"]
        assert "Cleo" not in text_of(soup)
        page(browser_of(viewer), person_url(world.ada))


def test_a_line_manager_sees_their_own_reports_alone(world):
    client = browser_of(world.line_manager)

    soup = page(client, board_url(world.cohort))

    assert [row[0] for row in grid(soup)] == ["Ben Canary"]
    assert "Ada" not in text_of(soup)
    assert "one person" in text_of(soup.select_one(".head"))
    csv = csv_of(client, board_url(world.cohort, "people.csv"))
    assert "Ben Canary" in csv
    assert "Ada" not in csv
    page(client, person_url(world.ben))
    page(client, person_url(world.ada), status=404)
    page(client, board_url(world.second), status=404)


def test_a_line_manager_who_learns_in_the_cohort_does_not_see_themselves_on_its_board(world):
    own = enrolled(world.cohort, world.line_manager.email)

    soup = page(browser_of(world.line_manager), board_url(world.cohort))

    assert [row[0] for row in grid(soup)] == ["Ben Canary"]
    page(browser_of(world.line_manager), person_url(own), status=404)


def test_a_person_is_not_found_under_another_cohort(world):
    CohortStaffFactory(cohort=world.second, user=world.facilitator)

    page(browser_of(world.facilitator), board_url(world.second, f"people/{world.ada.uuid}/"), status=404)


def test_managers_read_and_change_nothing(world):
    before = Enrollment.objects.get(pk=world.ada.pk).revision

    for viewer in (world.manager, world.line_manager):
        client = browser_of(viewer)
        enrollment = world.ben
        assert client.post(person_url(enrollment, "shift"), {"days": 7}).status_code == 403
        assert client.post(board_url(world.cohort, "open/"), {"key": "second"}).status_code == 403
        assert client.get(session_url(world.cohort)).status_code == 403
        assert client.post(session_url(world.cohort, "attendance/"), {"who": "everybody"}).status_code == 403
        soup = page(client, person_url(enrollment))
        assert soup.find(id="offers") is None
        assert [form["method"] for form in page(client, board_url(world.cohort)).select("main form")] == ["get"]
    assert Enrollment.objects.get(pk=world.ada.pk).revision == before
    assert EnrollmentAdjustment.objects.count() == 0


def test_a_refused_post_comes_back_to_its_page_with_the_sentence(world):
    client = browser_of(world.manager)
    url = person_url(world.ben)

    response = client.post(
        person_url(world.ben, "shift"), {"days": 7}, HTTP_REFERER=f"http://testserver{url}", follow=True
    )

    assert "Only a facilitator of this cohort" in response.content.decode()


def test_the_list_shows_cohorts_one_runs_and_those_with_reports(world):
    facilitated = page(browser_of(world.facilitator), "/cohorts/")
    administered = page(browser_of(world.administrator), "/cohorts/")
    reports = page(browser_of(world.line_manager), "/cohorts/")
    learning = page(browser_of(world.ada.user), "/cohorts/")

    assert [text_of(name) for name in facilitated.select("main h2")] == ["Spring"]
    assert "2 people: nobody practiced in the last 7 days, 2 on the way." in text_of(facilitated)
    assert len(administered.select("main h2")) == 2
    assert "One person who reports to you: nobody practiced in the last 7 days, 1 on the way." in text_of(reports)
    assert "No cohort yet" in text_of(learning)
    assert Cohort.objects.count() == 3


def test_the_list_counts_the_own_enrollment_only_where_one_runs_the_cohort(world):
    enrolled(world.cohort, world.line_manager.email)
    enrolled(world.cohort, world.facilitator.email)

    assert "One person who reports to you" in text_of(page(browser_of(world.line_manager), "/cohorts/"))
    assert "4 people" in text_of(page(browser_of(world.facilitator), "/cohorts/"))


def test_facilitators_find_where_people_are_enrolled(world):
    links = {
        name: [link.get_text() for link in page(browser_of(viewer), board_url(world.cohort)).select(".head a")]
        for name, viewer in (("facilitator", world.facilitator), ("manager", world.manager))
    }

    assert "Enroll people" in links["facilitator"]
    assert "Enroll people" not in links["manager"]
