"""Preview as learner: the player's own pages for somebody imagined, and not one row of anybody."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.authoring.models import JourneyVersion, Module, Step
from learners.cohorts.actions import create_cohort, enroll
from learners.progress.actions import complete_step
from tests.factories.accounts import MembershipFactory
from tests.learners.player.journey import FIRST, NOW, START, make_version, signed_in

pytestmark = pytest.mark.django_db

PERSON = {"start": START.isoformat(), "day": "1", "at": "12:00", "zone": "Europe/Paris", "pace": "on-time"}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def version(db):
    return make_version()


@pytest.fixture
def designer(version):
    member = MembershipFactory(organization=version.journey.organization, is_designer=True, user__time_zone="UTC")
    return signed_in(member.user)


def url(version, name, *args, **person):
    return f"{reverse(f'preview-{name}', args=[version.uuid, *args])}?{urlencode(PERSON | person)}"


def soup(answer, status=200):
    assert answer.status_code == status, answer
    return BeautifulSoup(answer.content, "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def answer_to(form):
    """What somebody sends who chooses the first of everything and writes something everywhere."""
    sent = {}
    for one in form.find_all(["input", "textarea", "select"]):
        name, kind = one.get("name"), one.get("type", "text")
        if not name or name in ("csrfmiddlewaretoken", "message"):
            continue
        if kind == "hidden":
            sent[name] = one.get("value", "")
        elif kind in ("radio", "checkbox"):
            sent.setdefault(name, one.get("value", "on"))
        else:
            sent[name] = "jo@example.com" if kind == "email" else "Something that I noticed."
    return sent


def test_a_whole_walk_answers_everything_and_writes_nothing(version, designer, mailoutbox):
    """From Today through every step of the first module to its end, then the map, and each day of a month."""
    before = rows()
    titles = []
    with CaptureQueriesContext(connection) as asked:
        page = soup(designer.get(url(version, "today", pace="new")))
        here = page.select_one(".slab.next a")["href"]
        for _move in range(30):
            page = soup(designer.get(here))
            titles.append(words(page.h1))
            while form := page.select_one("form#answer"):
                if form.select_one("[name=replay]"):
                    break
                answer = designer.post(form["action"], answer_to(form))
                if answer.status_code == 302:
                    break
                page = soup(answer)
            here = answer["Location"] if form and answer.status_code == 302 else page.select(".bar a")[-1]["href"]
            if "/modules/" in here:
                break
        ended = soup(designer.get(here))
        mapped = soup(designer.get(here.replace("/modules/first/", "/map/")))
        recap = soup(designer.get(here.replace("/modules/first/", "/recap/")))
        for day in range(-1, 30, 5):
            soup(designer.get(url(version, "today", day=day, pace="3-days-late")))

    assert titles == [key.replace("-", " ").capitalize() for key in FIRST]
    assert "What the learner wrote stands here." in words(ended)
    assert "What the learner wrote stands here." in words(recap)
    assert "1 of 2 modules done" in words(mapped)
    assert rows() == before
    assert mailoutbox == []
    assert [query["sql"] for query in asked if query["sql"].startswith(WRITES)] == []


@pytest.mark.parametrize(
    ("day", "pace"), [(1, "on-time"), (4, "on-time"), (5, "3-days-late"), (8, "on-time"), (25, "new")]
)
def test_today_and_map_are_those_of_a_learner_who_did_the_same(version, designer, day, pace):
    """The same journey really walked: one person does by hand what the pace says, and sees the same pages."""
    learner = _really(version, day, pace)
    noon = datetime(2027, 3, 3, 11, tzinfo=NOW.tzinfo) + timedelta(days=day - 1)
    with time_machine.travel(noon, tick=False):
        browser = signed_in(learner.user)
        own = [soup(browser.get(path)) for path in ("/", f"/journeys/{learner.uuid}/")]

    # Nobody has run the engine that sends, so the messages of the week are put away.
    shown = [soup(designer.get(url(version, name, day=day, pace=pace, away="1"))) for name in ("today", "map")]

    for mine, theirs in zip(own, shown, strict=True):
        assert plain(theirs) == plain(mine)


def plain(page):
    """The main part, without whose address its links have and without who runs the cohort."""
    main = page.select_one("main")
    for link in main.select("a[href]"):
        path = urlsplit(link["href"]).path
        link["href"] = re.sub(r"^/journeys/[0-9a-f-]{36}/$|^.*/as-learner/map/$", "MAP", path)
        link["href"] = re.sub(r"^(/journeys/[0-9a-f-]{36}|.*/as-learner)/", "", link["href"])
        link["href"] = link["href"].replace("elsewhere/", "/reflections/")
    return main.prettify()


def _really(version, day, pace):
    """Enroll Robin and record what the pace does before the day, in the order of the outline."""
    noon = datetime(2027, 3, 3, 11, tzinfo=NOW.tzinfo) + timedelta(days=day - 1)
    cohort = create_cohort(
        organization_id=version.journey.organization_id, version_id=version.pk, name="A", starts_on=START, now=NOW
    )
    robin = enroll(
        cohort_id=cohort.pk,
        email="robin@example.com",
        name="Robin",
        time_zone="Europe/Paris",
        actor_id=None,
        now=NOW - timedelta(hours=12),
    )
    late = {"on-time": 0, "3-days-late": 3}.get(pace)
    for step in Step.objects.filter(version=version, required=True).order_by("module__position", "position"):
        if late is None:
            break
        opens = date(2027, 3, 3 if step.module.key == "first" else 10)
        at = datetime(opens.year, opens.month, opens.day, 8, tzinfo=NOW.tzinfo) + timedelta(days=late)
        if at.date() < noon.date():
            complete_step(enrollment_id=robin.pk, step_key=step.key, now=at, passed=True)
    robin.refresh_from_db()
    return robin


@pytest.mark.parametrize("name", ["today", "map", "journey-recap", "elsewhere", "step", "module-recap"])
def test_every_page_says_what_it_is_and_leads_only_on_within(version, designer, name):
    args = {"step": ["read"], "module-recap": ["first"]}.get(name, [])

    page = soup(designer.get(url(version, name, *args, day=3, pace="3-days-late", direction="rtl")))

    banner = words(page.select_one("aside.stage"))
    assert "Preview, nothing is saved or sent." in banner
    assert "Day 3, Friday 5 March, 12:00 Paris time. 3 days late. Right to left." in banner
    assert page.html["dir"] == "rtl"
    studio = reverse("studio-version", args=[version.uuid])
    inside = f"{studio}as-learner/"
    links = [link["href"] for link in page.select("a[href]") if not link["href"].startswith("#")]
    assert [link for link in links if not link.startswith(inside) and link != studio] == []
    for link in links:
        person = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
        assert link == studio or person == PERSON | {"pace": "3-days-late", "direction": "rtl", "day": person["day"]}


def test_what_others_do_is_done_from_its_day_on(version, designer):
    JourneyVersion.objects.filter(pk=version.pk).update(events=[{"key": "fair", "title": "Spring fair"}])
    Module.objects.filter(version=version, key="second").update(opens={"event": "fair"})
    fair = {"event:fair": "2027-03-10"}

    before = soup(designer.get(url(version, "map", day=7, **fair)))
    after = soup(designer.get(url(version, "map", day=8, **fair)))

    assert "Opens as soon as “Spring fair” has taken place" in words(before.select_one("main"))
    assert "Spring fair" not in words(after.select_one("main"))
    links = [link["href"] for link in after.select("main a[href*='day=8']")]
    assert links
    assert all("event%3Afair=2027-03-10" in link for link in links)


def test_a_locked_step_says_why_as_for_a_learner(version, designer):
    page = soup(designer.get(url(version, "step", "again")))

    assert "Opens Wednesday 10 March, 09:00" in words(page.select_one("main"))
    assert soup(designer.post(url(version, "step", "again"))).select_one("#answer") is None


def test_an_answer_that_is_not_whole_is_refused_as_in_the_player(version, designer):
    page = soup(designer.post(url(version, "step", "recall"), {}), 422)

    assert "needs mending" in words(page.select_one("#summary")) or "need mending" in words(page.select_one("#summary"))


def test_a_quiz_by_script_comes_back_as_a_part_of_the_page(version, designer):
    sent = {"answer-first": "0", "sure-first": "sure"}

    answer = designer.post(url(version, "step", "recall"), sent, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "<html" not in text
    assert "It is the one." in text
    assert "tried=recall%3A1%3A1" in text


def test_a_message_of_the_week_stands_on_today_until_it_is_put_away(version, designer):
    here = url(version, "today", day=3, pace="new")
    page = soup(designer.get(here))
    form = page.select_one("form[action*='as-learner/today']")

    answer = designer.post(form["action"])

    assert "What did you try this week?" in words(page.select_one("main"))
    assert "What did you try this week?" not in words(soup(designer.get(answer["Location"])).select_one("main"))


def test_a_phone_is_a_frame_of_our_own_and_nothing_else_may_be_framed(version, designer):
    wide, narrow = designer.get(url(version, "today")), designer.get(url(version, "today", width="narrow"))
    frame = designer.get(url(version, "frame", width="narrow"))

    policies = [answer["Content-Security-Policy"] for answer in (wide, narrow, frame)]
    assert ["frame-ancestors 'none'" in policy for policy in policies] == [True, False, True]
    assert ["frame-ancestors 'self'" in policy for policy in policies] == [False, True, False]
    assert ["frame-src 'self'" in policy for policy in policies] == [False, False, True]
    assert [answer["X-Frame-Options"] for answer in (wide, narrow, frame)] == ["DENY", "SAMEORIGIN", "DENY"]
    assert urlsplit(soup(frame).iframe["src"]).path.endswith("/as-learner/today/")


@pytest.mark.parametrize(
    ("person", "path"),
    [({"day": "9"}, "today"), ({"on": "2027-03-11"}, "today"), ({"day": "9", "width": "narrow"}, "phone")],
)
def test_the_form_leads_to_the_day_asked_for(version, designer, person, path):
    answer = designer.get(url(version, "as-learner", go="1", **person))

    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path.endswith(f"/as-learner/{path}/")
    assert parse_qs(urlsplit(answer["Location"]).query)["day"] == ["9"]


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ({"day": "900"}, "Choose a day from -60 to 800"),
        ({"start": "2027-02-30"}, "That is not a day of the calendar."),
        ({"on": "2040-01-01"}, "799 days after it"),
        ({"at": "noon"}, "Write the hour as 09:00"),
        ({"zone": "Mars/Base"}, "is not a time zone of this list"),
        ({"pace": "stops-after:gone"}, "is not a pace"),
        ({"pace": "900-days-late"}, "is not a pace"),
    ],
)
def test_an_address_that_imagines_nobody_leads_to_the_form_which_says_why(version, designer, person, sentence):
    answer = designer.get(url(version, "map", **person), follow=True)

    page = soup(answer, 422)
    assert sentence in words(page.select_one("#summary").parent)
    anchors = [link["href"].removeprefix("#") for link in page.select("#summary ~ ul a")]
    assert anchors
    assert all(page.find(id=anchor) for anchor in anchors)


@pytest.mark.parametrize("opens", [{"completed": "gone"}, {"completed": "second"}, {"completed": "second/again"}])
def test_a_rule_that_can_never_hold_keeps_nothing_else_from_being_shown(version, designer, opens):
    version.modules.filter(key="second").update(opens=opens)

    page = soup(designer.get(url(version, "map", day=30)))

    assert "1 of 2 modules done" in words(page)


def test_a_draft_without_modules_or_with_an_unfinished_step_says_what_to_do(version, designer):
    Step.objects.get(version=version, key="watch").activity.latest.__class__.objects.filter(title="Watch").update(
        spec={}
    )
    unfinished = soup(designer.get(url(version, "step", "watch")))
    version.modules.all().delete()

    empty = soup(designer.get(url(version, "as-learner")))

    assert "This step is not finished yet" in words(unfinished)
    assert "There is nothing to look at yet" in words(empty)
    assert designer.get(url(version, "today")).status_code == 200
    assert designer.get(url(version, "step", "gone")).status_code == 404
