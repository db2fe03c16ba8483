"""What every channel takes and how it says no."""

from dataclasses import dataclass, field
from enum import Enum


class Refusal(Enum):
    """What a failure tells about the message: try again, never again, or nobody knows whether it left."""

    TRANSIENT = "transient"
    PERMANENT = "permanent"
    AMBIGUOUS = "ambiguous"


class ChannelError(Exception):
    """
    A channel did not take a message.

    detail: words for the record, without addresses. address_is_dead: nothing will ever arrive there.
    is_down: the channel itself is away, so the next message need not try.
    """

    def __init__(self, detail: str, *, refusal: Refusal, address_is_dead: bool = False, is_down: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.refusal = refusal
        self.address_is_dead = address_is_dead
        self.is_down = is_down


@dataclass(frozen=True, slots=True)
class Letter:
    """A composed message: one recipient, text and HTML, and headers beyond the usual ones."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    message_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
