"""One activity file: front matter, then Markdown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from config.support.errors import Fault
from content.kinds.contract import Spec
from content.kinds.errors import SpecError, UnknownKind
from content.kinds.faults import parse
from content.kinds.registry import get_kind, parse_spec
from content.kinds.shapes import tidied
from journeys.authoring.rules.content import StepContent
from journeys.bundle.queries.places import placed, refused
from journeys.bundle.queries.shapes import COMMON, Front
from journeys.bundle.rules.yaml_reading import Document, YamlRefused, read_yaml
from journeys.schedule.grammar import RuleError, parse_due, parse_opens
from journeys.schedule.writing import to_data

FENCE = "---"
T = TypeVar("T")


@dataclass(frozen=True)
class ActivityFile:
    """A file that was read: the step without its module, and the lines of its front matter."""

    path: str
    step: StepContent
    document: Document


def read_activity_file(path: str, text: str) -> ActivityFile | list[Fault]:
    """Return the activity that a file describes, or every fault of it with its `path:line`."""
    front, body = _split(text)
    if front is None:
        return [Fault(f"{path}:1", f"Begin the file with front matter: “{FENCE}”, keys such as “title: …”, “{FENCE}”.")]
    if body is None:
        return [Fault(f"{path}:1", f"The front matter has no end. Put a line “{FENCE}” between it and the text.")]
    try:
        document = read_yaml(front, first_line=2)
    except YamlRefused as error:
        return refused(path, error)
    found = _step(document.value, body)
    return placed(path, document, found) if isinstance(found, list) else ActivityFile(path, found, document)


def _split(text: str) -> tuple[str | None, str | None]:
    if not text.startswith(f"{FENCE}\n"):
        return None, None
    rest = text.removeprefix(f"{FENCE}\n")
    if rest.startswith(f"{FENCE}\n"):
        return "", rest.removeprefix(f"{FENCE}\n")
    front, fence, body = rest.partition(f"\n{FENCE}\n")
    if fence:
        return f"{front}\n", body
    return (rest.removesuffix(FENCE), "") if rest.endswith(f"\n{FENCE}") else ("", None)


def _step(value: Any, body: str) -> StepContent | list[Fault]:
    whole = value if isinstance(value, dict) else {}
    common = parse(Front, {key: part for key, part in whole.items() if key in COMMON} if whole else value)
    spec, faults = _spec(whole)
    opens = collected(faults, "/opens", lambda: to_data(parse_opens(whole["opens"], pointer="/opens")), whole)
    due = collected(faults, "/due", lambda: to_data(parse_due(whole["due"], pointer="/due")), whole)
    if isinstance(common, list) or faults or spec is None:
        return [*(common if isinstance(common, list) else ()), *faults]
    return StepContent(
        module="",
        key=common.key,
        kind=common.kind,
        title=common.title,
        minutes=common.minutes,
        serves=common.serves,
        topic=common.topic or "",
        required=common.required,
        opens=opens,
        due=due,
        spec=spec.to_data(),
        body=tidied(body),
    )


def _spec(whole: dict[str, Any]) -> tuple[Spec | None, list[Fault]]:
    """The kind's own keys; without a kind they cannot be judged, and its absence is told as a common key's."""
    own = {key: part for key, part in whole.items() if key not in COMMON}
    kind = whole.get("kind")
    if not isinstance(kind, str):
        return None, []
    try:
        get_kind(kind)
    except UnknownKind as error:
        return None, [Fault("/kind", error.detail, error.code)]
    minutes = whole.get("minutes")
    try:
        return parse_spec(kind, own, minutes=minutes if isinstance(minutes, int) else None), []
    except SpecError as error:
        return None, [_with_common_keys(fault, kind) for fault in error.faults]


def _with_common_keys(fault: Fault, kind: str) -> Fault:
    """A stray key of the front matter, told with every key that could stand there, not the kind's alone."""
    name = fault.pointer.removeprefix("/")
    if fault.code != "extra_forbidden" or "/" in name:
        return fault
    known = [*COMMON, *(field.alias or key for key, field in get_kind(kind).Spec.model_fields.items())]
    detail = f"“{name}” means nothing here. Remove it or correct its spelling; known here: {', '.join(known)}."
    return Fault(fault.pointer, detail, fault.code)


def collected(faults: list[Fault], key: str, read: Callable[[], T], whole: Mapping[str, Any]) -> T | None:
    """Return what was read, None where the key is absent or empty; a rule that cannot be read adds its faults."""
    if whole.get(key.rpartition("/")[2]) is None:
        return None
    try:
        return read()
    except RuleError as error:
        faults.extend(Fault(fault.pointer, fault.message, "rule") for fault in error.faults)
        return None
