"""What is written reads back as it was, for our reader and for readers of YAML 1.1."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.bundle.rules.yaml_reading import read_yaml
from journeys.bundle.rules.yaml_writing import write_yaml

KEYS = st.text(alphabet="abcxyz_-", min_size=1, max_size=20) | st.sampled_from(["a b", "a: b", "#", "1a", "null-ish"])
TEXTS = (
    st.text(max_size=200)
    | st.text(alphabet="ab \n:-#'\"\t,{}[]&*!|>%@`~0x1.", max_size=40)
    | st.sampled_from(
        ["yes", "null", "1", "1.5", "0o7", "2027-01-01", "09:00", "a: b", "- x", "? x", "a #b", "=", "<<"]
    )
    | st.lists(st.sampled_from(["word", "longer-word", "a:", "#x", "-"]), min_size=20, max_size=60).map(" ".join)
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | TEXTS
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=5))
def test_every_value_reads_back_as_written(value):
    assert read_yaml(write_yaml(value)).value == value


@pytest.mark.parametrize(
    "text",
    ["yes", "on", "No", "null", "~", "1_000", "0o17", "017", "1:30", "09:00", "2027-03-03", "1e3", ".5", "=", "<<"],
)
def test_what_yaml_1_1_would_type_is_quoted(text):
    written = write_yaml({"value": text, "list": [text]})

    assert yaml.safe_load(written) == {"value": text, "list": [text]}


def test_short_collections_stay_on_one_line_and_prose_gets_lines_of_its_own():
    written = write_yaml(
        {
            "opens": {"from": "start", "working_days": 0, "at": "09:00"},
            "levels": ["Adopts the output as it comes, always"],
            "text": "One.\n\nTwo.\n",
            "none": [],
        }
    )

    assert written == (
        'opens: {from: start, working_days: 0, at: "09:00"}\n'
        "levels:\n"
        "  - Adopts the output as it comes, always\n"
        "text: |\n"
        "  One.\n"
        "\n"
        "  Two.\n"
        "none: []\n"
    )


def test_a_long_text_folds_at_words():
    text = "word " * 40

    written = write_yaml({"text": text.strip()})

    assert written.startswith("text: >-\n  word word")
    assert max(map(len, written.splitlines())) <= 112
    assert read_yaml(written).value == {"text": text.strip()}
