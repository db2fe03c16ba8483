"""Keys, order, references: decisions on plain values."""

import pytest

from journeys.authoring.rules.content import ModuleContent, StepContent, VersionContent
from journeys.authoring.rules.keys import MAX_KEY, is_key, mint_key, renamed, slug_of
from journeys.authoring.rules.order import moved, positions
from journeys.authoring.rules.references import known_references, references_in, unknown_references


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Ask first", "ask-first"),
        ("  What's easier, what's harder?  ", "whats-easier-whats-harder"),
        ("Café & Straße", "cafe-and-strasse"),
        ("Über uns", "uber-uns"),
        ("聞いてから話す", "module"),
        ("!!!", "module"),
        ("a" * 100, "a" * MAX_KEY),
        (" ".join(["word"] * 30), "-".join(["word"] * 13)),
    ],
)
def test_a_title_suggests_a_key(title, key):
    assert slug_of(title, fallback="module") == key
    assert is_key(key)


def test_a_taken_key_gets_the_first_free_number():
    assert mint_key("Ask first", taken={"ask-first", "ask-first-2"}, fallback="module") == "ask-first-3"
    assert mint_key("聞く", taken={"module"}, fallback="module") == "module-2"


def test_a_numbered_key_is_never_too_long():
    key = mint_key("a" * 100, taken={"a" * MAX_KEY}, fallback="module")

    assert len(key) == MAX_KEY
    assert key.endswith("-2")


@pytest.mark.parametrize("key", ["", "Ask", "ask first", "ask--first", "-ask", "ask/first", "a" * 65, None, 3])
def test_what_cannot_be_a_key(key):
    assert not is_key(key)


@pytest.mark.parametrize(
    ("item", "to", "order"),
    [
        (2, "up", [2, 1, 3]),
        (2, "down", [1, 3, 2]),
        (1, "up", [1, 2, 3]),
        (3, "down", [1, 2, 3]),
        (3, 1, [3, 1, 2]),
        (1, 3, [2, 3, 1]),
        (1, 99, [2, 3, 1]),
        (3, 0, [3, 1, 2]),
        (3, -5, [3, 1, 2]),
    ],
)
def test_moving_an_item(item, to, order):
    assert moved([1, 2, 3], item, to) == order


def test_positions_leave_gaps():
    assert positions(3) == [10, 20, 30]


def test_renaming_touches_references_only():
    rule = {
        "all": [
            {"completed": "first/try"},
            {"from": "module-opened:first", "days": 1},
            {"from": "completed:first/try", "days": 1},
            {"not": {"passed": "first/try", "ratio": 0.5}},
        ]
    }

    assert renamed(rule, {"first": "second", "first/try": "second/try-2"}) == {
        "all": [
            {"completed": "second/try-2"},
            {"from": "module-opened:second", "days": 1},
            {"from": "completed:second/try-2", "days": 1},
            {"not": {"passed": "second/try-2", "ratio": 0.5}},
        ]
    }


def _content() -> VersionContent:
    step = StepContent(module="first", key="try", kind="article", title="Try", minutes=3, serves="knows")
    return VersionContent(
        key="j", title="J", modules=(ModuleContent(key="first", title="First", outcome="Do it.", steps=(step,)),)
    )


def test_references_are_found_with_their_place():
    rule = {"any": [{"completed": "a/b"}, {"at_least": 1, "of": [{"from": "module-opened:c", "days": 1}]}]}

    assert list(references_in(rule, "/opens")) == [("/opens/any/0/completed", "a/b"), ("/opens/any/1/of/0/from", "c")]


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("frist/try", "Did you mean first/try?"),
        ("other/try", "Did you mean first/try?"),
        ("fist", "Did you mean first?"),
        ("zzz/yyy", "Name one that exists, or add it first."),
    ],
)
def test_an_unknown_reference_says_what_may_have_been_meant(reference, hint):
    (fault,) = unknown_references({"completed": reference}, known_references(_content()))

    assert fault.pointer == "/completed"
    assert reference in fault.message
    assert hint in fault.message
