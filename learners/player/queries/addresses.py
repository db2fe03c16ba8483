"""Where the pages of a journey are. Whoever puts a page together asks here, so that a preview can lead elsewhere."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import reverse


class Addresses(Protocol):
    """The pages that those of one journey lead to."""

    @property
    def today(self) -> str:
        """Today of the person."""

    @property
    def map(self) -> str:
        """The whole journey."""

    @property
    def journey_recap(self) -> str:
        """The whole journey in the person's own words."""

    @property
    def own_words(self) -> str:
        """Everything that the person wrote."""

    @property
    def ratings(self) -> str:
        """The person's own ratings."""

    @property
    def put_away(self) -> str:
        """Where the messages that Today shows are posted to, to be put away."""

    def step(self, key: str) -> str:
        """Return where a step is worked on."""

    def sign_off(self, key: str) -> str:
        """Return where somebody is asked to confirm a practice."""

    def session_calendar(self, key: str) -> str:
        """Return the calendar file of a live session."""

    def module_recap(self, key: str) -> str:
        """Return the end of a module."""


@dataclass(frozen=True)
class OwnAddresses:
    """The pages of an enrollment."""

    enrollment: UUID

    @property
    def today(self) -> str:
        return reverse("today")

    @property
    def map(self) -> str:
        return reverse("journey-map", args=[self.enrollment])

    @property
    def journey_recap(self) -> str:
        return reverse("journey-recap", args=[self.enrollment])

    @property
    def own_words(self) -> str:
        return reverse("reflections")

    @property
    def ratings(self) -> str:
        return reverse("ratings")

    @property
    def put_away(self) -> str:
        return reverse("messages-read")

    def step(self, key: str) -> str:
        return reverse("step", args=[self.enrollment, key])

    def sign_off(self, key: str) -> str:
        return reverse("step-sign-off", args=[self.enrollment, key])

    def session_calendar(self, key: str) -> str:
        return reverse("session-calendar", args=[self.enrollment, key])

    def module_recap(self, key: str) -> str:
        return reverse("module-recap", args=[self.enrollment, key])
