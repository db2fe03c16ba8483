import uuid
from datetime import timedelta

from learners.nudges.rules.identity import (
    HELD_OUT,
    TREATED,
    dedupe_key,
    delivery_uuid,
    on_every_channel,
    phase,
    retry_after,
    trial_arm,
)

AMAL = uuid.UUID("00000000-0000-4000-8000-000000000001")


def key(**values):
    return dedupe_key(
        **{
            "scope": AMAL,
            "recipient": AMAL,
            "rule_key": "weekly",
            "subject": "",
            "anchor": "2027-03-04",
            "occurrence": "2027-03-04T16:00",
            "channel": "email",
            **values,
        }
    )


def test_dedupe_key_differs_by_each_part_and_names_its_channels():
    other = uuid.UUID(int=9)
    changed = [
        key(),
        key(scope=other),
        key(recipient=other),
        key(rule_key="x"),
        key(subject="m/s"),
        key(anchor="2027-03-05"),
        key(occurrence="2027-03-11T16:00"),
        key(channel="in-app"),
    ]

    assert len(set(changed)) == len(changed)
    assert on_every_channel(key(), ("email", "in-app")) == [key(), key(channel="in-app")]
    assert delivery_uuid(key()) == delivery_uuid(key())


def test_phase_is_the_same_for_a_rule_and_differs_between_rules():
    assert phase("weekly") == phase("weekly")
    assert len({phase(f"rule-{number}") % 3 for number in range(40)}) == 3


def test_retry_waits_longer_each_time_and_never_much_over_an_hour():
    waits = [retry_after(AMAL, attempts) for attempts in range(1, 9)]

    assert timedelta(seconds=48) <= waits[0] <= timedelta(seconds=72)
    assert all(later > earlier for earlier, later in zip(waits[:4], waits[1:4], strict=False))
    assert all(wait <= timedelta(minutes=72) for wait in waits)
    assert retry_after(AMAL, 3) == retry_after(AMAL, 3)


def test_trial_arm_holds_the_share_out_and_draws_the_same_each_time():
    people = [uuid.UUID(int=n) for n in range(4000)]
    arms = [trial_arm(salt="s", rule_key="r", recipient=person, share=1000) for person in people]

    assert 0.08 < arms.count(HELD_OUT) / len(arms) < 0.12
    assert set(arms) == {HELD_OUT, TREATED}
    assert arms == [trial_arm(salt="s", rule_key="r", recipient=person, share=1000) for person in people]
    assert trial_arm(salt="s", rule_key="r", recipient=AMAL, share=0) == ""
