"""The two forms of a kind: one a designer fills, one a learner answers; and the fields both are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from config.support.forms import errors_in_order
from content.kinds.faults import parse, parts_of
from content.kinds.rows import RowForm, RowGroup, is_adding
from content.kinds.shapes import Response, Spec, Words

Choices = Iterable[tuple[str, Words]]
S = TypeVar("S", bound=Spec)
R = TypeVar("R", bound=Response)
F = TypeVar("F", bound=forms.Field)
MARKDOWN_HINT = "markdown-hint"
_inline = MarkdownIt("commonmark", {"html": False})


class MarkdownBoundField(forms.BoundField):
    """Points to the one hint about Markdown as well as to the field's own hint and error."""

    @property
    def aria_describedby(self) -> str:
        return " ".join(filter(None, [super().aria_describedby or "", MARKDOWN_HINT]))


class MarkdownField(forms.CharField):
    """A text in Markdown."""

    bound_field_class = MarkdownBoundField


def unmarked(text: str) -> str:
    """Return the words of a short text in Markdown on one line, to name a field by what it asks."""
    parts = _inline.parseInline(text)[0].children or ()
    return " ".join("".join(part.content or " " * part.type.endswith("break") for part in parts).split())


def needed(field: F) -> F:
    """Mark a field as one that must be filled. The page says so; what is missing is still for the spec to say."""
    field.is_needed = True  # type: ignore[attr-defined]
    return field


def markdown_field(label: Words, hint: Words = "", *, lines: int = 3) -> forms.CharField:
    """Return a text area for Markdown; the hint about its marks stands once at the top of the form."""
    marks = {"rows": lines, "dir": "auto", "data-markdown": ""}
    return MarkdownField(label=label, help_text=hint, required=False, widget=forms.Textarea(marks))


def line_field(label: Words, hint: Words = "", *, longest: int = 300) -> forms.CharField:
    """Return a field for one line of text."""
    look = {"class": "wide", "dir": "auto"}
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=longest, widget=forms.TextInput(look)
    )


def whole_field(label: Words, hint: Words = "", *, least: int = 0, most: int = 600) -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(label=label, help_text=hint, required=False, min_value=least, max_value=most)


def flag_field(label: Words, hint: Words = "", *, ticked: bool = False) -> forms.BooleanField:
    """Return a box to tick."""
    return forms.BooleanField(label=label, help_text=hint, required=False, initial=ticked)


def choice_field(label: Words, choices: Choices, hint: Words = "", *, first: str = "") -> forms.ChoiceField:
    """Return a list to choose from; first is chosen until somebody chooses."""
    return forms.ChoiceField(label=label, help_text=hint, required=False, choices=list(choices), initial=first)


class KeysField(forms.MultipleChoiceField):
    """Keys of the journey to tick. A form that was given none to offer takes any: the journey's checks know them."""

    def valid_value(self, value: Any) -> bool:
        return not self.choices or super().valid_value(value)


def keys_field(label: Words, hint: Words = "") -> KeysField:
    """Return boxes to tick, any number of them; what can be ticked comes with the form's options."""
    return KeysField(label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple, choices=[])


def answer_field(
    label: Words, missing: Words, *, hint: Words = "", lines: int = 4, longest: int = 50_000
) -> forms.CharField:
    """Return a text area for a learner's own words, which must not stay empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=longest,
        widget=forms.Textarea({"rows": lines, "dir": "auto"}),
        error_messages={
            "required": missing,
            "max_length": _("This is longer than can be kept. Shorten it to %(limit_value)d characters."),
        },
    )


class PercentField(forms.DecimalField):
    """A share that is kept as 0 to 1 and written in percent."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, float):
            return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") if value else "0"
        return value

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else float(cleaned / 100)


class SpecForm(RowForm, Generic[S]):
    """
    The form in which a designer fills a kind's spec, without seeing JSON.

    Use: `form = kind.spec_form(request.POST or None, spec)`; show it again while `form.is_adding` (somebody asked for
    another row; nothing is lost and nothing judged); after `is_valid()`, `to_spec()`. minutes: of the activity.
    options: lists to choose from in place of free text, by field name, such as the indicators of the organization.
    """

    template_name = "content/kinds/authoring/form.html"
    spec_class: ClassVar[type[Any]]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        initial_spec: S | None = None,
        *,
        minutes: int | None = None,
        prefix: str = "spec",
        options: Mapping[str, Choices] | None = None,
    ) -> None:
        self.is_adding = is_adding(data)
        self.minutes = minutes
        self._spec: S | None = None
        self._is_judged = False
        known = initial_spec.to_data() if initial_spec else None
        super().__init__(data, known=known, prefix=prefix, quiet=self.is_adding)
        for name, choices in (options or {}).items():
            self._offer(name, list(choices))

    def is_valid(self) -> bool:
        if self.is_adding or not self.is_bound:
            return False
        if not self._is_judged:
            self._judge(shape_holds=super().is_valid())
        return self._spec is not None

    def to_spec(self) -> S:
        """Return the spec that was written. Raises ValueError before is_valid() has said yes."""
        if not self.is_valid() or self._spec is None:
            raise ValueError("The form has errors; show it again.")
        return self._spec

    def _judge(self, *, shape_holds: bool) -> None:
        self._is_judged = True
        data = self.to_data()
        found: Any = parse(self.spec_class, data)
        faults = list(found.faults(minutes=self.minutes)) if isinstance(found, Spec) else found
        for fault in faults:
            parts = parts_of(fault.pointer)
            place, field = self.locate(parts)
            if isinstance(place, RowGroup):
                place.errors.append(_as_labeled(fault.detail, parts, place.rows.label))
            elif field not in place.errors:
                label = place.fields[field].label if field else None
                place.add_error(field, _as_labeled(fault.detail, parts, label))
        # Rows may have gained errors of their own while their data were read (a name used twice).
        if shape_holds and not faults and not any(self.problems()):
            self._spec = found

    def _offer(self, name: str, choices: Sequence[tuple[str, Words]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = _ticked_first(self.initial.get(name) or (), choices)
            return
        current = str(self.initial.get(name) or "")
        kept = [] if not current or current in dict(choices) else [(current, current)]
        self.fields[name] = forms.ChoiceField(
            label=field.label, help_text=field.help_text, required=False, choices=[("", _("None")), *choices, *kept]
        )


def _ticked_first(ticked: Sequence[str], choices: Sequence[tuple[str, Words]]) -> list[tuple[str, Words]]:
    """What is ticked already stands first, in its order, so that saving a form does not change the order."""
    offered = dict(choices)
    return [*((key, offered.get(key, key)) for key in ticked), *((k, w) for k, w in choices if k not in ticked)]


def _as_labeled(sentence: str, parts: Sequence[str], label: Words | None) -> str:
    """Call what a sentence is about by its name on the page, where it is called by its name in files."""
    if not label:
        return sentence
    return sentence.replace(f"“{parts[-1]}”", f"“{label}”") if parts else sentence


class ResponseForm(forms.Form, Generic[S, R]):
    """
    The form in which a learner answers.

    Use: `form = kind.response_form(spec, request.POST or None, response)`; after `is_valid()`, `to_response()`, which
    may still be unfinished (a scenario takes one choice a time). `to_draft()` keeps whatever was written, judged by
    nobody. act: the words on the button.
    """

    response_class: ClassVar[type[Any]]
    act: Words = _("Continue")
    use_required_attribute = False

    def __init__(self, spec: S, data: Mapping[str, Any] | None = None, response: R | None = None) -> None:
        self.spec = spec
        self.response = response
        super().__init__(data, initial=self.initial_from(response) if response else None)

    def initial_from(self, response: R) -> dict[str, Any]:
        """Return the values of the fields from an answer given before."""
        return response.to_data()

    def built(self, values: Mapping[str, Any]) -> R:
        """Return the answer that these values make; values that are missing count as empty."""
        built: R = self.response_class(**{name: values[name] for name in self.base_fields if values.get(name)})
        return built

    def to_response(self) -> R:
        """Return the answer. Raises ValueError before is_valid() has said yes."""
        if not self.is_valid():
            raise ValueError("The form has errors; show it again.")
        return self.built(self.cleaned_data)

    def to_draft(self) -> R:
        """Return what was written so far, whatever is missing."""
        self.full_clean()
        return self.built(self.cleaned_data if self.is_bound else {})

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield each error with the id of the control it belongs to, in the order of the fields."""
        for name, error in errors_in_order(self):
            yield self[name].auto_id if name else "summary", error
