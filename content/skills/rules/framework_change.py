"""What a file of a framework changes against the version that is there. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.skills.rules.framework_file import SkillEntry


@dataclass(frozen=True, slots=True)
class FrameworkChange:
    """added, gone: titles. changed: a sentence for each change. The same framework again has none of the three."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


def change_of(old: Sequence[SkillEntry], new: Sequence[SkillEntry]) -> FrameworkChange:
    """Return what becomes of the skills, known by their addresses; an old one without address is gone."""
    before = {entry.uri: entry for entry in old if entry.uri}
    after = {entry.uri: entry for entry in new}
    return FrameworkChange(
        added=tuple(entry.title for entry in new if entry.uri not in before),
        changed=tuple(words for entry in new if entry.uri in before for words in _words(before[entry.uri], entry)),
        gone=tuple(entry.title for entry in old if entry.uri not in after),
    )


def _words(old: SkillEntry, new: SkillEntry) -> Iterator[str]:
    name = f"“{new.title}”"
    if old.title != new.title:
        yield f"“{old.title}” is now called {name}."
    if old.description != new.description:
        yield f"{name} has a new description."
    if old.other_names != new.other_names:
        yield f"{name} has other alternative names."
    for what, was, becomes in (
        ("type", old.skill_type, new.skill_type),
        ("reuse level", old.reuse_level, new.reuse_level),
    ):
        if was != becomes:
            yield f"{name} has the {what} {becomes or 'none'}; until now {was or 'none'}."
    if {(a.uri, a.match) for a in old.alignments} != {(a.uri, a.match) for a in new.alignments}:
        yield f"{name} points to other concepts."
