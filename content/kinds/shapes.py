"""What specs and answers are made of: closed, typed parts and the texts in them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

from config.support.errors import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Words: TypeAlias = StrOrPromise
else:
    Words = str

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# A thought that fits in one breath: each half of a plan.
SHORT = 300
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def tidied(text: str) -> str:
    """Unify line ends and drop the blank edges, so that a browser, YAML and an API give the same text."""
    return _storable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _tidy(value: object) -> object:
    return tidied(value) if isinstance(value, str) else value


def _one_line(value: object) -> object:
    """Fold all white space into single spaces."""
    return " ".join(_storable(value).split()) if isinstance(value, str) else value


def _storable(value: str) -> str:
    """Drop NUL and broken characters: PostgreSQL refuses the one, UTF-8 the other."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


Markdown = Annotated[str, StringConstraints(min_length=1, max_length=20_000), BeforeValidator(_tidy)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), BeforeValidator(_one_line)]
OwnWords = Annotated[str, StringConstraints(max_length=50_000), BeforeValidator(_tidy)]
ShortWords = Annotated[str, StringConstraints(max_length=SHORT), BeforeValidator(_tidy)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=64), BeforeValidator(_one_line)]
ClockTime = Annotated[str, StringConstraints(pattern=CLOCK), BeforeValidator(_one_line)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Ratio = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A piece of a spec or of an answer: closed (an unknown key is a fault) and unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_data(self) -> dict[str, Any]:
        """Return this as JSON types under its outside keys, without empty values: what is stored and exported."""
        data: dict[str, Any] = _without_empty(self.model_dump(mode="json", by_alias=True))
        return data


class Behavior(Part):
    """A behavior in the words of a journey, with the anchors of its levels, lowest first."""

    key: Slug
    text: Line
    levels: tuple[Line, ...]


class Spec(Part):
    """What a designer sets for one activity of a kind, beside its title, minutes and text."""

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield what shape alone cannot show: where it is, and what to do. minutes: of the activity, if known."""
        yield from ()

    def to_stored(self) -> dict[str, Any]:
        """Return this as a JSON column can keep it; databases may forget the order of a mapping's keys."""
        return self.to_data()

    def asset_paths(self) -> frozenset[str]:
        """Return the paths of own files that this spec shows."""
        return frozenset()

    def behavior_keys(self) -> tuple[str, ...]:
        """Return the keys of the journey's behaviors whose words the learner's page shows."""
        return ()

    def knowing(self, behaviors: Mapping[str, Behavior]) -> Self:
        """Return the same spec with the words of those behaviors at hand, by key; they are no part of its data."""
        return self


class Response(Part):
    """What a learner has answered so far; it may be unfinished, which its judge says."""

    def faults(self, spec: Any) -> Iterator[Fault]:
        """Yield what does not fit this spec: where it is, and what to do."""
        yield from ()


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        cleaned = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value
