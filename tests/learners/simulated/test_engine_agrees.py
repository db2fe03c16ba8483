"""
Imagined people live for ninety days in the real engine, and each row that it wrote stands in the simulator as well.

A person is enrolled, completes steps and is paused, shifted, extended, exempted or released by the actions of
production, and the tick is the real one, with a clock that jumps to the next moment at which anything is due. A person
asks the engine what is open and comes when their pace says so. The simulator is told who they are and what staff did,
and never sees a row. Both lists have to be the same: module openings recorded, openings and deadlines told, messages
planned (by rule, subject, channel, instant and nominal local time), completions, and where every opening and deadline
stands in the end. Where the two say different things on purpose:

1. Rows after the person's ninety days are left out on both sides.
2. A step that opened and a deadline that came before the person joined are not told. (Their modules are recorded.)
3. A step that is done at the very instant it opens is not told as opened, and what is done by its deadline is not told
   as due. Where those stand is compared all the same, as what the pages show.
4. A message is planned on each channel of its rule, at its nominal moment: quiet hours, gap and cap only decide when
   and whether it leaves. Whether it is still needed is asked then, so that the plan has it, needed or not.
5. The simulator lists weekly messages of a run without an end up to its last other entry; later ones are left out.
6. Waymark's own messages (welcome, check-in, request to confirm) belong to no journey.
7. At one instant people and staff come first and the engine after them.
8. What the domain refuses (a pause for somebody who is through) did not happen. Extensions and exemptions are granted
   at the moment of joining, for the schedule does not keep when they were granted.
9. A message before a deadline is planned for the deadline as it stands then; a pause or a shift that moves the deadline
   afterwards makes another message and does not take the first one back. The simulator is asked once for each.
"""

import os
from datetime import UTC, datetime

import pytest

from tests.factories.accounts import OrganizationFactory
from tests.learners.simulated.comparing import compare
from tests.learners.simulated.journeys import publish
from tests.learners.simulated.living import Engine
from tests.learners.simulated.people import imagine

PUBLISHED_AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
SLICE = 12
# Twelve people among whom every pace and everything that staff do occur, messages are moved and closed things come due.
A_TURN_WITH_EVERYTHING = 101
# `make proof` runs all of them; PROOF_PEOPLE makes a first look quicker.
PEOPLE = int(os.environ.get("PROOF_PEOPLE", "1000"))
CHUNKS = 10


def lived(people, *, turn, a_group):
    """Let so many imagined people live for ninety days each, and return them."""
    everybody = imagine(people, turn=turn, a_group=a_group)
    organization = OrganizationFactory()
    keys = dict.fromkeys(person.group.journey for person in everybody)
    versions = {key: publish(key, organization, now=PUBLISHED_AT) for key in keys}
    engine = Engine(versions, everybody)
    engine.run()
    return engine


@pytest.mark.django_db
def test_the_engine_does_what_the_simulator_said():
    found = compare(lived(SLICE, turn=A_TURN_WITH_EVERYTHING, a_group=6).lives)

    assert "\n".join(found.differences) == ""
    assert found.rows > 30 * SLICE


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_engine_does_what_the_simulator_said_for_a_thousand(chunk):
    found = compare(lived(PEOPLE // CHUNKS, turn=chunk + 1, a_group=10).lives)

    assert "\n".join(found.differences) == ""
    assert found.rows > 30 * (PEOPLE // CHUNKS)
