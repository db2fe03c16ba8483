"""What a designer enters, read into canonical data, with every fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from journeys.authoring.rules.keys import is_key
from journeys.authoring.rules.references import unknown_references
from journeys.schedule.grammar import parse_due, parse_opens, parse_trigger, parse_unless, parse_wait
from journeys.schedule.tree import RuleError, RuleFault
from journeys.schedule.writing import to_data, trigger_to_data, wait_to_data

Read = TypeVar("Read")
CHANNELS: Final = ("email", "in-app")
CATEGORIES: Final = ("practice", "reflection", "step", "due", "live", "digest", "service")
SERVES: Final = ("knows", "practices", "reflects", "evidence")
LONGEST_TITLE: Final = 200
LONGEST_OUTCOME: Final = 300
MOST_TEXTS: Final = 20


@dataclass
class Entries:
    """
    Reads entries one by one and gathers their faults.

    known: what rules may name, each MODULE and each MODULE/STEP of the version.
    """

    known: frozenset[str]
    faults: list[RuleFault] = field(default_factory=list)

    def fault(self, pointer: str, message: str) -> None:
        """Note one fault."""
        self.faults.append(RuleFault(pointer, message))

    def line(self, value: str, pointer: str, *, name: str, longest: int = LONGEST_TITLE) -> str:
        """Take a text of one line that must be there."""
        line = " ".join(value.split())
        if not line:
            self.fault(pointer, f"Write {name}.")
        elif len(line) > longest:
            self.fault(pointer, f"Shorten {name} to at most {longest} characters.")
        return line

    def choice(self, value: str, pointer: str, allowed: Sequence[str]) -> str:
        """Take one of a few values."""
        if value not in allowed:
            self.fault(pointer, f"“{value}” is not among them. Choose one of {', '.join(allowed)}.")
        return value

    def key(self, value: str, pointer: str) -> str:
        """Take a key, which may be empty."""
        if value and not is_key(value):
            self.fault(pointer, "Use lower-case letters, digits and single hyphens, such as first-call.")
        return value

    def opens(self, value: Any, pointer: str = "/opens") -> dict[str, Any] | None:
        """Take a rule for when something opens; empty means the default."""
        return self._rule(value, pointer, lambda: to_data(parse_opens(value, pointer=pointer)))

    def due(self, value: Any, pointer: str = "/due") -> dict[str, Any] | None:
        """Take a rule for when something is due; empty means never."""
        return self._rule(value, pointer, lambda: to_data(parse_due(value, pointer=pointer)))

    def trigger(self, value: Any) -> dict[str, Any]:
        """Take what sets a message off; it must be there."""
        found = self._rule(value or {}, "/trigger", lambda: trigger_to_data(parse_trigger(value, pointer="/trigger")))
        return found or {}

    def wait(self, value: Any) -> dict[str, Any] | None:
        """Take how long a message waits; empty means not at all."""
        return self._rule(value, "/wait", lambda: wait_to_data(parse_wait(value, pointer="/wait")))

    def unless(self, value: Any) -> list[dict[str, Any]]:
        """Take the list of what stops a message."""
        found = self._rule(
            list(value), "/unless", lambda: [to_data(rule) for rule in parse_unless(list(value), pointer="/unless")]
        )
        return found or []

    def channels(self, values: Sequence[str]) -> list[str]:
        """Take the ways a message goes, at least one."""
        chosen = list(dict.fromkeys(values))
        if not chosen:
            self.fault("/channels", f"Choose how the message is sent: {' or '.join(CHANNELS)}.")
        for index, value in enumerate(chosen):
            self.choice(value, f"/channels/{index}", CHANNELS)
        return chosen

    def texts(self, values: Sequence[str]) -> list[str]:
        """Take the wordings of a message, at least one."""
        written = [text.replace("\r\n", "\n").strip() for text in values if text.strip()]
        if not written:
            self.fault("/texts", "Write at least one wording of the message.")
        elif len(written) > MOST_TEXTS:
            self.fault("/texts", f"Keep at most {MOST_TEXTS} wordings.")
        return written

    def _rule(self, value: Any, pointer: str, read: Callable[[], Read]) -> Read | None:
        if value is None:
            return None
        try:
            data = read()
        except RuleError as error:
            self.faults.extend(error.faults)
            return None
        self.faults.extend(unknown_references(data, self.known, pointer))
        return data
