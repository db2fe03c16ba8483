"""Skills out of a CSV file with the column names of ESCO. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from config.support.errors import Fault
from content.skills.rules.framework_file import (
    BROAD,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORD,
    MAX_BYTES,
    MAX_ROWS,
    MAX_SKILLS,
    AlignmentEntry,
    FrameworkFile,
    SkillEntry,
    clean,
    told,
    too_many,
    uri_fault,
)

REUSE_LEVELS: Final = ("transversal", "cross-sector", "sector-specific", "occupation-specific")
COLUMNS: Final = (
    *("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status"),
    *("modifiedDate", "scopeNote", "definition", "inScheme", "description", "code"),
    *("broaderConceptUri", "broaderConceptPT"),
)
NEEDED: Final = ("conceptUri", "preferredLabel")
SEPARATORS: Final = (",", ";", "\t")
_TYPES: Final = frozenset({"", "KnowledgeSkillCompetence", "SkillGroup"})
_LONGEST: Final = (
    (("skillType", "reuseLevel"), LONGEST_WORD),
    (("description", "definition", "altLabels"), LONGEST_TEXT),
)
_BETWEEN_NAMES: Final = re.compile(r"[\n|]")


@dataclass
class _Reading:
    """One file under way."""

    levels: Collection[str]
    skills: list[SkillEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)

    def fault(self, row: int, detail: str) -> None:
        self.faults.append(Fault(f"row {row}", detail))


def read_esco(data: bytes, *, levels: Collection[str] = ()) -> FrameworkFile | list[Fault]:
    """
    Return the skills of a CSV file, or every fault of it with its row.

    Needs the columns conceptUri and preferredLabel; knows those of ESCO's files of skills, of skill groups and of
    collections, in any order. Rows are counted as a spreadsheet counts them, headings included. levels: take only
    skills of these reuse levels; empty takes all. Obsolete concepts are left out and told.
    """
    text = _decoded(data)
    if isinstance(text, Fault):
        return [text]
    try:
        rows = _rows(text)
    except csv.Error as error:
        return [Fault("", f"This is no CSV that can be read ({error}). Save it again as CSV UTF-8.")]
    if not rows:
        return [Fault("row 1", f"The file is empty. Its first row names the columns: {', '.join(NEEDED)} and others.")]
    return _read(rows, levels)


def _decoded(data: bytes) -> str | Fault:
    if len(data) > MAX_BYTES:
        return Fault("", f"The file is larger than {MAX_BYTES // 1_000_000} MB. Keep the rows that you need.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return Fault(f"line {row}", "A letter cannot be read. Save the file as “CSV UTF-8”.")
    return Fault("", "This is no text. Choose a CSV file or a CASE package.") if "\x00" in text else text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with its number in a spreadsheet."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    found = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number, cells in enumerate(reader, start=1):
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
        if len(found) > MAX_ROWS + 1:
            raise csv.Error(f"more than {MAX_ROWS:,} rows; keep those that you need")
    return found


def _read(rows: Sequence[tuple[int, list[str]]], levels: Collection[str]) -> FrameworkFile | list[Fault]:
    (number, headings), *rest = rows
    names = {name.casefold(): name for name in COLUMNS}
    columns = [names.get(heading.strip().casefold(), "") for heading in headings]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        detail = f"There is no column {' and none '.join(missing)}. The first row names the columns, as ESCO does."
        return [Fault(f"row {number}", detail)]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        return [Fault(f"row {number}", f"The column {twice[0]} stands there twice. Keep one of them.")]
    reading = _Reading(levels)
    for row, cells in rest:
        _take(reading, row, columns, cells)
    return _result(reading)


def _result(reading: _Reading) -> FrameworkFile | list[Fault]:
    if reading.faults:
        return told(reading.faults)
    if not reading.skills:
        return [Fault("", "No row is a skill that could be taken. Choose other reuse levels, or another file.")]
    if len(reading.skills) > MAX_SKILLS:
        return [too_many(len(reading.skills))]
    left_out = tuple(f"{count} {why}" for why, count in sorted(reading.left_out.items()))
    return FrameworkFile(tuple(reading.skills), left_out=left_out)


def _take(reading: _Reading, row: int, columns: Sequence[str], cells: Sequence[str]) -> None:
    if len(cells) > len(columns):
        reading.fault(row, "This row has more cells than the first row has names. Put texts with commas in quotes.")
        return
    values = {name: clean(cell) for name, cell in zip(columns, cells, strict=False) if name}
    if values.get("status", "") == "obsolete":
        reading.left_out["obsolete"] += 1
    elif reading.levels and values.get("reuseLevel", "") not in reading.levels:
        reading.left_out["of other reuse levels"] += 1
    else:
        before = len(reading.faults)
        for detail in _row_faults(reading, row, values):
            reading.fault(row, detail)
        if len(reading.faults) == before:
            reading.skills.append(_entry(values))


def _row_faults(reading: _Reading, row: int, values: Mapping[str, str]) -> Iterator[str]:
    kind = values.get("conceptType", "")
    if kind not in _TYPES:
        yield f"This is of the type {kind[:40]}, and not a skill. Take it out, or choose the file of skills."
    uri = values.get("conceptUri", "")
    if not uri:
        yield "The conceptUri is missing. Write the address of the concept, or take the row out."
    elif fault := uri_fault(uri):
        yield fault
    elif uri in reading.rows:
        yield f"Row {reading.rows[uri]} has this conceptUri too. Keep one of them."
    reading.rows.setdefault(uri, row)
    yield from _text_faults(values)
    yield from filter(None, (uri_fault(broader) for broader in _several(values.get("broaderConceptUri", ""))))


def _text_faults(values: Mapping[str, str]) -> Iterator[str]:
    label = values.get("preferredLabel", "")
    if not label:
        yield "The preferredLabel is missing. Write what the skill is called."
    elif len(label) > LONGEST_TITLE or "\n" in label:
        yield f"Shorten the preferredLabel to one line of at most {LONGEST_TITLE} characters."
    for names, longest in _LONGEST:
        for name in names:
            if len(values.get(name, "")) > longest:
                yield f"Shorten the {name} to at most {longest:,} characters."


def _entry(values: Mapping[str, str]) -> SkillEntry:
    broader = _several(values.get("broaderConceptUri", ""))
    labels = _several(values.get("broaderConceptPT", ""))
    labels = labels if len(labels) == len(broader) else ("",) * len(broader)
    uri = values["conceptUri"]
    return SkillEntry(
        uri=uri,
        title=values["preferredLabel"],
        description=values.get("description") or values.get("definition", ""),
        other_names=_several(values.get("altLabels", "")),
        skill_type=values.get("skillType", ""),
        reuse_level=values.get("reuseLevel", ""),
        alignments=tuple(
            AlignmentEntry(one, label[:LONGEST_TITLE], BROAD)
            for one, label in dict(zip(broader, labels, strict=True)).items()
            if one != uri
        ),
    )


def _several(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that may hold several: each on a line of its own, or with bars between them."""
    return tuple(dict.fromkeys(part.strip() for part in _BETWEEN_NAMES.split(cell) if part.strip()))
