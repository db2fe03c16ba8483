"""A small bundle to break in many ways."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

JOURNEY = """\
format: waymark-journey/1
key: ask-first
title: Ask first
summary: Ask before you tell.
language: en
license: CC-BY-4.0
weeks: 2
skills:
  - {skill: communication, weight: 2}
indicators:
  - key: asks
    skill: communication
    text: Asks before telling
    levels: [Tells, Asks when reminded, Asks first, Asks first and waits]
modules:
  - key: first
    folder: 01-first
    title: First
    outcome: Ask one question.
    skills: [communication]
    why: {capability: You try it., opportunity: Each meeting., motivation: You learn more.}
    opens: {from: start, working_days: 0, at: "09:00"}
    due: {from: opens, working_days: 4, at: "18:00"}
  - key: second
    folder: 02-second
    title: Second
    outcome: Ask two questions.
    skills: [communication]
    why: {capability: You try it., opportunity: Each meeting., motivation: You learn more.}
    opens: {from: "module-opened:first", working_days: 5, at: "09:00"}
nudges:
  - key: try-it
    category: practice
    trigger: {event: module-opened, module: first}
    wait: {working_days: 2, at: "16:00"}
    unless: [{completed: first/try}]
    channel: [email, in-app]
    text: [Try it today.]
expectations:
  - {start: 2027-03-01, zone: Europe/Paris, expect: {module: second, opens: "2027-03-08 09:00"}}
"""

READ = """\
---
key: read
kind: article
title: Read
minutes: 3
serves: knows
---
Read this first.
"""

TRY = """\
---
key: try
kind: practice
title: Try it
minutes: 10
serves: evidence
opens: {completed: first/read}
situation: In one meeting this week.
steps:
  - Ask one question.
report:
  - What did you ask?
indicator: asks
---
Try it once.
"""

CHECK = """\
---
key: check
kind: quiz
title: Check
minutes: 4
serves: knows
pass_ratio: 0.5
questions:
  - key: one
    prompt: Which question?
    choices:
      - {text: This one, correct: true, because: It is open.}
      - {text: That one, correct: false, because: It is closed.}
---
Answer from memory.
"""

LOOK = """\
---
key: look
kind: reflection
title: Look back
minutes: 4
serves: reflects
after: first/try
quote: practice
prompt: What happened?
---
A few lines.
"""

FILES = {
    "journey.yaml": JOURNEY,
    "modules/01-first/01-read.md": READ,
    "modules/01-first/02-try.md": TRY,
    "modules/02-second/01-check.md": CHECK,
    "modules/02-second/02-look.md": LOOK,
}


def write_bundle(folder: Path, files: Mapping[str, Any] | None = None) -> Path:
    """Write files into a folder: texts or bytes by path."""
    for name, text in (FILES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def edited(file: str, old: str, new: str) -> dict[str, Any]:
    """Return the files of the small bundle with one text replaced once."""
    assert FILES[file].count(old) >= 1, old
    return {**FILES, file: FILES[file].replace(old, new, 1)}
