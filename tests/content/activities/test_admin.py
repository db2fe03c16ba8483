from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from content.activities.actions import create_activity, revise_activity
from content.activities.models import Activity
from tests.content.kinds.specs import written
from tests.factories.accounts import MembershipFactory
from tests.factories.content import SkillFactory

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
LIST = "admin:content_activity_changelist"


def write(organization, title, kind="practice", topic=""):
    return create_activity(
        organization_id=organization.pk,
        kind=kind,
        title=title,
        minutes=10,
        topic=topic,
        spec=written(kind),
        author_id=None,
        now=NOW,
    )


def signed_in(membership):
    client = Client()
    client.force_login(membership.user)
    return client


@pytest.fixture
def designer(db):
    return MembershipFactory(is_designer=True)


def test_a_designer_finds_activities_of_their_organization_only(designer):
    SkillFactory(key="problem-framing", title="Problem framing")
    write(designer.organization, "Two frames", topic="problem-framing")
    write(designer.organization, "Felt easy", "reflection")
    write(MembershipFactory().organization, "Their secret")
    client = signed_in(designer)

    everything = client.get(reverse(LIST)).content
    found = client.get(reverse(LIST), {"q": "frames"}).content
    reflections = client.get(reverse(LIST), {"kind": "reflection"}).content
    framing = client.get(reverse(LIST), {"skill": "problem-framing"}).content

    assert b"Two frames" in everything
    assert b"Their secret" not in everything
    assert (b"Two frames" in found, b"Felt easy" in found) == (True, False)
    assert (b"Two frames" in reflections, b"Felt easy" in reflections) == (False, True)
    assert (b"Two frames" in framing, b"Felt easy" in framing) == (True, False)
    assert b"?skill=problem-framing" in everything


def test_the_library_tells_skills_by_title_and_marks_only_what_is_archived(designer):
    SkillFactory(key="problem-framing", title="Problem framing")
    archived = write(designer.organization, "Two frames", topic="problem-framing")
    write(designer.organization, "Felt easy", topic="unheard-of")
    Activity.objects.filter(pk=archived.pk).update(is_archived=True)

    page = BeautifulSoup(signed_in(designer).get(reverse(LIST)).content, "html.parser")

    rows = {row.select_one("th").get_text(): row for row in page.select("#result_list tbody tr")}
    assert rows["Two frames"].select_one(".field-skill").get_text() == "Problem framing"
    assert rows["Felt easy"].select_one(".field-skill").get_text() == "unheard-of"
    assert [rows[name].select_one(".field-archived").get_text() for name in ("Two frames", "Felt easy")] == [
        "Archived",
        "",
    ]
    assert page.select_one("#content h1").get_text() == "Activities"


def test_an_activity_is_read_with_all_its_wordings_and_not_written_here(designer):
    activity = write(designer.organization, "Two frames")
    revise_activity(
        activity_id=activity.pk, title="Three frames", minutes=10, spec=written("practice"), author_id=None, now=NOW
    )
    client = signed_in(designer)

    page = client.get(reverse("admin:content_activity_change", args=[activity.pk]))

    assert b"Two frames" in page.content
    assert b"Three frames" in page.content
    assert b'name="_save"' not in page.content
    assert client.get(reverse("admin:content_activity_add")).status_code == 403


def test_an_earlier_wording_comes_back_as_the_newest_one(designer):
    activity = write(designer.organization, "Two frames")
    revise_activity(
        activity_id=activity.pk, title="Three frames", minutes=10, spec=written("practice"), author_id=None, now=NOW
    )
    address = reverse("admin:content_activity_change", args=[activity.pk])
    client = signed_in(designer)

    page = BeautifulSoup(client.get(address).content, "html.parser")
    [button] = page.select("form[method=post] button[name=bring_back]")
    answer = client.post(address, {"bring_back": button["value"]}, follow=True)

    revisions = list(activity.revisions.order_by("number").values_list("title", "created_by"))
    assert revisions == [("Two frames", None), ("Three frames", None), ("Two frames", designer.user_id)]
    assert Activity.objects.get(pk=activity.pk).latest.number == 3
    assert b"Wording 1 is back" in answer.content


@pytest.mark.parametrize("who", ["learner", "stranger"])
def test_nobody_else_brings_a_wording_back(designer, who):
    activity = write(designer.organization, "Two frames")
    first = activity.latest_id
    revise_activity(
        activity_id=activity.pk, title="Three frames", minutes=10, spec=written("practice"), author_id=None, now=NOW
    )
    others = {"learner": {"organization": designer.organization}, "stranger": {"is_designer": True}}
    client = signed_in(MembershipFactory(**others[who]))

    client.post(reverse("admin:content_activity_change", args=[activity.pk]), {"bring_back": first})

    assert activity.revisions.count() == 2


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 30])
def test_a_wording_that_is_not_of_this_activity_is_not_there(designer, revision):
    activity = write(designer.organization, "Two frames")
    other = write(designer.organization, "Another")

    for pk in (revision, str(other.latest_id)):
        answer = signed_in(designer).post(
            reverse("admin:content_activity_change", args=[activity.pk]), {"bring_back": pk}
        )
        assert answer.status_code == 404

    assert activity.revisions.count() == 1


def test_a_learner_and_a_stranger_read_nothing(designer):
    activity = write(designer.organization, "Two frames")
    learner = MembershipFactory(organization=designer.organization)
    stranger = MembershipFactory(is_designer=True)

    assert signed_in(learner).get(reverse(LIST)).status_code in {302, 403}
    page = signed_in(stranger).get(reverse("admin:content_activity_change", args=[activity.pk]))
    assert page.status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_length(designer, django_assert_num_queries, count):
    for number in range(count):
        write(designer.organization, f"Activity {number}")
    client = signed_in(designer)
    client.get(reverse(LIST))

    with django_assert_num_queries(10):
        client.get(reverse(LIST))
