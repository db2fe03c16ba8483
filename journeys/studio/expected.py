"""The expectations of a version as its page shows them: as text, by title, and with what the schedule says. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from journeys.authoring.rules.content import Data, VersionContent
from journeys.bundle.queries.writing import ordered
from journeys.bundle.rules.yaml_writing import write_on_one_line
from journeys.schedule.expectations import Verdict, parse_expectations, verdicts
from journeys.schedule.expectations.runs import Runs
from journeys.schedule.expectations.values import NEVER, Run
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import Simulation
from journeys.schedule.tree import RuleError

WIDTH: Final = 100
# Whom the examples imagine.
START: Final = date(2027, 3, 3)
ZONE: Final = "Asia/Tokyo"
LATE: Final = "3-days-late"
SOME_DAY: Final = "2027-03-09"
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


def examples(content: VersionContent) -> Iterator[tuple[str, str]]:
    """Yield what may be expected, in words and as YAML: true of this journey as it stands, where it can be computed."""
    module = content.modules[-1].key if content.modules else "KEY"
    first = content.modules[0].key if content.modules else "KEY"
    step = next((step.reference for step in content.steps), "MODULE/STEP")
    nudge = content.nudges[0].key if content.nudges else "KEY"
    run: Data = {"start": f"{START}", "zone": ZONE}
    late: Data = {**run, "pace": LATE}
    told = _Told(content)
    opens, due = told.placed(module)
    with_due = {"due": due} if due else {}
    yield _("When something opens and is due"), _line(run, "expect", module=module, opens=opens, **with_due)
    yield (
        _("What stays closed to somebody who stops"),
        _line({**run, "pace": f"stops-after:{first}"}, "expect", module=module, opens="never"),
    )
    yield _("What is still locked on a day"), _line(late, "expect", module=module, locked=f"{START} 08:00")
    yield _("When somebody who is late is done"), _line(late, "expect", finished=told.finished)
    yield _("No later than a rule says"), _line(run, "expect", step=step, within={"from": "start", "working_days": 3})
    yield _("One before the other"), _line(run, "expect", module=first, before=module)
    yield _("A message that goes out, or is spared"), _line(run, "expect", nudge=nudge, sent="never")
    yield _("How many messages somebody gets"), _line(late, "expect", messages=told.messages)
    if content.events:
        events = {event.key: SOME_DAY for event in content.events}
        yield (
            _("What others do meanwhile: an event takes place, a facilitator opens something, the cohort ends"),
            _line({**run, "end": "2027-05-28", "events": events}, "expect", module=module, opens="2027-03-10 09:00"),
        )
    yield _("What is never reached"), _line({}, "never", messages_per_week=4, messages_per_day=2, minutes_per_week=60)
    yield _("Quiet days and hours"), _line({}, "never", messages_on=["sat", "sun"], messages_after="18:00")
    yield _("A rhythm"), _line(run, "only", opens_on=["wed", "fri"], opens_at=["09:00"])


class _Told:
    """What the schedule says of the examples' two people; something plausible where it cannot be computed yet."""

    def __init__(self, content: VersionContent) -> None:
        try:
            runs = Runs(content.outline)
            self._on_time: Simulation | None = runs.of(Run(START, ZONE))
            self._late: Simulation | None = runs.of(Run(START, ZONE, pace=LATE))
        except RuleError:
            self._on_time = self._late = None

    def placed(self, module: str) -> tuple[str, str]:
        """Return when a module opens and is due, locally; "" for no deadline."""
        one = self._on_time.timeline.modules.get(module) if self._on_time else None
        if one is None:
            return "2027-03-10 09:00", ""
        return _local(one.opens_at) or NEVER, _local(one.due_at)

    @property
    def finished(self) -> str:
        if self._late is None:
            return "2027-05-03"
        return _local(self._late.timeline.completed_at)[:10] or NEVER

    @property
    def messages(self) -> int:
        if self._late is None:
            return 12
        return sum(self._late.spared(one) is None for one in self._late.messages)


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" if at else ""


def _line(run: Data, form: str, **inner: Any) -> str:
    return f"- {text_of({**run, form: inner})}"
