"""What the forms of every app have in common."""

from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm, Select
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def errors_in_order(form: BaseForm) -> Iterator[tuple[str, str]]:
    """
    Yield each error as (name of the field, sentence) in the order of the fields; name "" = of the form as a whole.

    Django keeps errors in the order in which they were found, so what compares two fields would come last. What
    belongs to no field of the form comes first.
    """
    places = {name: place for place, name in enumerate(form.fields)}
    for name in sorted(form.errors, key=lambda name: places.get(name, -1)):
        yield from ((name if name in places else "", str(error)) for error in form.errors[name])


class LongSelect(Select):
    """A list of hundreds to choose from. Django renders a template for each option, which takes a tenth of a second."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Write the same markup as Django's own template does."""
        widget = self.get_context(name, value, attrs)["widget"]
        groups = [self._group(label, options) for label, options, _index in widget["optgroups"]]
        return format_html(
            '<select name="{}"{}>{}</select>',
            widget["name"],
            flatatt(widget["attrs"]),
            format_html_join("", "{}", ((group,) for group in groups)),
        )

    def _group(self, label: str | None, options: list[dict[str, Any]]) -> SafeString:
        rows = ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options)
        lines = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html('<optgroup label="{}">{}</optgroup>', label, lines) if label else lines
