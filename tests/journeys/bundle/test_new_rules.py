"""A bundle whose rules wait for events, count attempts and keep to windows: in, checked, and out again without loss."""

from datetime import UTC, datetime

import pytest

from journeys.authoring.actions.aims import set_events
from journeys.authoring.errors import InvalidAuthoring, StillNeeded
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries import content_of
from journeys.authoring.rules.content import EventContent
from journeys.bundle.actions import export_version, import_bundle
from journeys.bundle.queries import read_bundle, text_files
from journeys.bundle.queries.checking import built_in_skills, check_bundle
from journeys.publishing.rules import change_between
from tests.factories.accounts import OrganizationFactory
from tests.journeys.bundle.folders import FILES, write_bundle

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
YAML, READ, TRY, CHECK = list(FILES)[:4]
RULES = """opens:
      all:
        - event: town-hall
        - from: event:town-hall
          working_days: 1
          window:
            weekdays:
              - mon
              - tue
            from: "09:00"
            to: "17:00"
        - any:
            - passed: second/check
              ratio: 0.5
              within_attempts: 2
            - from: failed:second/check
              attempts: 2
              hours: 4
            - failed: second/check
"""
EVENTS = "events:\n  - {key: town-hall, title: Town hall}\n"


def changed():
    """The small bundle, with events and a third module under every new form of rule."""
    files = dict(FILES)
    where = next(path for path in files if path.endswith("check.md")).split("/")[1]
    owner = {"01-first": "first", "02-second": "second"}[where]
    module = files[YAML].split("  - key: second")[1].split("nudges:")[0]
    third = f"  - key: third{module.replace('02-second', '03-third').replace('Second', 'Third')}"
    opens = third.index("opens:")
    third = third[:opens] + RULES.replace("second/check", f"{owner}/check").replace("\n      ", "\n      ")
    files[YAML] = files[YAML].replace("modules:\n", f"{EVENTS}modules:\n").replace("nudges:", f"{third}nudges:")
    files["modules/03-third/01-last.md"] = files[READ].replace("key: read", "key: last")
    return files


def faults_of(folder):
    return [one for one in check_bundle(read_bundle(folder), skills=built_in_skills()) if one.level == "error"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('from: "module-opened:first"', 'from: "event:launch"', "has no event “launch”. Add it to its events first."),
        ('{from: "module-opened:first", working_days: 5, at: "09:00"}', "{event: launch}", "has no event “launch”"),
        ('from: "module-opened:first"', 'from: "failed:first/quiz"', "has no step “first/quiz”"),
    ],
)
def test_what_is_not_in_the_journey_is_told_with_file_and_line(tmp_path, old, new, words):
    write_bundle(tmp_path / "in", FILES | {YAML: FILES[YAML].replace(old, new)})

    (fault,) = faults_of(tmp_path / "in")

    assert fault.place == "journey.yaml:30"
    assert words in fault.detail


def test_it_reads_checks_and_comes_back_the_same(tmp_path):
    write_bundle(tmp_path / "in", changed())
    bundle = read_bundle(tmp_path / "in")

    assert faults_of(tmp_path / "in") == []
    assert bundle.content.events == (EventContent("town-hall", "Town hall"),)
    write_bundle(tmp_path / "out", text_files(bundle.content))
    assert read_bundle(tmp_path / "out").content == bundle.content
    assert (
        "Rules may wait for these events: “Town hall”."
        in change_between(read_bundle_without_events(tmp_path), bundle.content).words
    )


def read_bundle_without_events(tmp_path):
    write_bundle(tmp_path / "plain", FILES)
    return read_bundle(tmp_path / "plain").content


@pytest.mark.django_db
def test_import_and_export_lose_nothing(tmp_path):
    write_bundle(tmp_path / "in", changed())
    organization, other = OrganizationFactory(), OrganizationFactory()
    once = import_bundle(bundle=read_bundle(tmp_path / "in"), organization_id=organization.pk, author_id=None, now=NOW)
    export_version(version_id=once.pk, path=tmp_path / "once")
    twice = import_bundle(bundle=read_bundle(tmp_path / "once"), organization_id=other.pk, author_id=None, now=NOW)

    assert content_of(twice.pk) == content_of(once.pk) == read_bundle(tmp_path / "once").content
    assert content_of(once.pk).outline.titles["event:town-hall"] == "“Town hall”"


@pytest.mark.django_db
def test_an_event_that_a_rule_names_does_not_go(tmp_path):
    write_bundle(tmp_path / "in", changed())
    version = import_bundle(
        bundle=read_bundle(tmp_path / "in"), organization_id=OrganizationFactory().pk, author_id=None, now=NOW
    )

    with pytest.raises(StillNeeded, match="Module “Third” depends on it"):
        set_events(version_id=version.pk, events=[])
    with pytest.raises(InvalidAuthoring) as refusal:
        set_events(version_id=version.pk, events=[EventContent("a", ""), EventContent("a", "A"), EventContent("", "B")])
    assert [fault.pointer for fault in refusal.value.faults] == ["/events/0/title", "/events/1/key", "/events/2/key"]
    assert JourneyVersion.objects.get(pk=version.pk).events == [{"key": "town-hall", "title": "Town hall"}]


def test_attempts_at_what_nobody_fails_are_refused_with_file_and_line(tmp_path):
    files = changed()
    files[CHECK if "pass_ratio" in files[CHECK] else TRY] = files[CHECK].replace("pass_ratio: 0.5\n", "")
    write_bundle(tmp_path / "in", files)

    found = faults_of(tmp_path / "in")

    assert {one.code for one in found} == {"never_failed"}
    assert len(found) == 3
    assert all(one.place.startswith("journey.yaml:") for one in found)
    assert "Name a quiz with a pass mark" in found[0].detail
