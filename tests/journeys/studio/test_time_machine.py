"""The time machine: what would happen to somebody imagined, as a page and as a table for spreadsheets."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from journeys.authoring.actions.calendars import save_calendar
from journeys.authoring.models import JourneyVersion, Module, NudgeRule, Step
from journeys.authoring.rules.calendars import DayException
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.journeys.studio.conftest import NOW

pytestmark = pytest.mark.django_db

TOKYO = {"start": "2027-03-03", "zone": "Asia/Tokyo", "pace": "on-time"}


def _url(version, name="simulate"):
    return reverse(f"studio-{name}", args=[version.uuid])


def _text(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def _rows(response):
    """The rows of the first table, each as one line of words."""
    table = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)
    return [_text(row) for row in re.findall(r"<tr.*?</tr>", table[1], re.S)]


def _row(response, words):
    (found,) = [row for row in _rows(response) if f"Opens {words}: " in row]
    return found


def _weeks(response):
    table = re.findall(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)[1]
    return [_text(row) for row in re.findall(r"<tr.*?</tr>", table, re.S)]


def test_tokyo_is_the_table_that_designers_were_promised(page, draft):
    response = page.get(_url(draft), TOKYO)

    assert response.status_code == 200
    assert _row(response, "Module 1 opens").startswith("Wed 3 Mar 2027 09:00 3 Mar 00:00 Opens Module 1 opens")
    assert _row(response, "Module 2 opens").startswith("Wed 10 Mar 2027 09:00 10 Mar 00:00")
    assert _row(response, "Module 3 opens").startswith("Wed 17 Mar 2027 09:00 17 Mar 00:00")
    fourth = _row(response, "Module 4 opens")
    assert fourth.startswith("Thu 25 Mar 2027 09:00 25 Mar 00:00")
    assert "Moved from 24 March 5 working days after Module 3 opens, at 09:00; moved from Wednesday 24 March" in fourth
    assert "Monday 22 March (substitute holiday) is a day off" in fourth
    assert [row for row in _rows(response) if row.startswith("Fri 5 Mar 2027 16:00 5 Mar 07:00 Message")]


@pytest.mark.parametrize(
    ("zone", "start", "before", "after"),
    [
        ("America/New_York", "2027-03-08", "Mon 8 Mar 2027 09:00 8 Mar 14:00", "Mon 15 Mar 2027 09:00 15 Mar 13:00"),
        ("Europe/Paris", "2027-03-22", "Mon 22 Mar 2027 09:00 22 Mar 08:00", "Tue 30 Mar 2027 09:00 30 Mar 07:00"),
    ],
)
def test_the_local_hour_stays_when_the_clocks_change(page, draft, zone, start, before, after):
    response = page.get(_url(draft), {"start": start, "zone": zone, "pace": "on-time"})

    assert _row(response, "Module 1 opens").startswith(before)
    assert _row(response, "Module 2 opens").startswith(after)


def test_another_country_s_holidays_can_be_asked_for(page, draft):
    response = page.get(_url(draft), {**TOKYO, "calendar": "US"})

    assert _row(response, "Module 4 opens").startswith("Wed 24 Mar 2027 09:00")


def test_a_part_of_a_country_can_stand_in_the_address(page, draft):
    response = page.get(_url(draft), {**TOKYO, "calendar": "DE-BY"})

    assert response.status_code == 200
    assert '<option value="DE-BY" selected>' in response.content.decode()


def test_a_cohort_keeps_one_clock_for_what_opens(page, draft):
    response = page.get(_url(draft), {**TOKYO, "cohort_zone": "Europe/Paris"})

    assert _row(response, "Module 1 opens").startswith("Wed 3 Mar 2027 17:00 3 Mar 08:00")
    assert [row for row in _rows(response) if row.startswith("Fri 5 Mar 2027 16:00 5 Mar 07:00 Message")]


def test_what_others_do_can_be_said_and_stays_in_the_address(page, draft):
    JourneyVersion.objects.filter(pk=draft.pk).update(events=[{"key": "town-hall", "title": "The town hall"}])
    second = draft.modules.order_by("position")[1]
    Module.objects.filter(pk=second.pk).update(opens={"any": [{"event": "town-hall"}, {"released": second.key}]})

    silent = page.get(_url(draft), TOKYO)
    held = page.get(_url(draft), {**TOKYO, "event:town-hall": "2027-03-16"})
    opened = page.get(_url(draft), {**TOKYO, f"released:{second.key}": "2027-03-17", "end": "2027-05-28"})
    markup = opened.content.decode()

    assert [row for row in _rows(silent) if "Opens Module 2 opens" in row] == []
    assert "Module 2 . Opens as soon as “The town hall” has taken place" in _text(silent.content.decode())
    assert "What stays closed" not in held.content.decode()
    assert _row(held, "Module 2 opens").startswith("Tue 16 Mar 2027 09:00")
    assert _row(opened, "Module 2 opens").startswith("Wed 17 Mar 2027 09:00")
    assert "The town hall takes place on" in markup
    assert "A facilitator opens Module 2 on" in markup
    link = re.search(r'href="([^"]+)"[^>]*>Link to this result', markup)[1].replace("&amp;", "&")
    assert _rows(page.get(link)) == _rows(opened)
    for day in ("soon", "0001-01-01", "9999-12-31"):
        assert page.get(_url(draft), {**TOKYO, "event:town-hall": day}).status_code == 422


def test_a_calendar_of_the_organization_can_be_chosen(page, draft, designer):
    off = DayException(date(2027, 3, 3), works=False, reason="Founders’ day")
    save_calendar(organization_id=designer.organization_id, name="Head office", exceptions=(off,), now=NOW)
    save_calendar(organization_id=OrganizationFactory().pk, name="Elsewhere", now=NOW)

    response = page.get(_url(draft), {**TOKYO, "calendar": "Head office"})

    assert _row(response, "Module 1 opens").startswith("Thu 4 Mar 2027 09:00")
    assert "Founders’ day" in _row(response, "Module 1 opens")
    assert '<optgroup label="Of your organization">' in response.content.decode()
    assert page.get(_url(draft), {**TOKYO, "calendar": "Elsewhere"}).status_code == 422


def test_without_a_question_the_page_answers_for_next_monday_where_the_designer_lives(page, draft, designer):
    designer.user.time_zone = "Asia/Riyadh"
    designer.user.save()
    response = page.get(_url(draft))

    assert "Local (Asia/Riyadh)" in response.content.decode()
    first = _row(response, "Module 1 opens")
    assert re.match(r"Mon \d+ \w+ \d{4} 09:00", first)
    link = re.search(r'href="([^"]+)"[^>]*>Link to this result', response.content.decode())[1].replace("&amp;", "&")
    assert "zone=Asia%2FRiyadh" in link
    assert _rows(page.get(link)) == _rows(response)


def test_somebody_who_stops_or_is_away_meets_other_days(page, draft):
    modules = list(draft.modules.order_by("position"))
    away = page.get(_url(draft), {**TOKYO, "pace": "absent:1"})
    stops = page.get(_url(draft), {**TOKYO, "pace": f"stops-after:{modules[0].key}"})
    select = re.search(r'<select name="pace".*?</select>', away.content.decode(), re.S)[0]

    assert '<option value="absent:1" selected>' in select
    assert "Away in weeks 1 and 2" in select
    assert f"Stops after module 1: {modules[0].title}" in select.replace("&amp;", "&").replace("&#x27;", "'")
    assert (away.status_code, stops.status_code) == (200, 200)
    assert _rows(away) != _rows(page.get(_url(draft), TOKYO))


def test_each_row_leads_to_its_rule(page, draft):
    markup = page.get(_url(draft), TOKYO).content.decode()
    module, nudge = draft.modules.first(), draft.nudge_rules.first()

    assert reverse("studio-module", args=[draft.uuid, module.key]) + "#opens" in markup
    assert reverse("studio-nudge", args=[draft.uuid, nudge.key]) in markup


def test_weeks_are_summed_and_a_heavy_one_has_a_plain_note(page, draft):
    usual = _weeks(page.get(_url(draft), TOKYO))
    Module.objects.filter(version=draft).update(opens={"from": "start", "days": 0, "at": "09:00"})
    heavy = _weeks(page.get(_url(draft), TOKYO))

    assert usual[0].startswith("1 Mar 2027")
    assert not any("more than" in week for week in usual)
    assert "minutes open, more than 40. Shorten a step, or open something later." in heavy[0]


def test_two_people_stand_side_by_side_with_the_hours_of_each(page, draft):
    response = page.get(_url(draft), {**TOKYO, "other_zone": "America/New_York", "other_pace": "3-days-late"})
    fourth = _row(response, "Module 4 opens")

    assert "First person: Thu 25 Mar 2027 09:00 25 Mar 00:00 UTC Moved from 24 March" in fourth
    assert "Second person: Wed 24 Mar 2027 09:00 24 Mar 13:00 UTC 5 working days" in fourth
    assert "Second person: America/New_York, 3 days late." in _text(response.content.decode())
    assert {week.split()[3] for week in _weeks(response)} == {"First", "Second"}


def test_what_the_second_person_never_meets_is_said(page, draft):
    last, before = list(draft.modules.order_by("-position"))[:2]
    Module.objects.filter(pk=last.pk).update(opens={"completed": before.key})
    pace = f"stops-after:{draft.modules.order_by('position').first().key}"
    response = page.get(_url(draft), {**TOKYO, "other_pace": pace})

    assert _row(response, f"Module {draft.modules.count()} opens").split("Second person: ")[1].startswith("Never")


def test_the_same_rows_come_as_a_table_for_spreadsheets(page, draft):
    response = page.get(_url(draft, "simulate-csv"), TOKYO)
    lines = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="judgment-with-ai-2027-03-03.csv"'
    assert len(lines) == len(_rows(page.get(_url(draft), TOKYO)))
    (fourth,) = [line for line in lines if line["what"].startswith("Module 4 opens")]
    assert (fourth["at_local"], fourth["at_utc"]) == ("2027-03-25T09:00:00+09:00", "2027-03-25T00:00:00Z")
    assert (fourth["moved_from"], fourth["other_at_local"]) == ("2027-03-24", "")


def test_a_text_that_a_spreadsheet_would_run_is_only_a_text_there(page, draft):
    NudgeRule.objects.filter(version=draft).update(texts=["=1+1"])
    response = page.get(_url(draft, "simulate-csv"), TOKYO)

    assert "'=1+1" in response.getvalue().decode()
    assert ",=1+1" not in response.getvalue().decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": "2027-02-30"}, "That is not a day of the calendar. Choose one, such as 2027-03-03."),
        ({"start": ""}, "Choose the day on which the journey starts."),
        ({"start": "1999-12-31"}, "Choose a day in the years 2000 to 2199."),
        ({"zone": "Mars/Base"}, "“Mars/Base” is not a time zone of this list."),
        ({"other_zone": "Mars/Base"}, "“Mars/Base” is not a time zone of this list."),
        ({"cohort_zone": "Mars/Base"}, "“Mars/Base” is not a time zone of this list."),
        ({"pace": "slowly"}, "“slowly” is not a pace. Choose one of the list."),
        ({"pace": "99-days-late"}, "“99-days-late” is not a pace."),
        ({"other_pace": "stops-after:nowhere"}, "“stops-after:nowhere” is not a pace."),
        ({"calendar": "XX"}, "“XX” has no holiday calendar. Choose one of the list."),
        ({"calendar": "DE-XX"}, "“DE-XX” has no holiday calendar."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_computed(page, draft, wrong, sentence):
    response = page.get(_url(draft), {**TOKYO, **wrong})
    download = page.get(_url(draft, "simulate-csv"), {**TOKYO, **wrong})

    assert response.status_code == 422
    assert "<title>Error:" in " ".join(response.content.decode().split()).replace("<title> ", "<title>")
    assert sentence in _text(response.content.decode())
    assert _text(response.content.decode()).count("Error:") == 1
    assert "<tbody>" not in response.content.decode()
    assert download.status_code == 302
    assert page.get(download["Location"]).status_code == 422


def test_a_rule_that_cannot_be_computed_is_named_with_the_way_to_it(page, draft):
    first, second = list(draft.modules.order_by("position"))[:2]
    Module.objects.filter(pk=first.pk).update(opens={"completed": second.key})
    Module.objects.filter(pk=second.pk).update(opens={"completed": first.key})
    response = page.get(_url(draft), TOKYO)

    assert response.status_code == 200
    assert "These rules cannot be computed yet" in response.content.decode()
    assert reverse("studio-module", args=[draft.uuid, first.key]) + "#opens" in response.content.decode()
    assert "<tbody>" not in response.content.decode()
    assert page.get(_url(draft, "simulate-csv"), TOKYO).status_code == 302


def test_an_empty_version_says_so(page, draft):
    NudgeRule.objects.filter(version=draft).delete()
    Step.objects.filter(version=draft).delete()
    Module.objects.filter(version=draft).delete()

    assert "This version has no modules yet, so nothing opens and nothing is sent." in _text(
        page.get(_url(draft), TOKYO).content.decode()
    )


@pytest.mark.parametrize("name", ["simulate", "simulate-csv"])
def test_only_designers_and_administrators_of_the_organization_find_it(client, draft, designer, name):
    found = {}
    for who, organization, roles in (
        ("designer", designer.organization, {"is_designer": True}),
        ("administrator", designer.organization, {"is_administrator": True}),
        ("learner", designer.organization, {}),
        ("designer elsewhere", OrganizationFactory(), {"is_designer": True}),
    ):
        client.force_login(MembershipFactory(organization=organization, **roles).user)
        found[who] = client.get(_url(draft, name), TOKYO).status_code

    assert found == {"designer": 200, "administrator": 200, "learner": 404, "designer elsewhere": 404}


def test_the_number_of_queries_does_not_grow_with_the_rows(page, draft, django_assert_num_queries):
    page.get(_url(draft), TOKYO)
    stops = {**TOKYO, "pace": f"stops-after:{draft.modules.first().key}"}
    with django_assert_num_queries(15):
        page.get(_url(draft), stops)
    with django_assert_num_queries(15):
        page.get(_url(draft), {**TOKYO, "other_zone": "Europe/Paris", "other_pace": "14-days-late"})


def test_the_page_of_a_version_leads_to_it(page, draft):
    response = page.get(reverse("studio-version", args=[draft.uuid]))

    assert f'href="{_url(draft)}"' in response.content.decode()
