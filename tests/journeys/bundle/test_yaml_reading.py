"""YAML 1.2 with the types of its core schema, and the line of every value."""

import pytest

from journeys.bundle.rules.yaml_reading import MAX_DEPTH, YamlRefused, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("22:30", "22:30"),
        ("2027-03-03", "2027-03-03"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", ".inf"),
        ("9" * 30, 10**30 - 1),
        ("9" * 2_000, "9" * 2_000),
        ("1e999", "1e999"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_a_value_has_the_type_of_the_core_schema(text, value):
    read = read_yaml(f"key: {text}").value["key"]

    assert read == value
    assert type(read) is type(value)


def test_every_value_knows_its_line():
    document = read_yaml("a: 1\nb:\n  - c: 2\n    d: |\n      x\n      y\n  - e\nf/~g: 3\n", first_line=11)

    assert document.lines == {
        "": 11,
        "/a": 11,
        "/b": 12,
        "/b/0": 13,
        "/b/0/c": 13,
        "/b/0/d": 14,
        "/b/1": 17,
        "/f~1~0g": 18,
    }
    assert document.line_of("/b/0/missing/deeper") == 13
    assert document.line_of("/nowhere") == 11


def test_every_fault_of_a_text_is_told_at_once():
    with pytest.raises(YamlRefused) as refusal:
        read_yaml("a: !x 1\nb: *c\nb: &d 2\non: 3\n? [x]\n: 4\n")

    assert [fault.line for fault in refusal.value.faults] == [1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_bounded(opening):
    with pytest.raises(YamlRefused) as refusal:
        read_yaml(opening * (MAX_DEPTH + 5) if opening != "- " else "- " * (MAX_DEPTH + 5) + "x")

    assert "nested more than" in str(refusal.value)


def test_an_alias_bomb_is_refused_before_it_grows():
    bomb = 'a: &a ["x", "x"]\n' + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )

    with pytest.raises(YamlRefused):
        read_yaml(bomb)


@pytest.mark.parametrize(
    ("text", "line", "piece"),
    [
        ("a: b: c", 1, "colon"),
        ("a:\n\t- b", 2, "Indent with spaces"),
        ("a: [1, 2", 2, "structure breaks"),
        ('a: "x\nb: 1', 2, "never closed"),
        ("a: @b", 1, "not YAML"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a: 1\nb: x\x01y", 2, "cannot be shown"),
    ],
)
def test_what_is_no_yaml_says_where_and_what_to_do(text, line, piece):
    with pytest.raises(YamlRefused) as refusal:
        read_yaml(text)

    (fault,) = refusal.value.faults
    assert (fault.line, piece in fault.message) == (line, True), fault
