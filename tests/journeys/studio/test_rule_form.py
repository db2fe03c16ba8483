"""Rules as lines: every rule of the three journeys reads into lines and comes back the same."""

from functools import cache

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings

from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.schedule.tree import UNITS, WEEKDAYS, Anchor
from journeys.schedule.writing import to_data
from journeys.studio.forms.rule import DAY, UNIT, RuleForm
from journeys.studio.forms.trigger import TriggerForm
from journeys.studio.views.access import anchors, references
from journeys.studio.views.nudges import FINISHES
from tests.journeys.schedule.strategies import BEHAVIORS, EVENTS, MODULES, STEPS, rules, steady


@cache
def _contents():
    return tuple(read_bundle(path).content for path in sample_paths().values())


def _rules():
    for content in _contents():
        for part in (*content.modules, *content.steps):
            yield from ((content, role, rule) for role in ("opens", "due") if (rule := getattr(part, role)))
        yield from ((content, "unless", list(nudge.unless)) for nudge in content.nudges if nudge.unless)


def _form(content, role, *, known=None, data=None):
    return RuleForm(
        data,
        known=known,
        prefix="rule",
        role=role,
        label="Opens",
        hint="",
        anchors=anchors(content, own_opening=role == "due"),
        parts=references(content),
    )


def _posted(form):
    data = {form.group.count_name: str(form.group.count)}
    for line in form.group.forms:
        for field in line:
            value = field.value()
            if isinstance(value, list):
                data[field.html_name] = value
            elif value not in (None, False, ""):
                data[field.html_name] = "on" if value is True else str(value)
    return data


def _line(**values):
    return {"rule-lines-count": "1", **{f"rule-lines-0-{name}": value for name, value in values.items()}}


def test_every_rule_of_the_samples_comes_back_the_same():
    rules = list(_rules())
    back = [_form(content, role, data=_posted(_form(content, role, known=rule))) for content, role, rule in rules]

    assert len(rules) > 100
    assert [form.errors for form in back if not form.is_valid()] == []
    assert [form.value for form in back] == [rule for _, _, rule in rules]


def test_a_nested_rule_with_not_and_at_least_comes_back_the_same():
    content = _contents()[0]
    one, two = (module.key for module in content.modules[:2])
    rule = {
        "any": [
            {"not": {"all": [{"completed": one}, {"released": two}]}},
            {
                "at_least": 2,
                "of": [{"completed": one}, {"passed": content.modules[0].steps[4].reference, "ratio": 0.6}],
            },
            {"date": "2027-03-03", "at": "09:00"},
            {"from": "start", "weeks": 2, "at": "10:00", "weekday": "wed"},
        ]
    }
    form = _form(content, "opens", data=_posted(_form(content, "opens", known=rule)))

    assert form.is_valid(), form.errors
    assert form.value == rule


def _plain(rule):
    """A rule without `not` before `not`, as the form writes it."""
    if isinstance(rule, list):
        return [_plain(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    if "not" in rule and "not" in rule["not"]:
        return _plain(rule["not"]["not"])
    return {key: _plain(part) for key, part in rule.items()}


def _comes_back(rule):
    data, titles = to_data(rule), [(str(reference), str(reference)) for reference in STEPS]
    named = [*((key, key) for key in MODULES), *titles]
    moments = [str(Anchor(kind)) for kind in ("start", "enrolled", "end")]
    moments += [*(f"module-opened:{key}" for key in MODULES), *(f"event:{key}" for key in EVENTS)]
    moments += [f"{kind}:{key}" for kind in ("completed", "failed") for key, _title in named]

    def form(**given):
        return RuleForm(
            *given.pop("data", (None,)),
            known=given.get("known"),
            prefix="rule",
            role="opens",
            label="Opens",
            hint="",
            anchors=[(moment, moment) for moment in moments],
            parts=named,
            events=[(key, key) for key in EVENTS],
            behaviors=[(key, key) for key in BEHAVIORS],
        )

    back = form(data=(MultiValueDict(_many(_posted(form(known=data)))),))
    assert back.is_valid(), back.errors
    assert _bare(back.value) == _bare(_plain(data))


def _bare(rule):
    """A rule without outermost `all`s of one, which say the same and may come back either way."""
    while set(rule) == {"all"} and len(rule["all"]) == 1:
        rule = rule["all"][0]
    return rule


def _many(data):
    return {name: value if isinstance(value, list) else [value] for name, value in data.items()}


@settings(steady, max_examples=60)
@given(rules())
def test_any_rule_comes_back_the_same(rule):
    _comes_back(rule)


@pytest.mark.proof
@settings(deadline=None, max_examples=3_000)
@given(rules())
def test_any_rule_comes_back_the_same_at_length(rule):
    _comes_back(rule)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"level": "3", "bound": "least"}, {"at_least": 3}),
        ({"level": "2", "bound": "most", "behavior": "asks-first"}, {"at_most": 2, "behavior": "asks-first"}),
    ],
)
def test_a_rating_is_asked_for_in_words(values, rule):
    content = _contents()[0]
    step = content.modules[0].steps[0].reference
    form = RuleForm(
        _line(what="rated", part=step, **values),
        known=None,
        prefix="rule",
        role="opens",
        label="Opens",
        hint="",
        anchors=[],
        parts=references(content),
        behaviors=[("asks-first", "Asks first")],
    )

    assert form.is_valid(), form.errors
    assert form.value == {"rated": step, **rule}


def test_an_empty_form_means_the_default():
    form = _form(_contents()[0], "opens", data={"rule-lines-count": "1"})

    assert form.is_valid()
    assert form.value is None


def test_several_lines_must_all_hold():
    content = _contents()[0]
    one, two = (module.key for module in content.modules[:2])
    data = {
        "rule-lines-count": "2",
        "rule-lines-0-what": "completed",
        "rule-lines-0-part": one,
        "rule-lines-1-what": "released",
        "rule-lines-1-part": two,
    }
    form = _form(content, "opens", data=data)

    assert form.is_valid(), form.errors
    assert form.value == {"all": [{"completed": one}, {"released": two}]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"what": "completed"}, "MODULE"),
        ({"what": "date"}, "date"),
        ({"what": "any"}, "empty"),
        ({"what": "rated"}, "MODULE/STEP"),
        ({"what": "from", "anchor": "enrolled", "unit": "days", "amount": "-3"}, ""),
        ({"what": "from", "anchor": "nowhere", "unit": "days", "amount": "3"}, "valid choice"),
        ({"what": "from", "anchor": "start", "unit": "days", "amount": "3", "at": "25:00"}, "time"),
    ],
)
def test_a_faulty_line_says_what_to_do(values, words):
    form = _form(_contents()[0], "opens", data=_line(**values))

    assert not form.is_valid()
    assert words.lower() in " ".join(form.errors).lower()


def test_a_line_cannot_be_part_of_a_line_below_it():
    data = {
        "rule-lines-count": "2",
        "rule-lines-0-what": "any",
        "rule-lines-0-inside": "2",
        "rule-lines-1-what": "any",
        "rule-lines-1-inside": "1",
    }
    form = _form(_contents()[0], "opens", data=data)

    assert not form.is_valid()


def test_asking_for_another_line_judges_nothing_and_keeps_what_is_there():
    data = _line(what="completed") | {"rule-lines-add": "1"}
    form = _form(_contents()[0], "opens", data=data)

    assert form.is_adding
    assert not form.is_valid()
    assert form.errors == []
    assert [line["what"].value() for line in form.group.forms] == ["completed", None]


def test_units_and_weekdays_of_the_grammar_can_all_be_chosen():
    assert {key for key, _ in UNIT} == set(UNITS)
    assert {key for key, _ in DAY} - {""} == set(WEEKDAYS)


@pytest.mark.parametrize(
    ("trigger", "wait"),
    [
        ({"event": "module-opened", "module": "what-got-easier"}, {"working_days": 2, "at": "16:00"}),
        ({"event": "module-opened", "module": "what-got-easier"}, {"days": 75, "at": "10:00", "weekday": "tue"}),
        ({"event": "step-due-soon", "before": {"working_days": 1, "at": "09:00"}}, None),
        ({"event": "step-due-soon", "step": "what-got-easier/ten-tasks", "before": {"hours": 4}}, None),
        ({"event": "step-due-soon", "module": "what-got-easier", "before": {"days": 1, "at": "09:00"}}, None),
        ({"event": "inactive", "days": 5, "at": "10:00"}, None),
        ({"event": "weekly", "weekday": "thu", "at": "16:00"}, None),
        ({"event": "overdue", "after": {"working_days": 1, "at": "10:00"}}, None),
        ({"event": "overdue", "module": "what-got-easier", "after": {"hours": 30}}, None),
        ({"event": "moment", "from": "finished", "days": 21, "at": "09:00"}, None),
        ({"event": "moment", "from": "end", "working_days": -2, "at": "09:00"}, None),
        ({"event": "moment", "from": "completed:what-got-easier", "weeks": 1, "weekday": "mon", "at": "09:00"}, None),
    ],
)
def test_every_trigger_comes_back_the_same(trigger, wait):
    content = next(content for content in _contents() if content.key == "judgment-with-ai")
    parts = references(content)
    modules = [(key, words) for key, words in parts if "/" not in key]
    moments = [*anchors(content, own_opening=False), FINISHES]
    shown = TriggerForm(None, trigger=trigger, wait=wait, modules=modules, parts=parts, anchors=moments)
    data = {field.html_name: str(field.value()) for field in shown if field.value() not in (None, "")}
    form = TriggerForm(data, trigger=None, wait=None, modules=modules, parts=parts, anchors=moments)

    assert form.is_valid(), form.errors
    assert (form.trigger, form.wait) == (trigger, wait)


def test_a_weekly_nudge_without_a_day_says_what_to_do():
    data = {"moment-event": "weekly", "moment-at": "16:00"}
    form = TriggerForm(data, trigger=None, wait=None, modules=[], parts=[], anchors=[])

    assert not form.is_valid()
    assert "weekday" in form.errors
