"""A person gets everything that is theirs and nothing of others."""

import json
import re
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db.models import CharField, JSONField, TextField

from config.events.models import ActivityEvent
from config.personal_data.actions import export_person
from config.personal_data.registry import personal_models
from config.personal_data.telling import columns_of
from tests.config.personal_data.person import NOW, everything_about
from tests.learners.running import running_cohort

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def people():
    cohort = running_cohort()
    person = everything_about("ottilie.canary@example.com", "Ottilie Zoë", "canary", cohort)
    return person, everything_about("stranger@example.com", "Stella Stranger", "stranger", cohort)


@pytest.fixture
def files(people):
    return export_person(user_id=people[0].pk, actor_id=people[0].pk, now=NOW)


def test_every_canary_that_a_rule_hands_out_is_in_the_export(people, files):
    person, whole = people[0], "\n".join(files.values())
    wanted = {
        canary
        for model, rule in personal_models()
        for about in rule.about
        if about.export
        for column in columns_of(model, about)
        if isinstance(column, CharField | TextField | JSONField)
        for value in model._default_manager.filter(about.rows_of(person)).values_list(column.name, flat=True)
        for canary in re.findall(r"canary[\w @-]*", str(value))
    }

    assert len(wanted) >= 20
    assert {canary for canary in wanted if canary not in whole} == set()


def test_nothing_of_others_is_in_the_export(files):
    whole = "\n".join(files.values()).lower()

    assert "stranger" not in whole
    assert not re.search(r"person\d+@example\.com", whole)


def test_what_was_written_is_there_as_plain_text(files):
    texts = {name: words for name, words in files.items() if name.startswith("texts/")}

    kinds = {name.split("/")[1] for name in texts}
    assert {"reflections", "commitments", "check-ins", "attempts", "sign-offs"} <= kinds
    reflection = next(words for name, words in texts.items() if "/reflections/" in name)
    assert "canary prompt" in reflection
    assert "canary reflection" in reflection


def test_no_secret_is_handed_out(files):
    whole = "\n".join(files.values())

    for secret in ("canary-secret", "canary-token", "canary-hash", "canary-key", "md5$"):
        assert secret not in whole


def test_what_staff_and_the_engine_did_to_a_journey_is_told_too(files):
    events = json.loads(files["data/events.json"])

    assert len([event for event in events if event["verb"] == "step.completed"]) == 2


def test_handing_out_is_noted(people, files):
    noted = ActivityEvent.objects.get(verb="person.exported")

    assert (noted.actor_id, noted.object_uuid) == (people[0].pk, people[0].uuid)


def test_the_command_writes_a_folder_that_its_owner_alone_reads(people, tmp_path, capsys):
    call_command("export_person", "Ottilie.Canary@example.com", tmp_path / "hers")

    assert "canary reflection" in (tmp_path / "hers" / "data" / "reflections.json").read_text()
    assert (tmp_path / "hers" / "README.txt").stat().st_mode & 0o077 == 0
    assert "Wrote" in capsys.readouterr().out


def test_the_command_writes_a_zip(people, tmp_path):
    call_command("export_person", "ottilie.canary@example.com", tmp_path / "hers.zip")

    with zipfile.ZipFile(tmp_path / "hers.zip") as archive:
        assert archive.testzip() is None
        assert "data/people.json" in archive.namelist()


def test_the_command_replaces_nothing(people, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("kept")

    with pytest.raises(CommandError, match="is there already"):
        call_command("export_person", "ottilie.canary@example.com", tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert not ActivityEvent.objects.filter(verb="person.exported").exists()


def test_the_command_says_that_nobody_has_an_address(tmp_path, db):
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("export_person", "nobody@example.com", tmp_path / "x")
