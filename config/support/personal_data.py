"""
How a model says what it holds about people, and what becomes of it when a person is erased.

A rule stands beside its model as `PERSONAL_DATA`; config/personal_data reads all of them and has no list of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

# Every column but the machinery below.
EVERYTHING: Final = ("*",)
# Machinery and secrets say nothing about a person; row ids mean nothing outside.
MACHINERY: Final = frozenset({"id", "password", "lease_until", "lease_token", "needs_arming", "revision", "dedupe"})


@dataclass(frozen=True, slots=True)
class Delete:
    """The row goes."""


@dataclass(frozen=True, slots=True)
class Cut:
    """
    The row stays, for counts and for other people's records; these columns are overwritten.

    values: by column; a function gets the instant of erasing.
    """

    values: Mapping[str, Any | Callable[[datetime], Any]]


@dataclass(frozen=True, slots=True)
class Keep:
    """The row stays as it is; it points at a person without a name. why: the reason, in words."""

    why: str


Erasure = Delete | Cut | Keep


@dataclass(frozen=True, slots=True)
class About:
    """
    One way in which rows of a model are about a person.

    path: the lookup from the row to the person. export: the columns a person gets (EVERYTHING, some, or none because
    the row is told under another model). texts: columns that also become a readable text file. find: instead of the
    path, for rows that know the person by something else than a key.
    """

    path: str
    erase: Erasure
    export: tuple[str, ...] = EVERYTHING
    texts: tuple[str, ...] = ()
    find: Callable[[Any], Q] | None = None

    def rows_of(self, person: Any) -> Q:
        """Return the condition that picks the person's rows."""
        return self.find(person) if self.find else Q(**{self.path: person.pk})


@dataclass(frozen=True, slots=True)
class PersonalData:
    """
    The rule of one model.

    about: none means that no row is about anybody. signed_by: columns that say who did something to a row which is not
    about them; they stay, and point at a person without a name. why: what is not plain from the rest.
    """

    about: tuple[About, ...] = ()
    signed_by: tuple[str, ...] = ()
    why: str = field(default="", compare=False)


NOTHING_PERSONAL: Final = PersonalData()


def signed(*columns: str, why: str = "") -> PersonalData:
    """Return the rule of a model whose rows are about nobody, and name who made or changed them."""
    return PersonalData(signed_by=columns, why=why)
