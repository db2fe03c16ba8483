"""A learner's own rating: for each behavior, which of its anchored levels fits, on one of four occasions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field, PrivateAttr

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.faults import pointer_of
from content.kinds.forms import ResponseForm, SpecForm, choice_field, keys_field, markdown_field, needed
from content.kinds.shapes import Behavior, Markdown, Response, Slug, Spec, Whole, Words

Occasion = Literal["baseline", "then", "post", "follow_up"]
# In the order in which a report shows them: both views of the beginning, then both of what came of it.
OCCASIONS: Final[tuple[Occasion, ...]] = ("baseline", "then", "post", "follow_up")
OCCASION_LABELS: Final[Mapping[str, Words]] = {
    "baseline": _lazy("At the beginning"),
    "then": _lazy("Looking back at the beginning"),
    "post": _lazy("At the end"),
    "follow_up": _lazy("Weeks later"),
}
MOST_LEVELS: Final = 7


class SelfRatingSpec(Spec):
    """
    occasion: the moment that the rating is about. indicators: keys of the journey's behaviors, in the order they stand.

    The words of the behaviors are the journey's own, so that a rating is given on the anchors of its version: whoever
    shows the page passes them to `knowing`.
    """

    occasion: Occasion = Field(description="baseline, then, post or follow_up")
    indicators: tuple[Slug, ...] = Field(min_length=1, max_length=20, description="keys of the journey’s behaviors")
    prompt: Markdown | None = None
    _behaviors: Mapping[str, Behavior] = PrivateAttr(default_factory=dict)

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield behaviors that are named twice."""
        for index, key in enumerate(self.indicators):
            if key in self.indicators[:index]:
                yield Fault(
                    pointer_of("indicators", index), _("“%(key)s” stands here already. Name it once.") % {"key": key}
                )

    def behavior_keys(self) -> tuple[str, ...]:
        return self.indicators

    def knowing(self, behaviors: Mapping[str, Behavior]) -> "SelfRatingSpec":
        known = self.model_copy()
        known._behaviors = {key: behaviors[key] for key in self.indicators if key in behaviors}
        return known

    @property
    def behaviors(self) -> tuple[Behavior, ...]:
        """The behaviors to rate, in their order; empty until somebody passed their words."""
        return tuple(self._behaviors.values())


class SelfRatingResponse(Response):
    """The level chosen for each behavior, by its key; 1 is the lowest. It is kept as ratings, never as an answer."""

    levels: dict[Slug, Annotated[Whole, Field(ge=1, le=MOST_LEVELS)]] = Field(default_factory=dict)

    def faults(self, spec: SelfRatingSpec) -> Iterator[Fault]:
        """Yield behaviors that are not asked about, and levels that they do not have."""
        known = {behavior.key: behavior for behavior in spec.behaviors}
        for key, level in self.levels.items():
            if key not in spec.indicators:
                yield Fault(pointer_of("levels", key), _("This rating does not ask about that behavior."))
            elif key in known and level > len(known[key].levels):
                yield Fault(
                    pointer_of("levels", key),
                    _("Choose a number from 1 to %(last)d.") % {"last": len(known[key].levels)},
                )


def judge(spec: SelfRatingSpec, response: SelfRatingResponse) -> Outcome:
    """Complete the step once each behavior is rated; no level is passed, and none is a score."""
    return Outcome(completed=all(key in response.levels for key in spec.indicators))


class SelfRatingSpecForm(SpecForm[SelfRatingSpec]):
    """When the rating is asked, and about which behaviors."""

    spec_class = SelfRatingSpec

    occasion = needed(
        choice_field(
            _lazy("Occasion"),
            [
                ("baseline", _lazy("At the beginning: what they do before the journey")),
                ("post", _lazy("At the end: what they do now")),
                ("then", _lazy("Looking back: how they see their beginning now")),
                ("follow_up", _lazy("Weeks later: what has lasted")),
            ],
            _lazy(
                "Ask about the same behaviors at the beginning, at the end, right after that looking back, and once "
                "more some weeks later. The page shows no earlier rating until this one is given."
            ),
            first="baseline",
        )
    )
    indicators = needed(
        keys_field(_lazy("Behaviors to rate"), _lazy("Behaviors of the journey, with the anchors they have there."))
    )
    prompt = markdown_field(
        _lazy("Question"), _lazy("Empty: the usual question of the occasion, such as “What do you do today?”"), lines=2
    )


class SelfRatingForm(ResponseForm[SelfRatingSpec, SelfRatingResponse]):
    """One choice among the anchors of each behavior."""

    response_class = SelfRatingResponse
    act = _lazy("Save my ratings")

    def __init__(
        self,
        spec: SelfRatingSpec,
        data: Mapping[str, Any] | None = None,
        response: SelfRatingResponse | None = None,
    ) -> None:
        super().__init__(spec, data, response)
        for behavior in spec.behaviors:
            self.fields[f"level-{behavior.key}"] = forms.ChoiceField(
                label=behavior.text,
                choices=[(str(level), anchor) for level, anchor in enumerate(behavior.levels, start=1)],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose the sentence that fits best. If two fit, take the lower one."),
                    "invalid_choice": _("Choose one of the sentences offered here."),
                },
            )

    def initial_from(self, response: SelfRatingResponse) -> dict[str, Any]:
        return {f"level-{key}": str(level) for key, level in response.levels.items()}

    def built(self, values: Mapping[str, Any]) -> SelfRatingResponse:
        chosen = {behavior.key: values.get(f"level-{behavior.key}") for behavior in self.spec.behaviors}
        return SelfRatingResponse(levels={key: int(level) for key, level in chosen.items() if level})


@dataclass(frozen=True, slots=True)
class ShownBehavior:
    """A behavior with the field to rate it, None when nothing can be rated."""

    behavior: Behavior
    field: forms.BoundField | None


def present(
    spec: SelfRatingSpec, response: SelfRatingResponse | None, form: SelfRatingForm | None
) -> list[ShownBehavior]:
    """Return the behaviors in their order, each with its field."""
    return [ShownBehavior(behavior, form[f"level-{behavior.key}"] if form else None) for behavior in spec.behaviors]


KIND = Kind(
    key="self_rating",
    label=_lazy("Self-rating"),
    act=_lazy("Rate yourself"),
    about=_lazy(
        "For each behavior of the journey, the sentence that fits best; asked at the beginning, at the end and weeks "
        "later, so that the learner sees what has changed."
    ),
    Spec=SelfRatingSpec,
    Response=SelfRatingResponse,
    judge=judge,
    spec_form=SelfRatingSpecForm,
    response_form=SelfRatingForm,
    present=present,
    private=True,
    explains=True,
)
