import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.kinds.errors import SpecError, UnknownKind
from content.kinds.registry import KINDS, get_kind, json_schema, parse_spec
from tests.content.kinds.specs import MINUTES, SPECS, spec_for, written


def read(kind: str, data: Any) -> Any:
    return parse_spec(kind, data, minutes=MINUTES)


def faults_of(kind, data, minutes=MINUTES):
    with pytest.raises(SpecError) as refusal:
        parse_spec(kind, data, minutes=minutes)
    return {fault.pointer: fault.detail for fault in refusal.value.faults}


def faults_if_any(kind, data):
    """Whatever else is raised is a fault of ours."""
    try:
        parse_spec(kind, data, minutes=MINUTES)
    except SpecError as refusal:
        return refusal.faults or ("refused without saying why",)
    return ()


def said(fault):
    return bool(fault.detail) and "%(" not in fault.detail


def choice(to, merit="fair"):
    return {"text": "Act", "to": to, "merit": merit, "because": "So it is."}


def test_the_ten_kinds_are_registered():
    assert set(KINDS) == set(SPECS)
    assert {key for key, kind in KINDS.items() if kind.private} == {
        "practice",
        "reflection",
        "commitment",
        "self_rating",
    }


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(UnknownKind, match="podcast"):
        get_kind("podcast")


@pytest.mark.parametrize("kind", SPECS)
def test_a_spec_keeps_what_was_written_and_survives_json(kind):
    spec = spec_for(kind)

    assert spec.to_data() == written(kind)
    assert parse_spec(kind, json.loads(json.dumps(spec.to_data()))) == spec
    assert parse_spec(kind, json.loads(json.dumps(spec.to_stored(), sort_keys=True))).to_data() == written(kind)


def test_scenes_keep_their_order_where_the_database_sorts_keys():
    spec = spec_for("scenario")

    again = read("scenario", json.loads(json.dumps(spec.to_stored(), sort_keys=True)))

    assert list(again.scenes) == ["request", "answer", "built", "end"]


def test_text_is_the_same_from_a_browser_and_from_yaml():
    windows = written("practice", situation="  A case.\r\n\r\nOf this week. \r\n")

    assert read("practice", windows).situation == "  A case.\n\nOf this week."


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_characters_no_database_can_keep_are_dropped(bad):
    assert read("practice", written("practice", situation=bad)).situation in {"ab", "a?b"}


@pytest.mark.parametrize("kind", SPECS)
def test_the_json_schema_accepts_the_sample_and_refuses_a_stray_key(kind):
    front_matter = {"key": "a", "kind": kind, "title": "T", "minutes": MINUTES, "serves": "knows", **written(kind)}
    schema = json_schema(kind, rule={"type": "object"})

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(front_matter, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**front_matter, "becuase": 1}, schema)


def test_a_misspelled_key_is_told_with_the_known_ones():
    data = written("quiz")
    data["questions"][0]["choices"][0]["becuase"] = "x"

    faults = faults_of("quiz", data)

    assert "correct, because" in faults["/questions/0/choices/0/becuase"]


def test_a_choice_without_because_says_what_to_write():
    data = written("quiz")
    del data["questions"][1]["choices"][2]["because"]
    data["questions"][0]["prompt"] = " "

    faults = faults_of("quiz", data)

    assert "why this choice is right or wrong" in faults["/questions/1/choices/2/because"]
    assert faults["/questions/0/prompt"] == "Add “prompt”: what you ask."


def test_faults_inside_a_list_do_not_make_the_list_look_short():
    data = written("quiz")
    del data["questions"][0]["choices"][0]["because"]

    assert list(faults_of("quiz", data)) == ["/questions/0/choices/0/because"]


@pytest.mark.parametrize("ratio", [-0.1, 0, 1.01, "60 %"])
def test_a_pass_ratio_out_of_range_is_refused(ratio):
    assert "/pass_ratio" in faults_of("quiz", written("quiz", pass_ratio=ratio))


@pytest.mark.parametrize("correct", [False, True])
def test_a_question_needs_both_right_and_wrong_choices(correct):
    data = written("quiz")
    for entry in data["questions"][1]["choices"]:
        entry["correct"] = correct

    assert list(faults_of("quiz", data)) == ["/questions/1/choices"]


def test_questions_do_not_share_a_key():
    data = written("quiz")
    data["questions"][1]["key"] = "first"

    assert set(faults_of("quiz", data)) == {"/questions/0/key", "/questions/1/key"}


def test_numbers_and_flags_in_quotes_are_refused():
    data = written("live_session")
    data["agenda"][0]["minutes"] = "4"

    assert "without quotes" in faults_of("live_session", data)["/agenda/0/minutes"]
    assert "/ask_reason" in faults_of("scenario", written("scenario", ask_reason="yes"))


def test_a_scenario_is_told_every_way_it_goes_wrong():
    data = {
        "start": "a",
        "scenes": {
            "a": {"text": "A", "choices": [choice("b"), choice("nowhere")]},
            "b": {"text": "B", "choices": [choice("c"), choice("c")]},
            "c": {"text": "C", "choices": [choice("b"), choice("c")]},
            "lonely": {"text": "L"},
            "single": {"text": "S", "choices": [choice("lonely")]},
        },
    }

    faults = faults_of("scenario", data)

    assert "nowhere" in faults["/scenes/a/choices/1/to"]
    assert "No choice leads to" in faults["/scenes/lonely"]
    assert "second choice" in faults["/scenes/single/choices"]
    assert "ending" in faults["/scenes/b"]
    assert "ending" in faults["/scenes/c"]


def test_a_scenario_without_any_ending_is_refused():
    data = {"start": "a", "scenes": {name: {"text": name, "choices": [choice("a"), choice("b")]} for name in "ab"}}

    assert list(faults_of("scenario", data)) == ["/scenes"]


def test_a_scenario_starts_in_a_scene_that_exists_and_asks_something():
    assert "/start" in faults_of("scenario", written("scenario", start="nowhere"))
    assert "/scenes/end/choices" in faults_of("scenario", written("scenario", start="end"))


def test_a_deep_scenario_is_judged_quickly_and_without_recursion():
    scenes = {f"s{n}": {"text": "T", "choices": [choice(f"s{n + 1}"), choice("end")]} for n in range(58)}
    scenes |= {"s58": {"text": "T"}, "end": {"text": "E"}}

    assert len(read("scenario", {"start": "s0", "scenes": scenes}).scenes) == 60


def test_an_own_film_needs_captions_and_a_transcript():
    faults = faults_of("video", {"source": "assets/welcome.mp4"})

    assert set(faults) == {"/captions", "/transcript"}


@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/film",
        "javascript:alert(1)",
        "//example.org/film",
        "ftp://example.org/film",
        "https://user@example.org/film",
        "https://[broken",
        "welcome.mp4",
    ],
)
def test_a_film_elsewhere_needs_a_plain_https_address(source):
    assert "/source" in faults_of("video", {"source": source})


@pytest.mark.parametrize(
    "source", ["assets/../secret.mp4", "assets/.hidden.mp4", "assets/film.svg", "assets//film.mp4"]
)
def test_an_own_film_is_named_by_a_clean_path(source):
    assert "/source" in faults_of("video", written("video", source=source))


def test_captions_do_not_work_for_a_film_elsewhere():
    assert list(faults_of("video", {"source": "https://example.org/a", "captions": "assets/a.vtt"})) == ["/captions"]


def test_an_agenda_is_as_long_as_its_session():
    assert "10 minutes and the session 45" in faults_of("live_session", written("live_session"), minutes=45)["/agenda"]
    assert parse_spec("live_session", written("live_session"), minutes=None)


def test_a_sign_off_by_somebody_else_is_refused():
    assert "none, peer or manager" in faults_of("practice", written("practice", sign_off="boss"))["/sign_off"]


@pytest.mark.parametrize("key", ["steps", "report"])
def test_a_practice_needs_steps_and_a_report(key):
    assert f"/{key}" in faults_of("practice", written("practice", **{key: []}))


def test_a_reflection_that_quotes_says_whom():
    assert "/after" in faults_of("reflection", written("reflection", after=None))
    assert "/after" in faults_of("reflection", written("reflection", after="three-frames"))
    assert parse_spec("reflection", written("reflection", after=None, quote="none"))


@pytest.mark.parametrize("wait", [{}, {"at": "16:00"}, {"days": 1, "weeks": 1}])
def test_a_check_in_names_exactly_one_wait(wait):
    assert any(
        pointer.startswith("/check_in") for pointer in faults_of("commitment", written("commitment", check_in=wait))
    )


@pytest.mark.parametrize("at", ["9:00", "24:00", "noon", 1600])
def test_a_check_in_is_at_a_time_of_day(at):
    assert "/check_in/at" in faults_of("commitment", written("commitment", check_in={"days": 1, "at": at}))


def test_pointers_begin_where_the_caller_says():
    with pytest.raises(SpecError) as refusal:
        parse_spec("practice", {}, pointer="/modules/0/steps/2")

    assert all(fault.pointer.startswith("/modules/0/steps/2/") for fault in refusal.value.faults)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(SPECS)),
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    ),
)
def test_whatever_is_written_is_either_a_spec_or_a_list_of_faults(kind, data):
    assert all(said(fault) for fault in faults_if_any(kind, data))


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(set(SPECS) - {"article"})),
    data=st.data(),
)
def test_a_sample_with_one_strange_value_never_breaks_the_reading(kind, data):
    sample = written(kind)
    key = data.draw(st.sampled_from(sorted(sample)))
    sample[key] = data.draw(
        st.sampled_from([None, [], {}, "", 0, 1.5, True, [None], [{}], {"a": 1}, {"a": {}}, "text", [1], [["x"]]])
    )
    assert all(said(fault) for fault in faults_if_any(kind, sample))
