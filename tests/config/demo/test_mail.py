"""The demo's mail: dated by its story, listed by person."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail import EmailMessage

from config.demo.actions import MAIL_FOLDER
from config.demo.mail import StoryMailFolder, written_at
from config.demo.story import Story
from config.support.clock import now
from learners.nudges.models import NudgeDelivery
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.learners.player.journey import NOW, join, make_cohort

LAST_SPRING = datetime(2026, 3, 5, 15, 0, 5, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_FOLDER, settings.EMAIL_URL = tmp_path / "mail", ""
    return settings.MAIL_FOLDER


def send(*people, subject="Hello"):
    StoryMailFolder().send_messages([EmailMessage(subject, "Text", "waymark@example.com", [one]) for one in people])


def dates(folder):
    read = [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]
    return [parsedate_to_datetime(one["Date"]) for one in read]


def test_what_the_story_mails_carries_the_storys_time(folder):
    send("now@example.com")
    with written_at(LAST_SPRING):
        send("lena@example.com")

    past, present = dates(folder)
    assert past == LAST_SPRING
    assert abs(now() - present) < timedelta(minutes=5)


@pytest.mark.django_db
def test_the_engine_of_the_story_mails_under_its_clock_and_tells_each_week(folder, settings):
    settings.EMAIL_BACKEND = MAIL_FOLDER
    enrollment = join(make_cohort())
    story = Story(staff=None, until=NOW + timedelta(days=8))
    story.visits = {NOW: [], NOW + timedelta(days=8): []}
    told = []

    story.tell(NOW, progress=told.append)

    sent = NudgeDelivery.objects.filter(enrollment=enrollment, channel="email", state="sent").order_by("sent_at")
    assert dates(folder) == [one.sent_at.replace(microsecond=0) for one in sent]
    assert len(set(dates(folder))) > 1
    assert told == ["  week 1 of 2, 03 March", "  week 2 of 2, 11 March"]


@pytest.mark.django_db
def test_a_mail_that_does_not_say_where_it_was_written_is_read_as_utc(folder, client):
    OrganizationFactory(is_demo=True, time_zone="Europe/Paris")
    folder.mkdir()
    (folder / "1.eml").write_text("To: jo@example.com\nSubject: Code\nDate: Thu, 05 Mar 2026 15:00:05 -0000\n\nText\n")

    assert "Thursday 5 March, 16:00" in client.get("/demo/mail/").content.decode()


@pytest.mark.django_db
def test_mails_are_listed_by_person_newest_first(folder, client):
    OrganizationFactory(is_demo=True, time_zone="Europe/Paris")
    for hours, person in enumerate(["Lena <lena@example.com>", "jo@example.com", "Lena <lena@example.com>"]):
        with written_at(LAST_SPRING + timedelta(hours=hours)):
            send(person, subject=f"Mail {hours}")

    everybody = BeautifulSoup(client.get("/demo/mail/").content, "html.parser")
    hers = BeautifulSoup(client.get("/demo/mail/?to=lena@example.com").content, "html.parser")
    nobodys = client.get("/demo/mail/?to=no@example.com").content.decode()

    assert [link.get_text() for link in everybody.select(".lines a")] == ["Mail 2", "Mail 1", "Mail 0"]
    assert [link.get_text() for link in hers.select(".lines a")] == ["Mail 2", "Mail 0"]
    assert [one["value"] for one in everybody.select("option")] == ["", "jo@example.com", "lena@example.com"]
    assert [one.get_text() for one in everybody.select("option")][2] == "Lena (lena@example.com)"
    assert "Thursday 5 March, 18:00 (Europe/Paris)" in " ".join(hers.get_text().split())
    assert "No mail to" in nobodys
    assert mail.outbox == []


@pytest.mark.django_db
def test_mails_tell_the_hour_of_whoever_got_them_and_go_on_to_older_ones(folder, client, monkeypatch):
    OrganizationFactory(is_demo=True, time_zone="Europe/Paris")
    UserFactory(email="mei@example.com", name="Mei Tanaka", time_zone="Asia/Tokyo")
    monkeypatch.setattr("config.demo.views.SHOWN_MAILS", 2)
    for hours in range(3):
        with written_at(LAST_SPRING + timedelta(hours=hours)):
            send("mei@example.com", subject=f"Mail {hours}")

    first = BeautifulSoup(client.get("/demo/mail/?to=mei@example.com").content, "html.parser")
    older = first.select_one("a[rel=next]")
    second = BeautifulSoup(client.get(f"/demo/mail/{older['href']}").content, "html.parser")

    assert "Friday 6 March, 02:00 (Asia/Tokyo)" in " ".join(first.get_text().split())
    assert "Mei Tanaka (mei@example.com)" in first.get_text()
    assert older.get_text() == "Older"
    assert [link.get_text() for link in second.select(".lines a")] == ["Mail 0"]
    assert second.select_one("a[rel=prev]").get_text() == "Newer"
