"""The API's page for people, in a real browser, under the strict content policy."""

import pytest

from config.api import document
from tests.browser.chromium import chromium, desk
from tests.browser.inspection import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_reference_is_read_without_a_script_and_leads_from_an_address_to_what_it_answers(live_server):
    operations = sum(len(methods) for methods in document()["paths"].values())
    with chromium() as browser, desk(browser, live_server.url) as place:
        page = place.window(viewport={"width": 1280, "height": 1000}, java_script_enabled=False)
        page.goto("/api/v1/docs/")

        assert page.get_by_role("article").filter(has=page.get_by_role("heading", name="Answers")).count() == operations
        page.get_by_role("navigation", name="On this page").get_by_role(
            "link", name="GET /api/v1/cohorts/", exact=True
        ).click()
        cohorts = page.get_by_role("article", name="GET /api/v1/cohorts/", exact=True)
        cohorts.get_by_role("link", name="CohortPage").click()
        assert page.url.endswith("#shape-cohortpage")
        page.get_by_role("article", name="CohortPage", exact=True).get_by_role("link", name="Cohort").click()
        shape = page.get_by_role("article", name="Cohort", exact=True)
        assert "time_zone" in shape.inner_text()
        page.get_by_role("link", name="as JSON").click()
        assert '"openapi":"3.1.0"' in page.content().replace(" ", "")


def test_the_reference_is_read_by_machines_without_a_fault(live_server):
    with chromium() as browser, desk(browser, live_server.url) as place:
        page = place.window()
        page.goto("/api/v1/docs/")

        assert faults_of(page, turn=0) == []
