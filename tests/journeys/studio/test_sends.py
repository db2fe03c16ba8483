"""When a nudge goes out: the first twenty, for three people imagined, on the page of the nudge."""

import re
from datetime import date

import pytest
from django.urls import reverse

from journeys.authoring.models import NudgeRule
from journeys.authoring.queries.content import content_of
from journeys.studio.sends import next_sends

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 1)
HELLO = "before-you-ask"


def sends(draft, key, **trigger):
    if trigger:
        NudgeRule.objects.filter(version=draft, key=key).update(trigger=trigger, wait=None, unless=[])
    return next_sends(content_of(draft.pk), key, start_on=MONDAY, zone="Europe/Paris")


def rows(found):
    return [(f"{one.at:%a %d %b %H:%M}", one.who, one.spared) for one in found]


def test_whoever_shares_a_message_stands_in_one_row(draft):
    assert rows(sends(draft, HELLO)) == [
        ("Wed 03 Mar 16:00", ("three days late",), ""),
        ("Wed 03 Mar 16:00", ("on time", "who stops after the first module"), "you have finished Plan the sentence"),
    ]


def test_a_message_for_everybody_is_one_row_a_week_and_only_the_first_are_listed(draft, monkeypatch):
    weekly = sends(draft, HELLO, event="weekly", weekday="thu", at="16:00")
    monkeypatch.setattr("journeys.studio.sends.MOST", 3)

    assert len(weekly) > 3
    assert {f"{one.at:%a %H:%M}" for one in weekly} == {"Thu 16:00"}
    assert weekly[0].who == ("on time", "three days late", "who stops after the first module")
    assert next_sends(content_of(draft.pk), HELLO, start_on=MONDAY, zone="Europe/Paris") == weekly[:3]


def test_rules_that_cannot_be_computed_give_none(draft):
    assert sends(draft, HELLO, event="module-opened", module="gone") == []


def test_the_page_of_a_nudge_lists_them(page, draft):
    shown = page.get(reverse("studio-nudge", args=[draft.uuid, HELLO])).content.decode()

    text = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert "When it goes out" in text
    assert "Not sent: you have finished Plan the sentence" in text
    assert "When it goes out" not in page.get(reverse("studio-nudge-new", args=[draft.uuid])).content.decode()
