"""`manage.py journey` and `manage.py simulate`, as scripts call them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from journeys.authoring.actions.journeys import start_draft, update_version
from journeys.authoring.models import JourneyVersion
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.packing import packed
from journeys.bundle.queries.samples import sample_paths
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.journeys.authoring.drafts import NOW
from tests.journeys.bundle.folders import FILES, edited, write_bundle

YAML, READ, TRY = list(FILES)[:3]
SAMPLES = sample_paths()
pytestmark = pytest.mark.django_db


def _run(*arguments: object) -> tuple[int, list[str], list[str]]:
    """The exit code, and the lines of both outputs."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*(str(argument) for argument in arguments), stdout=out, stderr=err)
    except CommandError as error:
        code, _ = 1, err.write(str(error))
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.mark.parametrize("key", SAMPLES)
def test_checking_a_sample_finds_nothing(key):
    code, out, err = _run("journey", "check", SAMPLES[key])

    assert (code, len(out), err) == (0, 1, [])
    assert out[0].startswith(f"{key}: ")
    assert out[0].endswith("no faults")


def test_checking_tells_one_line_a_fault_and_exits_with_1(tmp_path):
    files = edited(YAML, "weeks: 2", "weeks: two")
    files[READ] = FILES[READ].replace("minutes: 3", "minutes: three")

    code, out, err = _run("journey", "check", write_bundle(tmp_path, files))

    assert (code, err) == (1, [])
    assert [line.split(": ")[0] for line in out] == ["journey.yaml:7", f"{READ}:5"]


@pytest.mark.parametrize("act", ["check", "import"])
def test_faults_of_shape_rules_references_and_skills_are_told_in_one_go(tmp_path, act):
    OrganizationFactory()
    files = edited(YAML, "{from: start,", "{from: begin,")
    files[YAML] = files[YAML].replace("module-opened:first", "module-opened:frist")
    files[YAML] = files[YAML].replace("[communication]", "[juggling]", 1)
    files[READ] = FILES[READ].replace("minutes: 3", "minutes: three")

    code, *told = _run("journey", act, write_bundle(tmp_path, files))

    lines = told[0] or told[1]
    assert code == 1
    assert [line.split(": ")[0] for line in lines] == [
        "journey.yaml:20",
        "journey.yaml:22",
        "journey.yaml:30",
        f"{READ}:5",
    ]
    assert [word in line for word, line in zip(("juggling", "begin", "frist", "whole"), lines, strict=True)] == [
        True
    ] * 4


def test_a_part_out_of_shape_hides_no_rule_of_another(tmp_path):
    files = edited(YAML, "    outcome: Ask one question.\n", "")
    files[YAML] = files[YAML].replace("{from: opens, working_days: 4", "{from: opens, working_days: four")

    _, out, _ = _run("journey", "check", write_bundle(tmp_path, files))

    assert [line.split(": ")[0] for line in out] == ["journey.yaml:16", "journey.yaml:22"]


def test_a_step_of_a_file_that_cannot_be_read_is_not_told_as_unknown(tmp_path):
    files = dict(FILES)
    files[TRY] = FILES[TRY].replace("minutes:", "minuts:")

    _, out, _ = _run("journey", "check", write_bundle(tmp_path, files))

    assert [line.split(":")[0] for line in out] == [TRY]


def test_checking_finds_what_would_keep_it_from_being_published(tmp_path):
    files = edited(YAML, '"2027-03-08 09:00"', '"2027-03-09 09:00"')
    files[YAML] = files[YAML].replace("[communication]", "[juggling]", 1)

    code, out, _ = _run("journey", "check", write_bundle(tmp_path, files))

    assert code == 1
    assert [line.split(": ")[0] for line in out] == ["journey.yaml:20", "journey.yaml:40"]


def test_a_warning_is_told_and_does_not_fail(tmp_path):
    code, out, _ = _run("journey", "check", write_bundle(tmp_path, edited(YAML, "license: CC-BY-4.0\n", "")))

    assert code == 0
    assert out[0].startswith("journey.yaml:1: warning: ")
    assert len(out) == 2


def test_a_bundle_is_imported_published_and_exported(tmp_path):
    OrganizationFactory(slug="acme")
    source = write_bundle(tmp_path / "ask-first")

    assert _run("journey", "import", source)[0] == 0
    assert JourneyVersion.objects.get().status == "draft"
    assert _run("journey", "import", source, "--publish")[0] == 0
    assert JourneyVersion.objects.get().status == "published"

    code, out, _ = _run("journey", "export", tmp_path / "out/ask-first")
    assert (code, out[0].split(" in ")[0]) == (0, "ask-first: version 1")
    assert read_bundle(tmp_path / "out/ask-first").content == read_bundle(source).content


def test_importing_what_is_published_already_writes_nothing(tmp_path):
    OrganizationFactory()
    source = write_bundle(tmp_path)
    _run("journey", "import", source, "--publish")

    code, out, _ = _run("journey", "import", source, "--publish")

    assert code == 0
    assert "nothing to import" in out[0]
    assert JourneyVersion.objects.count() == 1


def test_a_bundle_with_errors_is_not_published_and_not_imported(tmp_path):
    OrganizationFactory()
    source = write_bundle(tmp_path, edited(YAML, '"2027-03-08 09:00"', '"2027-03-09 09:00"'))

    code, out, err = _run("journey", "import", source, "--publish")

    assert (code, out) == (1, ["ask-first: a new journey, “Ask first”"])
    assert len(err) == 1
    assert err[0].startswith("journey.yaml:40: ")
    assert not JourneyVersion.objects.exists()
    assert _run("journey", "import", source)[0] == 0


def test_an_import_says_what_it_changes_before_it_writes_and_a_dry_run_writes_nothing(tmp_path):
    OrganizationFactory()
    source = write_bundle(tmp_path / "one")

    code, out, _ = _run("journey", "import", source, "--dry-run")
    assert (code, out[0]) == (0, "ask-first: a new journey, “Ask first”")
    assert out[1].endswith("nothing was written")
    assert not JourneyVersion.objects.exists()

    _run("journey", "import", source, "--publish")
    other = write_bundle(tmp_path / "two", edited(YAML, "title: Second", "title: Third"))
    told = [
        "ask-first: compared with version 1 (published):",
        "  Module “Second” is now called “Third”.",
    ]
    assert _run("journey", "import", other, "--dry-run")[1][:2] == told
    assert JourneyVersion.objects.count() == 1
    code, out, _ = _run("journey", "import", other)
    assert (code, out[:2]) == (0, told)
    assert out[2].endswith("version 2 (draft)")


def test_a_bundle_comes_in_as_an_archive_too(tmp_path):
    OrganizationFactory()
    files = {name: text.encode() for name, text in FILES.items()}
    (tmp_path / "ask.zip").write_bytes(packed(files, folder="ask-first"))

    assert _run("journey", "check", tmp_path / "ask.zip")[0] == 0
    assert _run("journey", "import", tmp_path / "ask.zip")[0] == 0
    assert JourneyVersion.objects.get().title == "Ask first"


def test_a_draft_is_written_over_on_purpose_only(tmp_path):
    OrganizationFactory()
    source = write_bundle(tmp_path)
    _run("journey", "import", source, "--publish")
    published = JourneyVersion.objects.get()
    draft = start_draft(journey_id=published.journey_id, author_id=None, now=NOW)
    update_version(version_id=draft.pk, title="Mine", summary="", language="en", license="", weeks=2)

    code, _, err = _run("journey", "import", source)
    assert (code, len(err)) == (1, 1)
    assert "replace it on purpose" in err[0]
    assert _run("journey", "import", source, "--replace-draft")[0] == 0

    draft.refresh_from_db()
    assert draft.title == "Ask first"


def test_the_author_must_belong_to_the_organization(tmp_path):
    member = MembershipFactory(organization=OrganizationFactory(slug="acme"), user__email="dee@example.com")
    source = write_bundle(tmp_path)

    code, _, err = _run("journey", "import", source, "--organization", "acme", "--author", "eve@example.com")
    assert (code, "eve@example.com" in err[0]) == (1, True)
    assert _run("journey", "import", source, "--organization", "acme", "--author", "Dee@example.com")[0] == 0

    assert JourneyVersion.objects.get().created_by == member.user


@pytest.mark.parametrize("slugs", [[], ["acme", "beta"]])
def test_the_organization_must_be_clear(slugs, tmp_path):
    for slug in slugs:
        OrganizationFactory(slug=slug)

    code, _, err = _run("journey", "import", write_bundle(tmp_path))

    assert (code, len(err)) == (1, 1)
    assert all(slug in err[0] for slug in slugs)


@pytest.mark.parametrize(
    "arguments",
    [
        ("journey", "export", "nowhere/ask-last"),
        ("journey", "export", "nowhere/ask-first", "--number", "9"),
        ("journey", "export", "/proc/version/ask-first"),
        ("journey", "import", "nowhere"),
        ("journey", "check", "nowhere"),
        ("journey", "import", ".", "--organization", "nobody"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(write_bundle(tmp_path))
    OrganizationFactory(slug="acme")
    _run("journey", "import", tmp_path)

    code, out, err = _run(*arguments)

    assert code == 1
    assert len(out + err) == 1


def test_the_schemas_are_written(tmp_path):
    code, _, _ = _run("journey", "schemas", tmp_path)

    assert code == 0
    assert len(list(tmp_path.glob("*.schema.json"))) == 11


def test_a_simulation_in_json_says_what_opens_is_due_and_is_sent():
    code, out, _ = _run("simulate", "judgment-with-ai", "--start", "2027-03-03", "--zone", "Asia/Tokyo", "--json")

    entries = json.loads("\n".join(out))["entries"]
    assert code == 0
    assert all(set(entry) == {"at_utc", "at_local", "kind", "what", "why", "moved_from"} for entry in entries)
    assert {entry["kind"] for entry in entries} == {"opens", "due", "nudge"}
    assert entries[0]["at_utc"] == "2027-03-03T00:00:00Z"
    openings = {entry["at_local"] for entry in entries if entry["kind"] == "opens"}
    assert {"2027-03-10T09:00:00+09:00", "2027-03-25T09:00:00+09:00"} <= openings


def test_a_simulation_in_words_has_both_times_and_the_reason():
    code, out, _ = _run(
        "simulate", SAMPLES["feedback-that-lands"], "--start", "2027-03-01", "--zone", "America/New_York"
    )

    assert code == 0
    assert out[1].split("  ")[:2] == ["Mon 2027-03-01 09:00", "2027-03-01 14:00"]
    assert any("2027-03-15 09:00  2027-03-15 13:00" in line for line in out)


def test_a_stored_journey_is_simulated_before_a_sample(tmp_path):
    OrganizationFactory(slug="acme")
    files = {**FILES, YAML: FILES[YAML].replace("key: ask-first", "key: judgment-with-ai")}
    _run("journey", "import", write_bundle(tmp_path, files))

    _, out, _ = _run("simulate", "judgment-with-ai", "--start", "2027-03-01", "--zone", "UTC")
    assert any("Module 2 opens: Second" in line for line in out)

    OrganizationFactory(slug="beta")
    _run("journey", "import", tmp_path, "--organization", "beta")
    code, _, err = _run("simulate", "judgment-with-ai", "--start", "2027-03-01", "--zone", "UTC")
    assert (code, "acme, beta" in err[0]) == (1, True)
    assert _run(
        "simulate", "judgment-with-ai", "--start", "2027-03-01", "--zone", "UTC", "--organization", "beta"
    )[0] == 0  # fmt: skip


def test_a_simulation_knows_somebody_away_and_a_cohort_with_one_clock():
    tokyo = ("simulate", "judgment-with-ai", "--start", "2027-03-03", "--zone", "Asia/Tokyo")

    def openings(*arguments):
        _, out, _ = _run(*tokyo, *arguments)
        return [line for line in out if " opens: " in line]

    assert any(
        line.startswith("Wed 2027-03-03 17:00  2027-03-03 08:00") for line in openings("--cohort-zone", "Europe/Paris")
    )
    assert not any("17:00" in line for line in openings())
    assert _run(*tokyo, "--pace", "absent:1")[0] == 0
    assert _run(*tokyo, "--pace", "absent:0")[0] == 1
    assert _run(*tokyo, "--cohort-zone", "Mars/Base")[0] == 1


def test_a_simulation_knows_what_others_do(tmp_path):
    folder = write_bundle(
        tmp_path, edited(YAML, "modules:\n", "events:\n  - {key: kickoff, title: Kick-off}\nmodules:\n")
    )
    start = ("simulate", folder, "--start", "2027-03-01", "--zone", "UTC")

    assert _run(*start, "--event", "kickoff=2027-03-10", "--end", "2027-05-01")[0] == 0
    assert "no event “summit”" in _run(*start, "--event", "summit=2027-03-10")[2][0]
    assert "Write --event kickoff= as YYYY-MM-DD" in _run(*start, "--event", "kickoff=soon")[2][0]
    assert "in the years 2000 to 2199" in _run(*start, "--end", "0001-01-01")[2][0]
    assert "Name a module" in _run(*start, "--release", "gone=2027-03-10")[2][0]


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        (("nothing", "--start", "2027-03-01", "--zone", "UTC"), "no journey “nothing”"),
        (("judgment-with-ai", "--start", "tomorrow", "--zone", "UTC"), "YYYY-MM-DD"),
        (("judgment-with-ai", "--start", "2027-02-30", "--zone", "UTC"), "YYYY-MM-DD"),
        (("judgment-with-ai", "--start", "0001-01-01", "--zone", "UTC"), "2000 to 2199"),
        (("judgment-with-ai", "--start", "2027-03-01", "--zone", "Mars/Base"), "not a time zone"),
        (("judgment-with-ai", "--start", "2027-03-01", "--zone", "UTC", "--pace", "slowly"), "pace"),
        (("judgment-with-ai", "--start", "2027-03-01", "--zone", "UTC", "--calendar", "XX"), "XX"),
    ],
)
def test_a_simulation_that_cannot_be_is_told_in_one_line(arguments, piece):
    code, out, err = _run("simulate", *arguments)

    assert (code, out, len(err)) == (1, [], 1)
    assert piece in err[0]


def test_a_simulation_of_a_faulty_bundle_tells_its_faults(tmp_path):
    folder = write_bundle(tmp_path, edited(YAML, "weeks: 2", "weeks: two"))

    code, _, err = _run("simulate", folder, "--start", "2027-03-01", "--zone", "UTC")

    assert code == 1
    assert err == [f"journey.yaml:7: {err[0].partition(': ')[2]}"]


def test_samples_are_found_by_their_slugs():
    assert list(SAMPLES) == ["feedback-that-lands", "judgment-with-ai", "leading-through-ambiguity"]
    assert all((Path(path) / YAML).is_file() for path in SAMPLES.values())
