"""Where the previewed pages are: each carries the whole person, since nothing of them is kept."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from learners.preview.rules import Persona, params_of


@dataclass(frozen=True)
class PreviewAddresses:
    """The pages of somebody imagined on a version; see player.queries.addresses for what each is."""

    version: UUID
    persona: Persona

    @property
    def today(self) -> str:
        return self._to("preview-today")

    @property
    def map(self) -> str:
        return self._to("preview-map")

    @property
    def journey_recap(self) -> str:
        return self._to("preview-journey-recap")

    @property
    def own_words(self) -> str:
        return self._to("preview-elsewhere")

    @property
    def ratings(self) -> str:
        return self._to("preview-elsewhere")

    @property
    def put_away(self) -> str:
        return self.today

    def step(self, key: str) -> str:
        """Return where a step is tried."""
        return self._to("preview-step", key)

    def sign_off(self, key: str) -> str:
        """Return the step: nobody is asked to confirm what nobody did."""
        return self.step(key)

    def session_calendar(self, key: str) -> str:
        """Return the page that says why there is none: dates are a cohort's."""
        return self._to("preview-elsewhere")

    def module_recap(self, key: str) -> str:
        """Return the end of a module."""
        return self._to("preview-module-recap", key)

    @property
    def frame(self) -> str:
        """Today inside a frame as wide as a small phone."""
        return self._to("preview-frame")

    @property
    def form(self) -> str:
        """Where somebody else is chosen."""
        return self._to("preview-as-learner")

    @property
    def begin(self) -> str:
        """Where a look begins: Today, in the frame for somebody on a small phone."""
        return self.frame if self.persona.is_narrow else self.today

    def on_day(self, day: int) -> "PreviewAddresses":
        """Return the pages of the same person on another day."""
        return replace(self, persona=self.persona.on_day(day))

    def _to(self, name: str, *args: str) -> str:
        return f"{reverse(name, args=[self.version, *args])}?{urlencode(list(params_of(self.persona)))}"
