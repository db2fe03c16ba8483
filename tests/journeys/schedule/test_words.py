import pytest

from journeys.schedule.grammar import parse_rule, parse_trigger, parse_wait
from journeys.schedule.words import as_condition, in_words, listed, trigger_in_words, wait_in_words

TITLES = {"m": "Module 2", "m/s": "Ten tasks", "m/t": "Recall"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"from": "module-opened:m", "working_days": 5, "at": "09:00"},
            "5 working days after Module 2 opens, at 09:00",
        ),
        ({"from": "module-opened:m", "working_days": 1}, "1 working day after Module 2 opens"),
        ({"from": "start", "working_days": 0, "at": "09:00"}, "at the start, on a working day, at 09:00"),
        ({"from": "start", "days": -3}, "3 days before the start"),
        ({"from": "end", "days": 0}, "at the end"),
        ({"from": "opens", "weeks": 2, "weekday": "mon"}, "2 weeks after it opens, on the next Monday"),
        ({"from": "enrolled", "minutes": 1}, "1 minute after you join"),
        ({"from": "completed:m/s", "hours": 24}, "24 hours after you finish Ten tasks"),
        ({"from": "completed:m/s", "days": 0, "at": "09:00"}, "when you finish Ten tasks, at 09:00"),
        ({"date": "2027-03-22", "at": "09:00"}, "on Monday 22 March 2027, at 09:00"),
        ({"completed": "m/s"}, "after you finish Ten tasks"),
        ({"completed": "x/y"}, "after you finish x/y"),
        ({"passed": "m/s", "ratio": 0.6}, "after you pass Ten tasks with at least 60%"),
        ({"released": "m"}, "when a facilitator opens Module 2"),
        ({"not": {"completed": "m/s"}}, "unless you have finished Ten tasks"),
        (
            {"all": [{"completed": "m/s"}, {"any": [{"released": "m"}, {"completed": "m"}]}]},
            "after you finish Ten tasks, and (when a facilitator opens Module 2, or after you finish Module 2)",
        ),
        (
            {"at_least": 2, "of": [{"completed": "m/s"}, {"passed": "m/t"}, {"released": "m"}]},
            "as soon as 2 of these hold: you have finished Ten tasks; you have passed Recall; "
            "a facilitator has opened Module 2",
        ),
    ],
)
def test_in_words_says_when(rule, words):
    assert in_words(parse_rule(rule, pointer=""), TITLES) == words


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        ({"completed": "m/s"}, "you have finished Ten tasks", "you have not finished Ten tasks"),
        (
            {"from": "module-opened:m", "days": 1},
            "1 day has passed since Module 2 opened",
            "1 day has not passed since Module 2 opened",
        ),
        ({"date": "2027-03-22"}, "Monday 22 March 2027 has come", "Monday 22 March 2027 has not come"),
        (
            {"all": [{"completed": "m/s"}, {"not": {"passed": "m/t"}}]},
            "you have finished Ten tasks and you have not passed Recall",
            "you have not finished Ten tasks or you have passed Recall",
        ),
        (
            {"any": [{"completed": "m/s"}, {"released": "m"}]},
            "you have finished Ten tasks or a facilitator has opened Module 2",
            "you have not finished Ten tasks and a facilitator has not opened Module 2",
        ),
        (
            {"at_least": 1, "of": [{"completed": "m/s"}]},
            "at least 1 of these hold: you have finished Ten tasks",
            "fewer than 1 of these hold: you have finished Ten tasks",
        ),
    ],
)
def test_as_condition_says_a_state_and_its_opposite(rule, yes, no):
    read = parse_rule(rule, pointer="")

    assert as_condition(read, TITLES) == yes
    assert as_condition(parse_rule({"not": rule}, pointer=""), TITLES) == no


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"event": "module-opened", "module": "m"}, "when Module 2 opens"),
        (
            {"event": "step-due-soon", "before": {"working_days": 1, "at": "09:00"}},
            "1 working day before anything required is due, at 09:00",
        ),
        ({"event": "step-due-soon", "step": "m/s", "before": {"hours": 24}}, "24 hours before Ten tasks is due"),
        (
            {"event": "inactive", "days": 5, "at": "10:00"},
            "after 5 days without activity while something is open, at 10:00",
        ),
        ({"event": "weekly", "weekday": "thu", "at": "16:00"}, "every Thursday, at 16:00"),
    ],
)
def test_trigger_in_words_says_what_sets_it_off(trigger, words):
    assert trigger_in_words(parse_trigger(trigger, pointer=""), TITLES) == words


def test_wait_in_words_says_how_long():
    assert wait_in_words(parse_wait({"working_days": 2, "at": "16:00"}, pointer="")) == "2 working days later, at 16:00"
    assert wait_in_words(parse_wait({"days": 0, "at": "16:00"}, pointer="")) == "the same day, at 16:00"
    assert wait_in_words(parse_wait({"days": 75, "weekday": "tue"}, pointer="")) == "75 days later, on the next Tuesday"


def test_listed_joins_as_a_sentence_does():
    assert [listed(some) for some in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
