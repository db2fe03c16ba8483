"""Refusals: one class for each refused rule, told in words that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in an input: where it is (a JSON pointer, or file:line) and what to do about it."""

    pointer: str
    detail: str
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.pointer}: {self.detail}" if self.pointer else self.detail


class DomainError(Exception):
    """
    A rule refused an act; nothing was written.

    code: stable, for scripts. detail: one sentence for the person, which says what to do. status: the HTTP answer.
    """

    code = "refused"
    status = 409
    title = "This cannot be done now"

    def __init__(self, detail: str = "", *, faults: Sequence[Fault] = ()) -> None:
        self.detail = detail or self.title
        self.faults = tuple(faults)
        super().__init__(self.detail)

    def __str__(self) -> str:
        if not self.faults:
            return self.detail
        return "; ".join(str(fault) for fault in self.faults)


class InvalidInput(DomainError):
    """The input has faults; each is listed with its place."""

    code = "invalid"
    status = 422
    title = "Some values need another look"


class NotFound(DomainError):
    """It does not exist, or it is not yours; a stranger learns nothing more."""

    code = "not_found"
    status = 404
    title = "Not found"


class NotAllowed(DomainError):
    """You can see it, and this act on it is not yours."""

    code = "not_allowed"
    status = 403
    title = "This is not yours to do"


class TooLarge(DomainError):
    """More was sent at once than is taken."""

    code = "too_large"
    status = 413
    title = "That is too much at once"
