"""Each fault of a bundle is told in exactly one line, with its place and what to do."""

import os
from pathlib import Path

import pytest

from journeys.bundle.errors import BundleFaults
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.folder import MAX_TEXT, MAX_TOTAL
from tests.journeys.bundle.folders import FILES, edited, write_bundle

YAML, READ, TRY, CHECK = list(FILES)[:4]
LOOK = list(FILES)[4]

# what is broken: the file, its old text, the new text, the line that is told, a piece of what is told
EDITS = {
    "another format": (YAML, "waymark-journey/1", "waymark-journey/9", 1, "waymark-journey/1"),
    "no key": (YAML, "key: ask-first\n", "", 1, "Add “key”"),
    "a key that is no slug": (YAML, "key: ask-first", "key: Ask First", 2, "lower-case letters"),
    "an unknown key": (YAML, "weeks: 2", "weeks: 2\nwekks: 3", 8, "wekks"),
    "weeks as text": (YAML, "weeks: 2", 'weeks: "2"', 7, "whole number"),
    "weeks out of bounds": (YAML, "weeks: 2", "weeks: 0", 7, "1 or more"),
    "a language that is none": (YAML, "language: en", "language: English!", 5, "code of a language"),
    "a weight out of bounds": (YAML, "weight: 2", "weight: 7", 9, "3 or less"),
    "three anchors": (YAML, "Asks when reminded, ", "", 14, "at least 4"),
    "two anchors that say the same": (YAML, "Asks first,", "tells,", 14, "Two levels say the same"),
    "a module without an outcome": (YAML, "    outcome: Ask one question.\n", "", 16, "Add “outcome”"),
    "a folder that climbs out": (YAML, "folder: 01-first", "folder: ../01-first", 17, "folder"),
    "a folder named twice": (YAML, "folder: 02-second", "folder: 01-first", 25, "Two modules name"),
    "two modules with one key": (YAML, "key: second", "key: first", 24, "“first” stands in modules twice"),
    "a rule with an unknown anchor": (YAML, "{from: start,", "{from: begin,", 22, "not a moment"),
    "a rule with a bad hour": (YAML, 'at: "09:00"', 'at: "25:00"', 22, "HH:MM"),
    "a rule with two lengths": (YAML, "working_days: 0", "working_days: 0, days: 1", 22, "one length only"),
    "a rule that is a word": (YAML, 'due: {from: opens, working_days: 4, at: "18:00"}', "due: friday", 23, "mapping"),
    "an unknown trigger": (YAML, "event: module-opened", "event: module-shut", 34, "not an event"),
    "an unknown category": (YAML, "category: practice", "category: spam", 33, "practice"),
    "an unknown channel": (YAML, "[email, in-app]", "[email, sms]", 37, "in-app"),
    "a message without words": (YAML, "[Try it today.]", "[]", 38, "text"),
    "a zone that is none": (YAML, "Europe/Paris", "Europe/Pari", 40, "time zone"),
    "an expectation without a moment": (YAML, ', opens: "2027-03-08 09:00"', "", 40, "Say when"),
    "a tab": (YAML, "    skill: communication\n", "\tskill: communication\n", 12, "Indent with spaces"),
    "a bracket left open": (YAML, "[Try it today.]", "[Try it today.", 39, "structure breaks"),
    "a key twice": (YAML, "weeks: 2", "weeks: 2\nweeks: 3", 8, "twice"),
    "a tag": (YAML, "weeks: 2", "weeks: !!int 2", 7, "Tags"),
    "a tag that would run code": (YAML, "weeks: 2", "weeks: !!python/object/apply:os.system [ls]", 7, "Tags"),
    "an alias": (YAML, "summary: Ask before you tell.", "summary: *all", 4, "Write the value out"),
    "an anchor": (YAML, "summary: Ask", "summary: &all Ask", 4, "write values out"),
    "a key of YAML 1.1": (YAML, "weeks: 2", "weeks: 2\non: 3", 8, "another type"),
    "two documents": (YAML, "weeks: 2", "weeks: 2\n---", 8, "second document"),
    "no front matter": (READ, "---\n", "", 1, "Begin the file"),
    "front matter without an end": (READ, "---\nRead", "Read", 1, "no end"),
    "an unknown kind": (READ, "kind: article", "kind: essay", 3, "essay"),
    "minutes as words": (READ, "minutes: 3", "minutes: three", 5, "whole number"),
    "no title": (READ, "title: Read\n", "", 2, "Add “title”"),
    "serves nothing known": (READ, "serves: knows", "serves: teaches", 6, "knows"),
    "a key of another kind": (READ, "serves: knows", "serves: knows\nprompt: Why?", 7, "prompt"),
    "an event without a title": (YAML, "modules:\n", "events:\n  - {key: launch}\nmodules:\n", 16, "title"),
    "a window that ends before it begins": (
        YAML,
        'working_days: 5, at: "09:00"',
        'working_days: 5, window: {from: "17:00", to: "09:00"}',
        30,
        "not after 17:00",
    ),
    "attempts of no failure": (YAML, "working_days: 5,", "working_days: 5, attempts: 2,", 30, "Only from: failed"),
    "a step rule with an unknown form": (
        TRY,
        "{completed: first/read}",
        "{finished: first/read}",
        7,
        "nothing to wait for",
    ),
    "a misspelled key": (CHECK, "questions:", "qestions:", 8, "Did you mean “questions”?"),
    "a common key in capitals": (READ, "minutes: 3", "MINUTES: 3", 5, "Did you mean “minutes”?"),
    "a misspelled key of a module": (
        YAML,
        "    outcome: Ask one",
        "    outcom: Ask one",
        19,
        "Did you mean “outcome”?",
    ),
    "a practice without steps": (TRY, "steps:\n  - Ask one question.\n", "", 2, "steps"),
    "a quiz without a right answer": (CHECK, "correct: true", "correct: false", 11, "Mark at least one"),
    "a choice without a reason": (CHECK, ", because: It is open.", "", 12, "because"),
    "a ratio above one": (CHECK, "pass_ratio: 0.5", "pass_ratio: 50", 7, "1 or less"),
    "a step key used twice": (CHECK, "key: check", "key: read", 2, "01-read.md too"),
    "an audience that is none": (LOOK, "prompt: What", "audience: world\nprompt: What", 9, "cohort"),
    "a quote without a source": (LOOK, "after: first/try\n", "", 2, "which step"),
}

# what is added to the sound bundle: the files, the place that is told, a piece of what is told
ADDITIONS: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "a file that is no activity": (
        {"modules/01-first/notes.txt": "x"},
        "modules/01-first/notes.txt",
        "does not belong",
    ),
    "a folder in a module": ({"modules/01-first/more/a.md": "x"}, "modules/01-first/more", "does not belong"),
    "a stray file": ({"plan.docx": "x"}, "plan.docx", "does not belong"),
    "a folder that no module names": (
        {"modules/03-third/01-a.md": FILES[READ].replace("key: read", "key: a")},
        "modules/03-third",
        "No module names",
    ),
    "an asset that nothing names": ({"assets/plan.png": b"x"}, "assets/plan.png", "No activity names this file"),
    "bytes that are no text": ({READ: b"---\nkey: read\ntitle: \xff\xfe\n---\n"}, f"{READ}:3", "UTF-8"),
    "a NUL character": ({READ: FILES[READ].replace("this", "th\x00is")}, f"{READ}:8", "NUL"),
    "a control character": (
        {YAML: FILES[YAML].replace("Ask before", "Ask\x07before")},
        "journey.yaml:4",
        "cannot be shown",
    ),
    "a huge text": ({READ: FILES[READ] + "x" * MAX_TEXT}, READ, "larger than 1 MB"),
    "a film of 30 MB": (
        {"assets/film.mp4": b"x" * (MAX_TOTAL + 5_000_000)},
        "assets/film.mp4",
        "Make this file smaller",
    ),
    "an empty journey": ({YAML: ""}, "journey.yaml:1", "keys and values"),
    "a journey that is a list": ({YAML: "- a\n- b\n"}, "journey.yaml:1", "keys and values"),
    "a bomb of brackets": ({YAML: "a: " + "[" * 5_000}, "journey.yaml:1", "nested more than"),
}


def _lines(folder: Path) -> list[str]:
    with pytest.raises(BundleFaults) as refusal:
        read_bundle(folder)
    return [str(fault) for fault in refusal.value.faults]


def test_the_small_bundle_itself_is_sound(tmp_path):
    bundle = read_bundle(write_bundle(tmp_path))

    assert [step.key for step in bundle.content.steps] == ["read", "try", "check", "look"]


@pytest.mark.parametrize("name", EDITS)
def test_a_fault_is_told_in_one_line_with_its_place(name, tmp_path):
    file, old, new, line, piece = EDITS[name]

    lines = _lines(write_bundle(tmp_path, edited(file, old, new)))

    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{file}:{line}: "), lines
    assert piece in lines[0], lines
    assert "\n" not in lines[0]


@pytest.mark.parametrize("name", ADDITIONS)
def test_a_file_that_cannot_be_taken_is_told_in_one_line(name, tmp_path):
    files, place, piece = ADDITIONS[name]

    lines = _lines(write_bundle(tmp_path, {**FILES, **files}))

    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{place}: "), lines
    assert piece in lines[0], lines


def test_every_fault_is_told_at_once_in_reading_order(tmp_path):
    files = edited(YAML, "weeks: 2", "weeks: zero")
    files[READ] = FILES[READ].replace("minutes: 3", "minutes: three").replace("serves: knows\n", "")
    files[TRY] = "no front matter"

    places = [line.split(": ")[0] for line in _lines(write_bundle(tmp_path, files))]

    assert places == ["journey.yaml:7", f"{READ}:2", f"{READ}:5", f"{TRY}:1"]


def test_a_film_and_its_captions_must_be_there(tmp_path):
    film = (
        FILES[READ]
        .replace("kind: article", "kind: video")
        .replace("serves: knows\n", "serves: knows\nsource: assets/a.mp4\ncaptions: assets/a.vtt\ntranscript: Hello.\n")
    )

    lines = _lines(write_bundle(tmp_path, {**FILES, READ: film, "assets/a.vtt": "WEBVTT\n"}))

    assert lines == [f"{READ}:7: There is no file “assets/a.mp4” in the bundle. Add it, or correct the path."]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret.md", "01-read.md"])
def test_links_are_refused_wherever_they_lead(target, tmp_path):
    write_bundle(tmp_path)
    os.symlink(target, tmp_path / "modules/01-first/03-link.md")

    assert _lines(tmp_path) == ["modules/01-first/03-link.md: This is a link. Put the file itself here."]


def test_a_linked_folder_is_refused(tmp_path):
    outside = write_bundle(tmp_path / "outside", {"01-x.md": "secret"})
    folder = write_bundle(tmp_path / "bundle")
    os.symlink(outside, folder / "modules/03-third")

    assert _lines(folder) == ["modules/03-third: This is a link. Put the file itself here."]


def test_a_pipe_is_refused_and_never_read(tmp_path):
    write_bundle(tmp_path)
    os.mkfifo(tmp_path / "modules/01-first/03-pipe.md")

    assert _lines(tmp_path) == ["modules/01-first/03-pipe.md: This is not an ordinary file. Remove it."]


@pytest.mark.parametrize("name", ["nowhere", "journey.yaml"])
def test_a_folder_that_is_not_there_is_told(name, tmp_path):
    assert len(_lines(tmp_path / name)) == 1


def test_what_people_keep_beside_a_bundle_is_left_alone(tmp_path):
    files = {"README.md": "Hello", "LICENSE": "CC", ".git/config": "x", "modules/.DS_Store": "x"}

    assert read_bundle(write_bundle(tmp_path, {**FILES, **files}))


def test_windows_line_ends_read_as_ours(tmp_path):
    ours = read_bundle(write_bundle(tmp_path / "ours"))
    theirs = read_bundle(
        write_bundle(tmp_path / "theirs", {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in FILES.items()})
    )

    assert theirs.content == ours.content
