"""Cohorts, enrollments and records in the admin: what works, and who sees what."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from config.accounts.models import User
from journeys.authoring.models import JourneyVersion
from learners.cohorts.models import Cohort, CohortStaff, Enrollment
from learners.progress.actions import Answer, ask_sign_off, complete_step
from learners.progress.models import Completion
from tests.factories.accounts import UserFactory
from tests.factories.journeys import JourneyVersionFactory
from tests.factories.learners import CohortStaffFactory, ReflectionFactory
from tests.learners.progress.visitors import browser, member, url
from tests.learners.running import NOW, enrolled, published_version

pytestmark = pytest.mark.django_db

RECORDS = ["completion", "attempt", "signoff", "enrollment"]


def fields(version, **values):
    return {
        "name": "Summer",
        "version": version.pk,
        "clock": "shared",
        "starts_on": "2027-06-01",
        "time_zone": "",
        "zone_rule": "learner",
        "country": "jp",
        "days_off": "2027-06-04\n2027-06-03",
        "staff-TOTAL_FORMS": 0,
        "staff-INITIAL_FORMS": 0,
        **values,
    }


def test_an_administrator_founds_a_cohort_with_its_staff(cohort, boss):
    person = member(cohort)
    staff = {"staff-TOTAL_FORMS": 1, "staff-0-user": person.pk, "staff-0-role": "facilitator"}

    answer = boss.post(url("cohort_add"), fields(cohort.version, **staff))

    made = Cohort.objects.get(name="Summer")
    assert answer.status_code == 302
    assert (made.organization_id, made.time_zone, made.country) == (cohort.organization_id, "Europe/Paris", "JP")
    assert made.days_off == ["2027-06-03", "2027-06-04"]
    assert made.staff.get().user == person


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2027-05-01"}, "ends_on"),
        ({"country": "xx"}, "country"),
        ({"days_off": "3.6.2027"}, "days_off"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": ""}, "name"),
    ],
)
def test_a_cohort_that_does_not_fit_says_where(cohort, boss, values, field):
    answer = boss.post(url("cohort_add"), fields(cohort.version, **values))

    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert "Constraint" not in str(errors)
    assert Cohort.objects.count() == 1


def test_only_published_versions_of_the_organization_can_be_chosen(cohort, boss):
    draft = JourneyVersionFactory(journey=cohort.version.journey)

    for version in (draft, published_version()):
        answer = boss.post(url("cohort_add"), fields(version))
        assert "version" in answer.context["adminform"].form.errors


def test_a_new_cohort_leads_on_to_enrolling_its_people(cohort, boss):
    answer = boss.post(url("cohort_add"), fields(cohort.version), follow=True)

    made = Cohort.objects.get(name="Summer")
    assert answer.redirect_chain == [(url("cohort_enroll", made.pk), 302)]
    assert "is ready" in answer.content.decode()


def test_another_cohort_with_new_dates_is_one_form(cohort, boss):
    person = member(cohort)
    CohortStaff.objects.create(cohort=cohort, user=person, role="facilitator")
    assert f"?like={cohort.pk}" in boss.get(url("cohort_change", cohort.pk)).content.decode()

    page = boss.get(url("cohort_add"), {"like": cohort.pk})

    form = page.context["adminform"].form
    assert form.initial["version"] == cohort.version_id
    assert (form.initial["name"], form.initial["time_zone"]) == (cohort.name, cohort.time_zone)
    assert "starts_on" not in form.initial
    staff = page.context["inline_admin_formsets"][0].formset
    assert [one.initial for one in staff.extra_forms] == [{"user": person.pk, "role": "facilitator"}, {}]
    assert f"“{cohort.name}” ran from" in page.content.decode()


@pytest.mark.parametrize("like", ["x", "999999", "9" * 40, ""])
def test_a_cohort_that_is_not_there_fills_nothing(boss, like):
    page = boss.get(url("cohort_add"), {"like": like})

    assert page.status_code == 200
    assert "version" not in page.context["adminform"].form.initial


def test_retired_versions_are_begun_by_nobody_and_kept_by_their_cohort(cohort, boss):
    retired = cohort.version
    JourneyVersion.objects.filter(pk=retired.pk).update(status="retired")
    newer = JourneyVersionFactory(journey=retired.journey, number=2, status="published", published_at=NOW)

    new = boss.get(url("cohort_add")).context["adminform"].form.fields["version"].queryset
    own = boss.get(url("cohort_change", cohort.pk))

    assert list(new) == [newer]
    assert set(own.context["adminform"].form.fields["version"].queryset) == {newer, retired}
    assert "(retired; this cohort keeps it" in own.content.decode()
    answer = boss.post(url("cohort_change", cohort.pk), fields(retired, name="Kept", country=""))
    assert answer.status_code == 302
    cohort.refresh_from_db()
    assert (cohort.name, cohort.version_id) == ("Kept", retired.pk)


def test_a_changed_start_moves_people_through_the_action(cohort, facilitator):
    enrollment = enrolled(cohort)
    values = fields(cohort.version, name="Spring", starts_on="2027-03-17", days_off="", country="")

    answer = facilitator.post(url("cohort_change", cohort.pk), values)

    enrollment.refresh_from_db()
    assert answer.status_code == 302
    assert enrollment.next_opens_at == datetime(2027, 3, 17, 8, tzinfo=UTC)
    assert Cohort.objects.get(pk=cohort.pk).starts_on == date(2027, 3, 17)


def test_facilitators_name_no_staff_and_found_no_cohort(cohort, facilitator):
    someone = member(cohort)
    staff = {"staff-TOTAL_FORMS": 1, "staff-0-user": someone.pk, "staff-0-role": "manager"}

    facilitator.post(
        url("cohort_change", cohort.pk), fields(cohort.version, starts_on="2027-03-03", name="Spring", **staff)
    )

    assert not CohortStaff.objects.filter(user=someone).exists()
    assert facilitator.get(url("cohort_add")).status_code == 403
    assert facilitator.post(url("cohort_changelist"), {"action": "close", "_selected_action": [cohort.pk]})
    cohort.refresh_from_db()
    assert cohort.closed_at is None


def test_staff_are_taken_away_by_administrators(cohort, boss):
    row = CohortStaffFactory(cohort=cohort, user=member(cohort))
    values = {
        "staff-TOTAL_FORMS": 1,
        "staff-INITIAL_FORMS": 1,
        "staff-0-id": row.pk,
        "staff-0-cohort": cohort.pk,
        "staff-0-DELETE": "on",
    }

    boss.post(url("cohort_change", cohort.pk), fields(cohort.version, **values))

    assert CohortStaff.objects.count() == 0


def test_cohorts_are_closed_by_administrators(cohort, boss):
    boss.post(url("cohort_changelist"), {"action": "close", "_selected_action": [cohort.pk]})

    cohort.refresh_from_db()
    assert cohort.closed_at is not None


@pytest.mark.parametrize("page", ["cohort", *RECORDS])
def test_who_sees_which_list(page, cohort, boss, facilitator, manager, designer, stranger):
    Cohort.objects.filter(pk=cohort.pk).update(name="Our cohort")
    enrollment = enrolled(cohort, name="Ana Silva")
    for key in ("read", "try-it"):
        complete_step(enrollment_id=enrollment.pk, step_key=key, now=NOW, answer=Answer({"report": ["x"]}))
    ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email="jo@example.org", now=NOW)
    mark = "Our cohort" if page == "cohort" else "Ana Silva"
    changelist = url(f"{page}_changelist")

    for who in (boss, facilitator, manager, browser(UserFactory(is_superuser=True))):
        assert mark in who.get(changelist).content.decode()
    assert designer.get(changelist).status_code == 403
    other = stranger.get(changelist).content.decode()
    assert "Ana Silva" not in other
    assert "Our cohort" not in other
    assert browser(enrollment.user).get(changelist).status_code == 302


def test_a_strangers_address_leads_nowhere(cohort, stranger, manager):
    enrollment = enrolled(cohort)

    assert stranger.get(url("cohort_change", cohort.pk)).status_code == 302
    assert stranger.get(url("enrollment_change", enrollment.pk)).status_code == 302
    for page in (
        url("cohort_enroll", cohort.pk),
        url("cohort_sessions", cohort.pk),
        url("cohort_attendance", cohort.pk, "meet"),
        url("enrollment_adjust", enrollment.pk, "pause"),
    ):
        assert stranger.post(page, {"act": "person", "email": "x@example.com"}).status_code == 404
        assert manager.post(page, {"act": "person", "email": "x@example.com"}).status_code == 403
    assert Enrollment.objects.get(pk=enrollment.pk).status == "invited"
    assert not User.objects.filter(email="x@example.com").exists()


def test_answers_comments_and_reflections_are_nowhere_in_the_admin(cohort, boss):
    enrollment = enrolled(cohort)
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW)
    report = Answer({"report": ["Canary report"]})
    complete_step(enrollment_id=enrollment.pk, step_key="try-it", now=NOW, answer=report)
    asked = ask_sign_off(enrollment_id=enrollment.pk, step_key="try-it", email="canary@example.org", now=NOW)
    asked.comment = "Canary comment"
    asked.save()
    ReflectionFactory(enrollment=enrollment, text="Canary reflection")
    pages = [url(f"{record}_changelist") for record in RECORDS]
    pages += [
        url("enrollment_change", enrollment.pk),
        url("signoff_change", asked.pk),
        url("attempt_change", asked.attempt_id),
        url("completion_change", Completion.objects.latest("pk").pk),
        reverse("admin:index"),
    ]

    for page in pages:
        for who in (boss, browser(UserFactory(is_superuser=True))):
            answer = who.get(page)
            assert answer.status_code == 200
            assert "canary" not in answer.content.decode().lower(), page
            assert "reflection" not in answer.content.decode().lower(), page


@pytest.mark.parametrize("record", RECORDS)
def test_records_are_never_written_by_hand(record, cohort):
    enrollment = enrolled(cohort)
    complete_step(enrollment_id=enrollment.pk, step_key="read", now=NOW, answer=Answer({}))
    operator = browser(UserFactory(is_superuser=True))

    assert operator.get(url(f"{record}_add")).status_code == 403
    assert operator.post(url("completion_delete", Completion.objects.get().pk)).status_code == 403
    assert operator.post(url("completion_change", Completion.objects.get().pk), {"step_key": "x"}).status_code == 403
    assert Completion.objects.get().step_key == "read"


def test_the_list_of_cohorts_leads_to_enrolling_and_filters_in_words(cohort, facilitator):
    answer = facilitator.get(url("cohort_changelist"))

    text = " ".join(answer.content.decode().split())
    assert f'href="{url("cohort_enroll", cohort.pk)}"' in text
    assert "Closed: nobody joins any more" in text
    assert "Not empty" not in text
    assert "By clock" not in text
    closed = facilitator.get(url("cohort_changelist"), {"closed_at__isempty": "0"})
    assert url("cohort_enroll", cohort.pk) not in closed.content.decode()


def test_moments_are_shown_with_their_zone(cohort, facilitator):
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=NOW)

    assert " UTC</td>" in facilitator.get(url("cohort_changelist")).content.decode()
