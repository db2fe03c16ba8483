"""The expectations of a version as its page shows them: as text, by title, and with what the schedule says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from journeys.authoring.rules.content import Data, VersionContent
from journeys.bundle.queries.writing import ordered
from journeys.bundle.rules.yaml_writing import write_on_one_line
from journeys.schedule.expectations import Verdict, parse_expectations, verdicts
from journeys.schedule.outline import Outline
from journeys.schedule.tree import RuleError

WIDTH: Final = 100
FORMS: Final = ("expect", "never", "only")


@dataclass(frozen=True, slots=True)
class ExpectationLine:
    """
    One expectation: its place from 1, its title, its YAML, and what the schedule says to each part of it.

    subject: the module or step (MODULE/STEP) that it is about, "" for none. run: whom it imagines, as the time machine
    asks for it; empty where it names nobody.
    """

    number: int
    title: str
    text: str
    verdicts: tuple[Verdict, ...]
    subject: str = ""
    run: tuple[tuple[str, str], ...] = ()

    @property
    def holds(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)


def expectation_lines(content: VersionContent, expectations: Sequence[Data]) -> list[ExpectationLine]:
    """
    Hold expectations against the schedule of a version; no query.

    expectations: those of the version, or others that are being written. Raises RuleError where they, or a rule of the
    version, cannot be read.
    """
    read = parse_expectations(list(expectations), pointer="")
    found = verdicts(content.outline, read)
    return [
        ExpectationLine(number, title_of(data, content.outline), text_of(data), said, _subject(data), _run(data))
        for number, (data, said) in enumerate(zip(expectations, found, strict=True), start=1)
    ]


def broken(content: VersionContent) -> list[ExpectationLine]:
    """Return the expectations of a version that do not come true; none where the version cannot be computed yet."""
    try:
        lines = expectation_lines(content, content.expectations) if content.expectations else []
    except RuleError:
        return []
    return [line for line in lines if not line.holds]


def _subject(data: Data) -> str:
    inner = data.get("expect")
    return str(inner.get("module") or inner.get("step") or "") if isinstance(inner, Mapping) else ""


def _run(data: Data) -> tuple[tuple[str, str], ...]:
    """Return the fields of the time machine that stand for the run of an expectation."""
    if "start" not in data:
        return ()
    plain = [(name, str(data[name])) for name in ("start", "zone", "calendar", "pace", "end") if name in data]
    events = [(f"event:{key}", str(day)) for key, day in data.get("events", {}).items()]
    return (*plain, *events, *((f"released:{key}", str(day)) for key, day in data.get("released", {}).items()))


def title_of(expectation: Data, outline: Outline) -> str:
    """Return the title that the designer gave, or one made from what is expected, of whom."""
    given = expectation.get("title")
    if given:
        return str(given)
    form = next((form for form in FORMS if form in expectation), "expect")
    inner = expectation.get(form)
    said = _said(inner, outline) if isinstance(inner, Mapping) else ""
    prefix = {"expect": "", "never": _("Never:") + " ", "only": _("Only:") + " "}[form]
    run = ", ".join(str(expectation[key]) for key in ("start", "zone", "calendar", "pace") if key in expectation)
    return f"{prefix}{said}{f' ({run})' if run else ''}"


def _said(inner: Mapping[str, Any], outline: Outline) -> str:
    return ", ".join(_pair(key, value, outline) for key, value in inner.items())


def _pair(key: str, value: Any, outline: Outline) -> str:
    if key in ("module", "step", "nudge"):
        return outline.titles.get(str(value), str(value))
    words = write_on_one_line(value).replace('"', "").strip("[]{}")
    return f"{key.replace('_', ' ')} {words}"


def text_of(expectation: Data) -> str:
    """Return an expectation as YAML on one line, or on two where it is long, without its dash."""
    data = ordered(expectation)
    whole = write_on_one_line(data)
    form = next((form for form in FORMS if form in data), None)
    if len(whole) <= WIDTH or form is None:
        return whole
    before = {key: value for key, value in data.items() if key != form}
    if not before:
        return whole
    first = write_on_one_line(before).removesuffix("}")
    return f"{first},\n  {form}: {write_on_one_line(data[form])}}}"


def text_of_all(expectations: Sequence[Data]) -> str:
    """Return expectations as the YAML that the page lets be edited."""
    return "".join(f"- {text_of(one)}\n" for one in expectations)
