"""Forms with repeating rows that work without JavaScript: what a designer fills instead of writing JSON."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.support.forms import errors_in_order
from content.kinds.keys import mint_key
from content.kinds.shapes import Words

MOST_ROWS = 100
# A key is made from the beginning of a text: enough to recognize it by.
WORDS_OF_A_KEY = 6


class Problem(NamedTuple):
    """One error: the id of the control it belongs to, a sentence, and the place in words ("Question 2, Because")."""

    anchor: str
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Rows:
    """
    A repeating part of a form.

    form: one row. one_of: names a single row ("question"). spare: empty rows offered where nothing was written yet.
    value: the rows are plain texts, taken from this field. key: the rows are a mapping, under the name in this field.
    """

    form: type["RowForm"]
    label: Words
    one_of: Words
    hint: Words = ""
    spare: int = 1
    value: str = ""
    key: str = ""


class RowForm(forms.Form):
    """
    A form whose data are a mapping: fields under their names (or under `paths`), and rows under theirs.

    Nothing is required here: empty fields are left out, and the kind's spec says what is missing. quiet: show what was
    written and judge nothing yet, because the person only asked for another row. minted: the field of a key, and the
    field it is made from where nobody has written one.
    """

    rows: ClassVar[Mapping[str, Rows]] = {}
    paths: ClassVar[Mapping[str, str]] = {}
    minted: ClassVar[tuple[str, str]] = ("", "")
    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        known: Mapping[str, Any] | None = None,
        prefix: str,
        quiet: bool = False,
    ) -> None:
        is_new, known = known is None, known or {}
        super().__init__(data, initial=self.initial_from(known), prefix=prefix)
        self.quiet = quiet
        self.groups = {
            name: RowGroup(rows, data, known=known.get(name), prefix=self.add_prefix(name), quiet=quiet, is_new=is_new)
            for name, rows in self.rows.items()
        }

    @classmethod
    def initial_from(cls, known: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the fields from the data they stand for."""
        found = {name: _dig(known, cls.path(name)) for name in cls.base_fields}
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def path(cls, name: str) -> str:
        """Return where this field's value stands in the data, such as `weak/title`."""
        return cls.paths.get(name, name)

    def full_clean(self) -> None:
        if not self.quiet:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def own_data(self) -> dict[str, Any]:
        """Return what the fields of this form alone say, without what is empty."""
        data: dict[str, Any] = {}
        for name in self.base_fields:
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                _put(data, self.path(name), value)
        return data

    def to_data(self) -> dict[str, Any]:
        """Return what the whole form says, rows included; call it on a form without errors of its own."""
        data = self.own_data()
        for name, group in self.groups.items():
            rows = group.to_data()
            if rows:
                data[name] = rows
        return data

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything here; ticks and choices alone do not count."""
        wrong = any(name in self.errors for name in self.base_fields)
        written = (
            self.cleaned_data.get(name)
            for name, field in self.base_fields.items()
            if not isinstance(field, (forms.BooleanField, forms.ChoiceField))
        )
        return not wrong and not any(written) and all(group.is_blank for group in self.groups.values())

    def is_valid(self) -> bool:
        rows_are_valid = [group.is_valid() for group in self.groups.values()]
        return super().is_valid() and all(rows_are_valid)

    def locate(self, parts: Sequence[str]) -> tuple["RowForm | RowGroup", str | None]:
        """Return the form or group, and the field, that a JSON pointer's parts lead to, as near as it can be shown."""
        if parts and parts[0] in self.groups:
            return self.groups[parts[0]].locate(parts[1:])
        here = "/".join(parts)
        paths = {self.path(name): name for name in reversed(list(self.base_fields))}
        near = (name for path, name in paths.items() if path.startswith(here + "/") or here.startswith(path + "/"))
        return self, paths.get(here) or (min(near, key=list(self.base_fields).index, default=None) if here else None)

    def mint(self, taken: Collection[str]) -> None:
        """Make a key from what was written, unless there is one; taken: the keys of the other rows."""
        field, source = self.minted
        text = str(self.cleaned_data.get(source) or "")
        if field and text and not self.cleaned_data.get(field) and field not in self.errors:
            beginning = " ".join(text.split()[:WORDS_OF_A_KEY])
            self.cleaned_data[field] = mint_key(beginning, taken=taken, fallback=field)

    def problems(self, within: str = "") -> Iterator[Problem]:
        """Yield every error in the order of the page. within: the place of this form, in words."""
        for name, error in errors_in_order(self):
            bound = self[name] if name else None
            anchor = bound.auto_id if bound else f"{self.prefix}-form"
            yield Problem(anchor, error, ", ".join(filter(None, [within, str(bound.label) if bound else ""])))
        for group in self.groups.values():
            yield from group.problems(within)

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields without those that place or remove the row itself."""
        return [self[name] for name in self.fields if name not in ("position", "remove")]


class RowGroup:
    """The rows of one repeating part, as written or as known, with empty ones to spare."""

    def __init__(
        self,
        rows: Rows,
        data: Mapping[str, Any] | None,
        *,
        known: Any,
        prefix: str,
        quiet: bool,
        is_new: bool = True,
    ) -> None:
        self.rows, self.prefix, self.quiet = rows, prefix, quiet
        self.count_name, self.add_name = f"{prefix}-count", f"{prefix}-add"
        self.errors: list[str] = []
        self._kept: list[RowForm] = []
        written = _as_rows(rows, known)
        # Whoever left this part empty before is not asked for it again.
        at_first = len(written) or (rows.spare if is_new else 0)
        count = at_first if data is None else _count(data, self.count_name, self.add_name, at_first)
        self.forms = [
            self._row(data, index, written[index] if index < len(written) else None) for index in range(count)
        ]
        if data is not None and self.add_name in data and self.forms:
            _focus(self.forms[-1])

    def _row(self, data: Mapping[str, Any] | None, index: int, known: Mapping[str, Any] | None) -> RowForm:
        form = self.rows.form(data, known=known, prefix=f"{self.prefix}-{index}", quiet=self.quiet)
        form.fields["position"] = forms.IntegerField(
            label=gettext_lazy("Position"), required=False, min_value=1, max_value=999, initial=index + 1
        )
        form.fields["remove"] = forms.BooleanField(label=gettext_lazy("Remove"), required=False)
        return form

    @property
    def count(self) -> int:
        return len(self.forms)

    @property
    def is_blank(self) -> bool:
        return all(form.is_blank for form in self.forms)

    def is_valid(self) -> bool:
        """Judge the rows that count: empty and removed ones may be as they are."""
        return all([self._is_out(form) or form.is_valid() for form in self.forms]) and not self.errors

    def to_data(self) -> Any:
        """Return the rows that count, in the order of their positions: a list, or a mapping by their key."""
        self._kept = self._in_order()
        self._mint()
        if self.rows.key:
            return self._by_key()
        if self.rows.value:
            return [form.cleaned_data.get(self.rows.value) or "" for form in self._kept]
        return [form.to_data() for form in self._kept]

    def locate(self, parts: Sequence[str]) -> tuple["RowForm | RowGroup", str | None]:
        """Return the row and field that the rest of a JSON pointer leads to, or this group."""
        row = self._row_at(parts[0]) if parts else None
        if row is None:
            return self, None
        if self.rows.value:
            return row, self.rows.value
        return row.locate(parts[1:])

    def problems(self, within: str = "") -> Iterator[Problem]:
        """Yield the errors of the group and of its rows. within: the place of the group, in words."""
        place = ", ".join(filter(None, [within, str(self.rows.label)]))
        yield from (Problem(f"{self.prefix}-rows", error, place) for error in self.errors)
        for number, form in enumerate(self.forms, start=1):
            if not self._is_out(form):
                yield from form.problems(", ".join(filter(None, [within, self.name_of(number)])))

    def name_of(self, number: int) -> str:
        """Return what the row of this number is called, such as "Question 2"."""
        return _("%(one)s %(number)d") % {"one": capfirst(str(self.rows.one_of)), "number": number}

    def _mint(self) -> None:
        field, _source = self.rows.form.minted
        if not field:
            return
        taken = {str(form.cleaned_data.get(field) or "") for form in self._kept}
        for form in self._kept:
            form.mint(taken)
            taken.add(str(form.cleaned_data.get(field) or ""))

    def _is_out(self, form: RowForm) -> bool:
        if not form.is_bound:
            return True
        # is_blank asks for the errors, which cleans the form once.
        return form.is_blank or bool(form.cleaned_data.get("remove"))

    def _in_order(self) -> list[RowForm]:
        def place(indexed: tuple[int, RowForm]) -> tuple[int, bool, int]:
            index, form = indexed
            position = form.cleaned_data.get("position") or index + 1
            # Of two rows in one place, the one that was moved there comes first.
            return position, position == index + 1, index

        counted = [(index, form) for index, form in enumerate(self.forms) if not self._is_out(form)]
        return [form for _index, form in sorted(counted, key=place)]

    def _by_key(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for form in self._kept:
            name = str(form.cleaned_data.get(self.rows.key) or "")
            if not name:
                form.add_error(self.rows.key, _("Give this one a name."))
            elif name in data:
                form.add_error(self.rows.key, _("“%(name)s” is used twice. Choose another name.") % {"name": name})
            content = form.to_data()
            content.pop(self.rows.key, None)
            data[name] = content
        return data

    def _row_at(self, part: str) -> RowForm | None:
        if self.rows.key:
            return next((form for form in self._kept if form.cleaned_data.get(self.rows.key) == part), None)
        return self._kept[int(part)] if part.isdigit() and int(part) < len(self._kept) else None


def is_adding(data: Mapping[str, Any] | None) -> bool:
    """Say whether the person pressed "Add another …" somewhere on the page, so that nothing is judged yet."""
    return data is not None and any(name.endswith("-add") for name in data)


def _count(data: Mapping[str, Any], count_name: str, add_name: str, at_first: int) -> int:
    """How many rows were sent; a part that was not on the page, as in a row that was just added, begins anew."""
    try:
        count = int(data.get(count_name) or 0) if count_name in data else at_first
    except ValueError:
        count = 0
    return max(0, min(count + (add_name in data), MOST_ROWS))


def _focus(form: RowForm) -> None:
    """Let the person go on where they asked for another row."""
    field = next((field for name, field in form.fields.items() if name not in form.minted[:1]), None)
    if field is not None:
        field.widget.attrs["autofocus"] = True


def _as_rows(rows: Rows, known: Any) -> list[Mapping[str, Any]]:
    if not known:
        return []
    if rows.key:
        return [{**content, rows.key: name} for name, content in known.items()]
    if rows.value:
        return [{rows.value: text} for text in known]
    return list(known)


def _dig(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for part in path.split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split("/")
    for part in outer:
        data = data.setdefault(part, {})
    data[last] = value
