"""A situation that branches: choose, give a reason, read what each choice was worth, go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field, field_validator

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.faults import pointer_of
from content.kinds.forms import (
    ResponseForm,
    SpecForm,
    answer_field,
    choice_field,
    flag_field,
    line_field,
    markdown_field,
    needed,
)
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Flag, Markdown, OwnWords, Part, Response, Slug, Spec, Whole, Words

Merit = Literal["weak", "fair", "strong"]
MERITS: list[tuple[str, Words]] = [
    ("weak", _lazy("Weak")),
    ("fair", _lazy("Fair")),
    ("strong", _lazy("Strong")),
]
WORTH: dict[Merit, float] = {"weak": 0.0, "fair": 0.5, "strong": 1.0}


class SceneChoice(Part):
    """One way to act, where it leads, and how good an act it is here."""

    text: Markdown = Field(description="what the learner can do")
    to: Slug = Field(description="the scene this leads to")
    merit: Merit = Field(description="weak, fair or strong")
    because: Markdown = Field(description="why it is weak, fair or strong, in a tone that respects whoever chose it")


class Scene(Part):
    """What happens, and what one can do. A scene without choices ends the scenario."""

    text: Markdown = Field(description="what happens")
    choices: tuple[SceneChoice, ...] = Field(default=(), max_length=8)


class ScenarioSpec(Spec):
    """Scenes by name. ask_reason: each choice is given with a reason."""

    start: Slug = Field(description="the name of the first scene")
    ask_reason: Flag = False
    scenes: dict[Slug, Scene] = Field(min_length=2, max_length=60, description="what happens, scene by scene")

    @field_validator("scenes", mode="before")
    @classmethod
    def _named(cls, scenes: object) -> object:
        """Take the stored form as well: a list, in which each scene carries its name."""
        if not isinstance(scenes, list) or not all(isinstance(scene, dict) and "name" in scene for scene in scenes):
            return scenes
        return {scene["name"]: {key: scene[key] for key in scene if key != "name"} for scene in scenes}

    def to_stored(self) -> dict[str, Any]:
        """Return the scenes as a list, so that they keep the order they were written in."""
        data = self.to_data()
        return {**data, "scenes": [{"name": name, **scene} for name, scene in data["scenes"].items()]}

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield ways that lead nowhere, scenes nobody can reach and ways that never end."""
        if self.start not in self.scenes:
            yield Fault("/start", self._unknown(self.start))
        elif not self.scenes[self.start].choices:
            yield Fault(pointer_of("scenes", self.start, "choices"), _("Give the first scene at least two choices."))
        for name, scene in self.scenes.items():
            if len(scene.choices) == 1:
                yield Fault(
                    pointer_of("scenes", name, "choices"), _("Add a second choice, or remove this one to end here.")
                )
            for index, choice in enumerate(scene.choices):
                if choice.to not in self.scenes:
                    yield Fault(pointer_of("scenes", name, "choices", index, "to"), self._unknown(choice.to))
        yield from self._faults_of_ways()

    def _faults_of_ways(self) -> Iterator[Fault]:
        reached = self._reached_from(self.start)
        endings = {name for name, scene in self.scenes.items() if not scene.choices}
        if not endings:
            yield Fault("/scenes", _("No scene ends this scenario. Leave the choices of at least one scene empty."))
        for name in self.scenes:
            here = pointer_of("scenes", name)
            if self.start in self.scenes and name not in reached:
                yield Fault(here, _("No choice leads to “%(name)s”. Lead one to it, or remove it.") % {"name": name})
            elif endings and not self._reached_from(name) & endings:
                yield Fault(
                    here, _("From “%(name)s” no way leads to an ending. Let one choice lead on.") % {"name": name}
                )

    def _reached_from(self, name: str) -> set[str]:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here in self.scenes and here not in reached:
                reached.add(here)
                waiting.extend(choice.to for choice in self.scenes[here].choices)
        return reached

    def _unknown(self, name: str) -> str:
        return _("There is no scene “%(name)s”. Known here: %(known)s.") % {
            "name": name,
            "known": ", ".join(self.scenes),
        }


class Move(Part):
    """One choice that was made: in which scene, which one (from 0), and why."""

    scene: Slug
    choice: Annotated[Whole, Field(ge=0)]
    reason: OwnWords = ""


class ScenarioResponse(Response):
    """The way taken so far."""

    moves: tuple[Move, ...] = Field(default=(), max_length=100)

    def faults(self, spec: ScenarioSpec) -> Iterator[Fault]:
        """Yield the first move that the scenes do not allow."""
        here = spec.start
        for index, move in enumerate(self.moves):
            choices = spec.scenes[here].choices
            if move.scene != here:
                yield Fault(
                    pointer_of("moves", index, "scene"), _("The way leads to “%(name)s” here.") % {"name": here}
                )
                return
            if move.choice >= len(choices):
                yield Fault(pointer_of("moves", index, "choice"), _("There is no such choice in this scene."))
                return
            here = choices[move.choice].to


def scene_after(spec: ScenarioSpec, response: ScenarioResponse) -> str:
    """Name the scene where the learner stands after the moves made so far."""
    if not response.moves:
        return spec.start
    last = response.moves[-1]
    return spec.scenes[last.scene].choices[last.choice].to


def judge(spec: ScenarioSpec, response: ScenarioResponse) -> Outcome:
    """
    End the scenario at a scene without choices and give the mean worth of the choices made.

    Nothing is passed: knowing what to do in a story is not doing it at work.
    """
    if spec.scenes[scene_after(spec, response)].choices:
        return Outcome(completed=False)
    worth = [WORTH[spec.scenes[move.scene].choices[move.choice].merit] for move in response.moves]
    return Outcome(completed=True, score_scaled=round(sum(worth) / len(worth), 4))


class SceneChoiceForm(RowForm):
    """One way to act."""

    text = needed(markdown_field(_lazy("Choice"), lines=2))
    to = needed(choice_field(_lazy("Leads to the scene"), [("", _lazy("Choose"))]))
    merit = needed(choice_field(_lazy("How good an act it is"), [("", _lazy("Choose")), *MERITS]))
    because = needed(markdown_field(_lazy("Because"), _lazy("Why, with respect for whoever chose it."), lines=2))


class SceneForm(RowForm):
    """What happens, and what one can do."""

    rows = {
        "choices": Rows(
            SceneChoiceForm,
            _lazy("Choices"),
            _lazy("choice"),
            _lazy("Leave them empty and the scenario ends here."),
            spare=2,
        )
    }
    minted = ("name", "text")

    text = needed(markdown_field(_lazy("What happens"), lines=5))
    name = line_field(
        _lazy("Name"),
        _lazy("Learners never see it. Leave it empty, and it is made from what happens."),
        longest=64,
    )


class ScenarioSpecForm(SpecForm[ScenarioSpec]):
    """The scenes, and where it starts."""

    spec_class = ScenarioSpec
    rows = {
        "scenes": Rows(
            SceneForm,
            _lazy("Scenes"),
            _lazy("scene"),
            _lazy("Write the scenes first; then say where each choice leads."),
            spare=3,
            key="name",
        )
    }

    start = choice_field(_lazy("First scene"), [("", _lazy("The first one on this page"))])
    ask_reason = flag_field(_lazy("Ask for a reason with each choice"), ticked=True)

    def __init__(
        self, data: Mapping[str, Any] | None = None, initial_spec: ScenarioSpec | None = None, **options: Any
    ) -> None:
        super().__init__(data, initial_spec, **options)
        scenes = self.groups["scenes"].forms
        numbers = {str(scene["name"].value() or ""): str(number) for number, scene in enumerate(scenes, start=1)}
        offered = [(str(number), _called(number, scene)) for number, scene in enumerate(scenes, start=1)]
        _lead(self, "start", offered, numbers)
        for scene in scenes:
            for choice in scene.groups["choices"].forms:
                _lead(choice, "to", offered, numbers)

    def to_data(self) -> dict[str, Any]:
        """Return the data with the names of scenes in place of their numbers on the page."""
        data = super().to_data()
        scenes = data.get("scenes") or {}
        forms = enumerate(self.groups["scenes"].forms, start=1)
        names = {str(number): form.cleaned_data.get("name") for number, form in forms if form.is_bound}
        known = {number: name for number, name in names.items() if name in scenes}
        for choice in (choice for scene in scenes.values() for choice in scene.get("choices", ())):
            choice["to"] = known.get(choice.get("to", ""), "")
        data["start"] = known.get(data.get("start", "")) or next(iter(scenes), "")
        return data


def _called(number: int, scene: RowForm) -> str:
    said = " ".join(str(scene["name"].value() or scene["text"].value() or "").split())
    called = _("Scene %(number)d") % {"number": number}
    return f"{called}: {said[:40]}" if said else called


def _lead(form: RowForm, name: str, offered: list[tuple[str, str]], numbers: Mapping[str, str]) -> None:
    """Let a field choose among the scenes of the page, by their number there; a scene may have no name yet."""
    field = cast(forms.ChoiceField, form.fields[name])
    field.choices = [*list(cast(Any, field.choices))[:1], *offered]
    if name in form.initial:
        form.initial[name] = numbers.get(form.initial[name], "")


class ScenarioForm(ResponseForm[ScenarioSpec, ScenarioResponse]):
    """
    One choice in the scene where the learner stands.

    scene is sent along: an answer to a scene that is already behind (a second tab, a second click) is dropped, is_stale
    says so, and the form shows the scene that is open.
    """

    response_class = ScenarioResponse
    act = _lazy("Answer")

    scene = forms.CharField(required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_lazy("What do you do?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _lazy("Choose what you do."),
            "invalid_choice": _lazy("Choose one of the acts offered here."),
        },
    )
    why = needed(
        answer_field(
            _lazy("Why this one?"),
            _lazy("Write a reason, a few words are enough."),
            hint=_lazy("A few words are enough. After your answer you read what speaks for each choice."),
            lines=3,
            longest=2_000,
        )
    )

    def __init__(
        self,
        spec: ScenarioSpec,
        data: Mapping[str, Any] | None = None,
        response: ScenarioResponse | None = None,
    ) -> None:
        self.way = response or ScenarioResponse()
        self.here = scene_after(spec, self.way)
        self.is_stale = data is not None and data.get("scene", self.here) != self.here
        super().__init__(spec, None if self.is_stale else data, response)
        self.initial["scene"] = self.here
        field = cast(forms.ChoiceField, self.fields["choice"])
        field.choices = [(str(place), choice.text) for place, choice in enumerate(spec.scenes[self.here].choices)]
        if not spec.ask_reason:
            del self.fields["why"]

    def built(self, values: Mapping[str, Any]) -> ScenarioResponse:
        if not values.get("choice"):
            return self.way
        move = Move(scene=self.here, choice=int(values["choice"]), reason=values.get("why", ""))
        return ScenarioResponse(moves=(*self.way.moves, move))


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A scene that is behind: what happened, what each choice was worth, which one was taken and why."""

    scene: Scene
    choices: list[tuple[SceneChoice, bool]]
    reason: str


@dataclass(frozen=True, slots=True)
class ShownScenario:
    """Where the learner stands: the scene, its choices with their radio buttons, and the way behind."""

    scene: Scene
    options: list[tuple[SceneChoice, forms.boundfield.BoundWidget]]
    last: ShownMove | None
    earlier: list[ShownMove]


def present(spec: ScenarioSpec, response: ScenarioResponse | None, form: ScenarioForm | None) -> ShownScenario:
    """Return the open scene, and for every scene behind it what each choice was worth."""
    way = response or ScenarioResponse()
    behind = [_shown(spec, move) for move in way.moves]
    scene = spec.scenes[scene_after(spec, way)]
    return ShownScenario(
        scene=scene,
        options=list(zip(scene.choices, form["choice"], strict=True)) if form and scene.choices else [],
        last=behind[-1] if behind else None,
        earlier=behind[:-1],
    )


def _shown(spec: ScenarioSpec, move: Move) -> ShownMove:
    scene = spec.scenes[move.scene]
    marked = [(choice, place == move.choice) for place, choice in enumerate(scene.choices)]
    return ShownMove(scene=scene, choices=marked, reason=move.reason)


KIND = Kind(
    key="scenario",
    label=_lazy("Scenario"),
    act=_lazy("Decide"),
    about=_lazy("A story at work in which people decide what to do, and read what each choice is worth."),
    Spec=ScenarioSpec,
    Response=ScenarioResponse,
    judge=judge,
    spec_form=ScenarioSpecForm,
    response_form=ScenarioForm,
    present=present,
    explains=True,
    replayable=True,
)
