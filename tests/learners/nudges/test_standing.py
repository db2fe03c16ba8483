import pytest

from learners.nudges.letters.paper import subject_of
from learners.nudges.rules.standing import RowStanding, refused_by_row


def row(**values):
    return RowStanding(**{"rule_key": "weekly", "status": "active", "is_active": True, "is_member": True, **values})


@pytest.mark.parametrize(
    ("standing", "is_refused"),
    [
        (row(), False),
        (row(status="completed"), False),
        (row(status="invited"), False),
        (row(status="withdrawn"), True),
        (row(status="paused"), True),
        (row(is_active=False), True),
        (row(is_member=False), True),
        (row(rule_is_known=False), True),
        (row(rule_key="waymark:welcome"), False),
        (row(rule_key="waymark:welcome", has_joined=True), True),
        (row(rule_key="waymark:sign-off", is_member=False), False),
        (row(rule_key="waymark:sign-off", status="withdrawn"), True),
        (row(rule_key="waymark:sign-off", is_active=False), True),
    ],
)
def test_refused_by_row(standing, is_refused):
    assert (refused_by_row(standing) is not None) is is_refused


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Did Jo ask for numbers? Then write it down.", "Did Jo ask for numbers?"),
        ("One sentence is enough", "One sentence is enough"),
        ("", ""),
        ("e.g. this one goes on and on", "e.g. this one goes on and on"),
        ("word " * 40, ("word " * 18).strip() + "…"),
    ],
)
def test_subject_is_the_first_sentence_cut_at_a_word(text, subject):
    assert subject_of(text) == subject
