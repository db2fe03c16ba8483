"""Who may read a learner's own text: the one rule behind every page, list, mail and export."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

Relation = Literal["author", "facilitator", "member"]

AUTHOR: Final[Relation] = "author"
FACILITATOR: Final[Relation] = "facilitator"
MEMBER: Final[Relation] = "member"

# Whom each audience lets in, besides the author. Managers and administrators stand nowhere: they read a text only when
# they are facilitators or members of the cohort themselves.
READERS: Final[Mapping[str, frozenset[Relation]]] = {
    "private": frozenset(),
    "facilitator": frozenset({FACILITATOR}),
    "cohort": frozenset({FACILITATOR, MEMBER}),
}


def may_read(relations: Collection[Relation], *, audience: str, is_saved: bool) -> bool:
    """
    Decide whether somebody with these relations to a reflection may read its text.

    relations: author; facilitator of its cohort; member = enrolled in its cohort and not withdrawn. A draft is its
    author's alone, whatever its audience says. An unknown audience lets nobody in but the author.
    """
    if AUTHOR in relations:
        return True
    return is_saved and not READERS.get(audience, frozenset()).isdisjoint(relations)


def is_wider(audience: str, than: str) -> bool:
    """Tell whether an audience lets in somebody whom another one does not."""
    return not READERS.get(audience, frozenset()) <= READERS.get(than, frozenset())
