"""What a designer expects, written as YAML in one field."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.kinds.rows import Problem
from journeys.authoring.rules.content import Data
from journeys.bundle.rules.yaml_reading import Document, YamlFault, YamlRefused, read_yaml
from journeys.schedule.expectations import parse_expectations
from journeys.schedule.tree import RuleError

LONGEST: Final = 40_000


class ExpectationsForm(forms.Form):
    """The expectations of a draft. `expectations` holds them once the form is valid, each as plain data."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Expectations"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(
            {"class": "wide code", "rows": 16, "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}
        ),
        help_text=_(
            "One for each dash, on one line or two. Comments are not kept: a title says why. Examples stand below."
        ),
        error_messages={"max_length": _("This is too long. Keep the expectations that matter most.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, text: str) -> None:
        super().__init__(data, initial={"text": text})
        self.expectations: list[Data] = []
        self.faults: list[YamlFault] = []

    def clean_text(self) -> str:
        """Read the YAML; every fault is kept with its line."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            document = read_yaml(text)
        except YamlRefused as refused:
            self.faults = list(refused.faults)
            raise forms.ValidationError(_now("This cannot be read yet.")) from refused
        value = [] if document.value is None else document.value
        self.faults = [*_comments(text), *_misread(value, document)]
        if self.faults:
            raise forms.ValidationError(_now("This cannot be read yet."))
        self.expectations = value
        return text

    def problems(self) -> Iterator[Problem]:
        """Yield each fault by its line, for the summary of the page."""
        name = self["text"].id_for_label
        if self.is_bound and not self.faults:
            yield from (Problem(name, str(error), str(self["text"].label)) for error in self.errors.get("text", ()))
        for fault in sorted(self.faults, key=lambda fault: fault.line):
            yield Problem(name, fault.message, _now("Line %(number)d") % {"number": fault.line})


def _misread(value: Any, document: Document) -> Iterator[YamlFault]:
    if not isinstance(value, list):
        message = _now("Begin each expectation with a dash and a space: “- {…}”.")
        yield YamlFault(1, message)
        return
    try:
        parse_expectations(value, pointer="")
    except RuleError as error:
        yield from (YamlFault(document.line_of(fault.pointer), fault.message) for fault in error.faults)


def _comments(text: str) -> Iterator[YamlFault]:
    """Find what YAML would drop in silence: whatever stands in a line behind its last word."""
    ends: dict[int, int] = {}
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if token.end_mark.column:
            ends[token.end_mark.line] = max(ends.get(token.end_mark.line, 0), token.end_mark.column)
    for number, line in enumerate(text.split("\n")):
        if line[ends.get(number, 0) :].lstrip().startswith("#"):
            message = _now("Comments are not kept. Say it as a title, such as “- {title: …}”, or take it out.")
            yield YamlFault(number + 1, message)
