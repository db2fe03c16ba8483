"""Filters of the admin's lists in words that say what is meant."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import admin


class EmptyInWords(admin.EmptyFieldListFilter):
    """Rows in which a moment has not come, or has: closed, revoked. The words say what that means."""

    title_in_words: ClassVar[Any]
    empty_in_words: ClassVar[Any]
    filled_in_words: ClassVar[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = self.title_in_words

    def choices(self, changelist: Any) -> Iterator[Any]:
        every, empty, filled = super().choices(changelist)
        yield every
        yield {**empty, "display": self.empty_in_words}
        yield {**filled, "display": self.filled_in_words}


class ValuesInWords(admin.AllValuesFieldListFilter):
    """The values that a column holds, each in words; a value without words stands as it is."""

    words: ClassVar[Mapping[Any, Any]]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": self.words.get(choice["display"], choice["display"])}
