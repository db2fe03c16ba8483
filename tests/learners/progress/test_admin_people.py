"""Enrolling, adjusting and recording attendance in the admin."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.accounts.models import User
from learners.cohorts.models import Enrollment, EnrollmentAdjustment, LiveSession
from learners.progress.models import Completion
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.learners.progress.visitors import browser, url
from tests.learners.running import enrolled, published_version, running_cohort

pytestmark = pytest.mark.django_db


def csv_file(text):
    return SimpleUploadedFile("people.csv", text.encode("utf-8-sig"), content_type="text/csv")


def test_a_list_is_checked_row_by_row_before_anything_is_written(cohort, facilitator):
    enrolled(cohort, "known@example.com")
    page = url("cohort_enroll", cohort.pk)
    content = "Name;E-mail;Shoe\nAna;ana@example.com;43\nBo;nonsense;\nCy;KNOWN@example.com;\n"

    checked = facilitator.post(page, {"act": "check", "file": csv_file(content)})

    text = checked.content.decode()
    assert checked.status_code == 200
    assert [line.result.outcome for line in checked.context["lines"]] == ["refused", "already", "created"]
    assert "Nothing is written yet." in text
    assert "name@example.com" in text
    assert "Shoe" in text
    assert not User.objects.filter(email="ana@example.com").exists()

    (kept,) = re.findall(r'name="text" value="([^"]*)"', text)
    done = facilitator.post(page, {"act": "enroll", "text": kept})

    assert [line.result.outcome for line in done.context["lines"]] == ["refused", "already", "created"]
    assert Enrollment.objects.filter(cohort=cohort, user__name="Ana").count() == 1


def test_a_check_shows_what_each_row_would_come_to(cohort, facilitator):
    MembershipFactory(
        organization=cohort.organization, user=UserFactory(email="ana@x.org", name="Ana Lee", time_zone="Asia/Tokyo")
    )
    UserFactory(email="cy@x.org", name="Canary", time_zone="Pacific/Apia")
    content = (
        "e-mail,name,time zone,manager e-mail,start date\n"
        "ana@x.org,Anna,Europe/Rome,,\n"
        "bo@x.org,Bo,,Boss@x.org,2027-04-01\n"
        "cy@x.org,Cy,,,\n"
    )

    answer = facilitator.post(url("cohort_enroll", cohort.pk), {"act": "check", "file": csv_file(content)})

    shown = [(line.name, line.zone, line.manager, str(line.starts_on)) for line in answer.context["lines"]]
    assert shown == [
        ("Ana Lee", "Asia/Tokyo", "", "2027-03-03"),
        ("Bo", "Europe/Paris", "boss@x.org", "2027-04-01"),
        ("Cy", "Europe/Paris", "", "2027-03-03"),
    ]
    text = answer.content.decode()
    assert "Known already" in text
    assert "boss@x.org" in text
    assert "Canary" not in text


def test_a_list_tells_of_line_managers_who_are_new_and_of_those_it_replaces(cohort, facilitator):
    present = MembershipFactory(organization=cohort.organization, user=UserFactory(email="old@x.org", name="Old Boss"))
    MembershipFactory(organization=cohort.organization, user=UserFactory(email="ana@x.org"), manager=present)
    content = "e-mail,manager e-mail\nana@x.org,manger@x.org\nbo@x.org,old@x.org\ncy@x.org,bo@x.org\n"
    page = url("cohort_enroll", cohort.pk)

    checked = facilitator.post(page, {"act": "check", "file": csv_file(content)})

    assert [tuple(note.sentence for note in line.notes) for line in checked.context["lines"]] == [
        (
            "manger@x.org is not known here; would be added as a new member, as line manager, who hears nothing.",
            "Their line manager is Old Boss; would be manger@x.org.",
        ),
        (),
        (),
    ]
    assert "manger@x.org is not known here" in checked.content.decode()
    assert not User.objects.filter(email="manger@x.org").exists()

    done = facilitator.post(page, {"act": "enroll", "text": content})

    assert [line.is_known for line in done.context["lines"]] == [True, False, False]
    text = done.content.decode()
    assert "manger@x.org was not known here and is a new member now" in text
    assert "Their line manager was Old Boss" in text
    assert text.count("Known already") == 1
    assert f"/cohorts/{cohort.uuid}/" in text


def test_enrolling_one_person_tells_of_a_new_line_manager(cohort, facilitator):
    values = {"act": "person", "email": "ana@x.org", "name": "Ana", "manager_email": "Manger@x.org"}

    answer = facilitator.post(url("cohort_enroll", cohort.pk), values, follow=True)

    said = " ".join(str(message) for message in answer.context["messages"])
    assert "manger@x.org was not known here and is a new member now" in said


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("nonsense,Ana,,,", "Line 3, column “e-mail”"),
        (",Ana,,,", "Line 3, column “e-mail”"),
        (f"a@x.org,{'a' * 151},,,", "Line 3, column “name”"),
        ("a@x.org,Ana,Mars/Olympus,,", "Line 3, column “time zone”"),
        ("a@x.org,Ana,,A@x.org,", "Line 3, column “manager e-mail”"),
        ("a@x.org,Ana,,,3.3.2027", "Line 3, column “start date”"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_line_and_column(cohort, facilitator, row, place):
    content = f"e-mail,name,time zone,manager e-mail,start date\nbo@x.org,Bo,,,\n{row}\n"

    answer = facilitator.post(url("cohort_enroll", cohort.pk), {"act": "check", "file": csv_file(content)})

    assert place in " ".join(answer.content.decode().split())


def test_the_list_to_begin_with_can_be_used_as_it_stands(cohort, facilitator):
    sample = facilitator.get(url("cohort_sample"))
    content = sample.content.decode("utf-8-sig")

    assert 'filename="people.csv"' in sample["Content-Disposition"]
    answer = facilitator.post(url("cohort_enroll", cohort.pk), {"act": "check", "file": csv_file(content)})

    assert [line.result.outcome for line in answer.context["lines"]] == ["created", "created"]
    assert answer.context["ignored"] == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose a CSV file"),
        ({"file": b"name\nAna\n"}, "There is no column"),
        ({"file": b"\xff\xfe\x00"}, "cannot be read"),
        ({"file": b"e-mail\n\xe1@x.org\n"}, "Line 2"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_to_do(cohort, facilitator, data, words):
    files = {name: SimpleUploadedFile("people.csv", content) for name, content in data.items()}

    answer = facilitator.post(url("cohort_enroll", cohort.pk), {"act": "check", **files})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_one_person_is_enrolled_and_a_bad_address_keeps_what_was_typed(cohort, facilitator):
    page = url("cohort_enroll", cohort.pk)

    bad = facilitator.post(page, {"act": "person", "email": "nonsense", "name": "Ana"})
    assert bad.status_code == 422
    assert 'value="Ana"' in bad.content.decode()
    facilitator.post(page, {"act": "person", "email": "ana@example.com", "name": "Ana"})

    assert Enrollment.objects.get(cohort=cohort).user.name == "Ana"


def adjust(who, enrollment, kind, **values):
    return who.post(url("enrollment_adjust", enrollment.pk, kind), values, follow=True)


def test_every_adjustment_is_made_through_its_form(cohort, facilitator):
    enrollment = enrolled(cohort)

    adjust(facilitator, enrollment, "shift", days=3, reason="leave")
    adjust(facilitator, enrollment, "extend", key="first", until_on="2099-01-01")
    adjust(facilitator, enrollment, "exempt", key="second/meet")
    adjust(facilitator, enrollment, "release", key="second")
    adjust(facilitator, enrollment, "pause")
    adjust(facilitator, enrollment, "resume")

    made = list(EnrollmentAdjustment.objects.order_by("id").values_list("kind", "key", "days", "reason"))
    assert made == [
        ("shift", "", 3, "leave"),
        ("extend", "first", None, ""),
        ("exempt", "second/meet", None, ""),
        ("release", "second", None, ""),
        ("pause", "", None, ""),
        ("resume", "", None, ""),
    ]
    adjust(facilitator, enrollment, "withdraw", reason="left")
    assert Enrollment.objects.get().status == "withdrawn"
    adjust(facilitator, enrollment, "reinstate")
    assert Enrollment.objects.get().status == "invited"
    page = facilitator.get(url("enrollment_change", enrollment.pk)).content.decode()
    assert "leave" in page


def test_a_refused_adjustment_is_told_by_name(cohort, facilitator):
    enrollment = enrolled(cohort, name="Ana Silva")

    page = adjust(facilitator, enrollment, "resume").content.decode()

    assert "Ana Silva: This person is not paused" in page
    assert EnrollmentAdjustment.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "values"), [("shift", {"days": 0.5}), ("shift", {}), ("exempt", {"key": "second"}), ("extend", {})]
)
def test_an_adjustment_form_that_is_not_filled_in_writes_nothing(cohort, facilitator, kind, values):
    enrollment = enrolled(cohort)

    assert adjust(facilitator, enrollment, kind, **values).status_code == 422
    assert EnrollmentAdjustment.objects.count() == 0
    assert facilitator.get(url("enrollment_adjust", enrollment.pk, "bribe")).status_code == 404


def test_many_people_are_adjusted_at_once_after_a_look(cohort, facilitator):
    people = [enrolled(cohort, f"p{n}@example.com") for n in range(3)]
    chosen = {"action": "shift", "_selected_action": [row.pk for row in people[:2]]}

    asked = facilitator.post(url("enrollment_changelist"), chosen)
    assert "For 2 people:" in asked.content.decode()
    assert EnrollmentAdjustment.objects.count() == 0
    facilitator.post(url("enrollment_changelist"), {**chosen, "apply": "1", "days": 2})

    assert EnrollmentAdjustment.objects.count() == 2


def test_people_of_different_versions_are_not_adjusted_together(boss, cohort):
    other = running_cohort(published_version(cohort.organization))
    people = [enrolled(cohort, "a@example.com"), enrolled(other, "b@example.com")]
    chosen = {"action": "pause", "_selected_action": [row.pk for row in people], "apply": "1"}

    answer = boss.post(url("enrollment_changelist"), chosen, follow=True)

    assert "the same version" in answer.content.decode()
    assert EnrollmentAdjustment.objects.count() == 0


def test_managers_look_and_adjust_nobody(cohort, manager):
    enrollment = enrolled(cohort)
    chosen = {"action": "pause", "_selected_action": [enrollment.pk], "apply": "1"}

    manager.post(url("enrollment_changelist"), chosen)

    assert manager.get(url("enrollment_change", enrollment.pk)).status_code == 200
    assert Enrollment.objects.get().status == "invited"


def test_a_session_is_set_in_the_cohorts_zone(cohort, facilitator):
    page = url("cohort_sessions", cohort.pk)
    assert "No time is set yet." in facilitator.get(page).content.decode()

    values = {"step": "meet", "starts_on": "2027-03-29", "starts_at": "14:00", "minutes": 50, "place": "Room 1"}
    assert facilitator.post(page, values).status_code == 302

    session = LiveSession.objects.get()
    assert (session.starts_at, session.minutes) == (datetime(2027, 3, 29, 12, tzinfo=UTC), 50)
    shown = facilitator.get(page).content.decode()
    assert 'value="14:00"' in shown
    assert 'value="2027-03-29"' in shown
    assert facilitator.post(page, {**values, "minutes": 0}).status_code == 422


def test_attendance_is_recorded_on_a_page(cohort, facilitator):
    first, second = enrolled(cohort, "a@example.com", name="Ana"), enrolled(cohort, "b@example.com", name="Bo")
    page = url("cohort_attendance", cohort.pk, "meet")

    asked = facilitator.post(page, {"people": [first.pk]})
    assert (asked.status_code, Completion.objects.count()) == (200, 0)
    assert asked.context["chosen"] == [(first.pk, "Ana")]
    assert facilitator.post(page, {"people": [first.pk], "confirmed": "yes"}).status_code == 302
    shown = facilitator.get(page)

    assert shown.context["recorded"] == ["Ana"]
    assert shown.context["missing"] == [(second.pk, "Bo")]
    assert facilitator.get(url("cohort_attendance", cohort.pk, "read")).status_code == 404
    assert (
        browser(UserFactory(is_superuser=True)).post(page, {"people": [second.pk], "confirmed": "yes"}).status_code
        == 302
    )
    assert Completion.objects.count() == 2


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_people_costs_the_same(cohort, facilitator, people, django_assert_max_num_queries):
    for number in range(people):
        enrolled(cohort, f"p{number}@example.com")

    with django_assert_max_num_queries(40) as captured:
        facilitator.get(url("enrollment_changelist"))

    assert len(captured) == 11, "\n".join(q["sql"][:160] for q in captured)
