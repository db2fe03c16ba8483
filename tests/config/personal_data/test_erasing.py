"""Whoever was erased is found nowhere, whoever was not is whole, and counts stay true."""

import re

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import CharField, JSONField, TextField

from config.accounts.models import ApiKey, User
from config.events.models import ActivityEvent
from config.personal_data.actions import erase_person, export_person
from config.personal_data.errors import NobodyThere
from config.personal_data.registry import personal_models
from learners.cohorts.models import Enrollment
from learners.nudges.models import NudgeDelivery
from learners.nudges.queries.status import read_status
from learners.progress.actions import rebuild_progress
from learners.progress.models import Completion, SignOff
from tests.config.personal_data.person import NOW, everything_about
from tests.learners.running import running_cohort

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HERS = re.compile(r"canary|ottilie|zoë|zo\\u00eb", re.IGNORECASE)

# Keys, states and settings: words of ours, chosen from lists, never somebody's own.
OURS = {
    "step_key module_key rule_key subject anchor occurrence channel channels category dedupe zone purpose scope key",
    "state status response_version asked_as waiting_on kind cause period verb object_type data locale time_zone theme",
    "module_states opened current_module quiet_days provider type scopes client_id id digest prefix fingerprint arm",
    "password days role how clock answer audience caller last_fault session_data hash address_hash body",
    "secret default_scopes grant_types redirect_uris cors_origins response_types session_key",
}
# Words of ours in columns that elsewhere hold somebody's own, and what belongs to the organization whoever typed it.
NOT_THEIRS = {
    *{("NudgeDelivery", "reason"), ("DeliveryEvent", "reason"), ("LogEntry", "object_id")},
    *{("LogEntry", "object_repr"), ("LogEntry", "change_message"), ("LiveSession", "place")},
    *{("ApiKey", "name"), ("Client", "name")},
}


@pytest.fixture
def cohort():
    return running_cohort()


@pytest.fixture
def person(cohort):
    return everything_about("ottilie.canary@example.com", "Ottilie Zoë", "canary", cohort)


def everywhere():
    """Return every value of every table, as text with its place."""
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [(f"{table}.{name}", str(value)) for name, value in zip(names, row, strict=True)]
    sessions = apps.get_model("sessions", "Session").objects.all()
    return found + [("session", str(session.get_decoded())) for session in sessions]


def traces():
    return sorted({place for place, value in everywhere() if HERS.search(value)})


def test_the_person_has_a_row_of_every_kind(person):
    missing = [
        f"{model.__name__} by {about.path}"
        for model, rule in personal_models()
        for about in rule.about
        if not model._default_manager.filter(about.rows_of(person)).exists()
    ]

    assert missing == []


def test_every_text_column_of_theirs_carries_a_canary(person):
    ours = {name for line in OURS for name in line.split()}
    silent = [
        f"{model.__name__}.{field.name}"
        for model, rule in personal_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
        and not field.choices
        and field.name not in ours
        and (model.__name__, field.name) not in NOT_THEIRS
        and not any(
            HERS.search(str(value))
            for about in rule.about
            for value in model._default_manager.filter(about.rows_of(person)).values_list(field.name, flat=True)
        )
    ]

    assert silent == []


def test_an_erased_person_is_found_in_no_column_of_the_database(person):
    assert traces()

    erase_person(user_id=person.pk, now=NOW)

    assert traces() == []


def test_somebody_else_is_left_whole(person, cohort):
    everything_about("stranger@example.com", "Stella Stranger", "stranger", cohort)
    before = sorted(place for place, value in everywhere() if "stranger" in value.lower())

    erase_person(user_id=person.pk, now=NOW)

    assert sorted(place for place, value in everywhere() if "stranger" in value.lower()) == before


def test_counts_stay_without_a_name(person, cohort):
    learner = Enrollment.objects.get(user=person)
    completions, messages = Completion.objects.count(), NudgeDelivery.objects.count()

    erase_person(user_id=person.pk, now=NOW)

    assert Completion.objects.filter(enrollment=learner).count() == 1
    assert (Completion.objects.count(), NudgeDelivery.objects.count()) == (completions, messages)
    status = read_status(now=NOW)
    assert status.adds_up
    assert not NudgeDelivery.objects.filter(recipient=person, state="planned").exists()
    assert str(Enrollment.objects.get(pk=learner.pk).user) == "Erased person"


def test_nothing_goes_on_for_somebody_who_was_erased(person):
    erase_person(user_id=person.pk, now=NOW)

    gone = User.objects.get(pk=person.pk)
    assert (gone.is_active, gone.has_usable_password(), gone.erased_at) == (False, False, NOW)
    assert set(Enrollment.objects.filter(user=person).values_list("status", flat=True)) == {"withdrawn"}
    assert set(SignOff.objects.filter(signer=person).values_list("state", flat=True)) == {"withdrawn"}
    assert ApiKey.objects.get(created_by=person).revoked_at == NOW


def test_the_erasing_itself_is_told_without_a_name(person):
    erase_person(user_id=person.pk, now=NOW)

    told = ActivityEvent.objects.get(verb="person.erased")
    assert (told.actor, told.object_uuid, told.data) == (None, person.uuid, {})
    assert not ActivityEvent.objects.filter(actor=person).exists()


def test_the_roll_up_still_equals_the_completions(cohort):
    person = everything_about("ottilie.canary@example.com", "Ottilie Zoë", "canary", cohort)
    rebuild_progress(check=False, now=NOW)

    erase_person(user_id=person.pk, now=NOW)

    assert rebuild_progress(check=True, now=NOW).differences == ()


def test_nobody_is_erased_twice(person):
    erase_person(user_id=person.pk, now=NOW)

    with pytest.raises(NobodyThere):
        erase_person(user_id=person.pk, now=NOW)
    with pytest.raises(NobodyThere):
        export_person(user_id=person.pk, actor_id=None, now=NOW)


def test_the_address_can_be_invited_again(person):
    erase_person(user_id=person.pk, now=NOW)

    again = User.objects.create_user("ottilie.canary@example.com")

    assert again.pk != person.pk


def test_the_command_asks_first_and_says_what_it_did(person, capsys):
    with pytest.raises(CommandError, match="Add --yes"):
        call_command("erase_person", person.email)
    assert User.objects.get(pk=person.pk).erased_at is None

    call_command("erase_person", person.email.upper(), "--yes")

    said = capsys.readouterr().out
    assert "1 reflections" in said
    assert "kept, now nobody's: 1 completions" in said


def test_the_command_says_that_there_is_nobody_the_second_time(person):
    call_command("erase_person", person.email, "--yes")

    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("erase_person", person.email, "--yes")
