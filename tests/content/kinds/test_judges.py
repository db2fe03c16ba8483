import pytest

from content.kinds.errors import ResponseError
from content.kinds.registry import KINDS, get_kind, parse_response
from tests.content.kinds.specs import SPECS, spec_for


def judged(kind, data, **changes):
    spec = spec_for(kind, **changes)
    return get_kind(kind).judge(spec, parse_response(kind, data, spec=spec))


def faults_of(kind, data, **changes):
    with pytest.raises(ResponseError) as refusal:
        parse_response(kind, data, spec=spec_for(kind, **changes))
    return {fault.pointer for fault in refusal.value.faults}


def answers(*choices):
    return {"answers": {key: {"choice": place} for key, place in zip(["first", "second"], choices, strict=False)}}


@pytest.mark.parametrize("kind", ["article", "video"])
def test_going_on_completes_what_is_read_or_watched(kind):
    outcome = judged(kind, {})

    assert outcome.completed
    assert (outcome.passed, outcome.score_scaled, outcome.waiting_on) == (None, None, None)


@pytest.mark.parametrize("kind", sorted(set(SPECS) - {"article", "video"}))
def test_an_empty_answer_completes_nothing(kind):
    outcome = judged(kind, {})

    assert not outcome.completed
    assert outcome.waiting_on is None


@pytest.mark.parametrize("kind", SPECS)
def test_an_answer_survives_being_stored(kind):
    spec = spec_for(kind)
    response = parse_response(kind, {}, spec=spec)

    assert parse_response(kind, response.to_data(), spec=spec) == response


@pytest.mark.parametrize(
    ("choices", "passed", "score"), [((0, 1), True, 1.0), ((0, 0), False, 0.5), ((1, 0), False, 0.0)]
)
def test_a_quiz_counts_right_answers_against_its_ratio(choices, passed, score):
    outcome = judged("quiz", answers(*choices))

    assert outcome.completed
    assert (outcome.passed, outcome.score_scaled) == (passed, score)


def test_a_quiz_with_an_unanswered_question_is_not_finished():
    outcome = judged("quiz", answers(0))

    assert not outcome.completed
    assert outcome.score_scaled is None


def test_a_quiz_without_a_ratio_passes_nobody_and_fails_nobody():
    assert judged("quiz", answers(1, 0), pass_ratio=None).passed is None


def test_two_of_three_is_enough_for_a_ratio_written_as_two_thirds():
    questions = [SPECS["quiz"]["questions"][1] | {"key": key} for key in "abc"]
    data = {"answers": {"a": {"choice": 1}, "b": {"choice": 1}, "c": {"choice": 0}}}

    assert judged("quiz", data, questions=questions, pass_ratio=0.67).passed
    assert not judged("quiz", data, questions=questions, pass_ratio=0.68).passed


def test_a_quiz_refuses_questions_and_choices_that_do_not_exist():
    assert faults_of("quiz", {"answers": {"third": {"choice": 0}}}) == {"/answers/third"}
    assert faults_of("quiz", answers(2, 3)) == {"/answers/first/choice", "/answers/second/choice"}
    assert faults_of("quiz", answers(-1)) == {"/answers/first/choice"}


def test_a_scenario_ends_at_a_scene_without_choices_with_the_mean_worth():
    first = {"scene": "request", "choice": 1, "reason": "To see."}

    assert not judged("scenario", {"moves": [first]}).completed
    outcome = judged("scenario", {"moves": [first, {"scene": "answer", "choice": 1, "reason": "Time."}]})
    assert outcome.completed
    assert (outcome.passed, outcome.score_scaled) == (None, 0.75)


def test_a_scenario_refuses_a_way_its_scenes_do_not_allow():
    assert faults_of("scenario", {"moves": [{"scene": "answer", "choice": 0}]}) == {"/moves/0/scene"}
    assert faults_of("scenario", {"moves": [{"scene": "request", "choice": 2}]}) == {"/moves/0/choice"}
    beyond = [{"scene": "request", "choice": 0}, {"scene": "built", "choice": 0}]
    assert faults_of("scenario", {"moves": beyond}) == {"/moves/1/choice"}


def test_a_practice_is_completed_by_its_whole_report():
    assert not judged("practice", {"report": ["I asked."]}).completed
    assert not judged("practice", {"report": ["I asked.", "  "]}).completed
    assert judged("practice", {"report": ["I asked.", "They laughed."]}, sign_off="none").completed


@pytest.mark.parametrize("who", ["peer", "manager"])
def test_a_named_person_is_waited_for_and_blocks_nothing(who):
    report = ["I asked.", "They laughed."]

    outcome = judged(
        "practice", {"report": report, "sign_off": {"name": "Amal", "email": "a@example.com"}}, sign_off=who
    )

    assert outcome.completed
    assert outcome.waiting_on == who
    assert outcome.passed is None
    assert judged("practice", {"report": report}, sign_off=who).waiting_on is None


def test_a_practice_refuses_answers_without_a_prompt_and_people_it_does_not_ask_for():
    assert faults_of("practice", {"report": ["a", "b", "c"]}) == {"/report"}
    assert faults_of("practice", {"sign_off": {"name": "A", "email": "nowhere"}}) == {"/sign_off/email"}
    assert faults_of("practice", {"sign_off": {"name": "A", "email": "a@example.com"}}, sign_off="none") == {
        "/sign_off"
    }


def test_a_reflection_takes_any_text_and_no_wider_audience_than_allowed():
    assert judged("reflection", {"text": "Hm."}).completed
    assert not judged("reflection", {"text": " \n "}).completed
    assert faults_of("reflection", {"text": "Hm.", "audience": "cohort"}) == {"/audience"}


def test_a_commitment_needs_both_halves():
    assert not judged("commitment", {"cue": "Jo asks"}).completed
    assert judged("commitment", {"cue": "Jo asks", "action": "ask why"}).completed


def test_a_live_session_is_completed_for_those_who_were_there():
    assert judged("live_session", {"attended": True}).completed
    assert not judged("live_session", {"attended": False}).completed


def test_own_words_are_what_the_learner_wrote():
    practice, commitment = get_kind("practice"), get_kind("commitment")

    report = practice.Response(report=("I asked.", "", "They laughed."))
    assert practice.words(spec_for("practice"), report) == "I asked.\n\nThey laughed."
    plan = commitment.Response(cue="Jo asks", action="ask why")
    assert commitment.words(spec_for("commitment"), plan) == "If Jo asks, then I will ask why"
    assert KINDS["article"].words(spec_for("article"), KINDS["article"].Response()) == ""


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        ({"working_days": 3, "at": "16:00"}, "3 working days later, at 16:00"),
        ({"days": 1}, "1 day later"),
        ({"weeks": 2, "at": "09:00"}, "2 weeks later, at 09:00"),
    ],
)
def test_a_check_in_says_when_it_comes(wait, words):
    assert spec_for("commitment", check_in=wait).check_in.in_words() == words
