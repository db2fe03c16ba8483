"""Two takes of one situation, a weak and a strong one: say what differs, then compare with ours."""

from django.utils.translation import gettext_lazy
from pydantic import Field

from content.kinds.contract import Kind, Outcome
from content.kinds.forms import ResponseForm, SpecForm, answer_field, line_field, markdown_field, needed
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Line, Markdown, OwnWords, Part, Response, Spec


class Take(Part):
    """One way it was done."""

    title: Line
    text: Markdown


class ModelPairSpec(Spec):
    """ask: what to look for. points: shown only after the learner has answered."""

    weak: Take = Field(description="the take that works less well, with title and text")
    strong: Take = Field(description="the take that works better, with title and text")
    ask: Markdown = Field(description="what the learner should look for")
    points: tuple[Markdown, ...] = Field(min_length=1, max_length=20, description="what you would point out")


class ModelPairResponse(Response):
    """What the learner saw, in their words."""

    answer: OwnWords = ""


def judge(spec: ModelPairSpec, response: ModelPairResponse) -> Outcome:
    """Take any answer as the end: the comparison is the learner's own."""
    return Outcome(completed=bool(response.answer.strip()))


def words(spec: ModelPairSpec, response: ModelPairResponse) -> str:
    """Return the learner's answer."""
    return response.answer


class PointForm(RowForm):
    """One thing to notice."""

    text = needed(markdown_field(gettext_lazy("Point"), lines=2))


class ModelPairSpecForm(SpecForm[ModelPairSpec]):
    """Two takes, what to look for, and what you would point out."""

    spec_class = ModelPairSpec
    paths = {
        "weak_title": "weak/title",
        "weak_text": "weak/text",
        "strong_title": "strong/title",
        "strong_text": "strong/text",
    }
    rows = {
        "points": Rows(
            PointForm,
            gettext_lazy("What you would point out"),
            gettext_lazy("point"),
            gettext_lazy("Shown only after the learner has answered."),
            value="text",
        )
    }

    weak_title = needed(
        line_field(gettext_lazy("Title of the weaker take"), gettext_lazy("A neutral name, such as Brief A."))
    )
    weak_text = needed(markdown_field(gettext_lazy("The weaker take"), lines=8))
    strong_title = needed(line_field(gettext_lazy("Title of the stronger take")))
    strong_text = needed(markdown_field(gettext_lazy("The stronger take"), lines=8))
    ask = needed(markdown_field(gettext_lazy("What to look for")))


class ModelPairForm(ResponseForm[ModelPairSpec, ModelPairResponse]):
    """What the learner noticed."""

    response_class = ModelPairResponse
    act = gettext_lazy("Answer")

    answer = answer_field(
        gettext_lazy("Your answer"),
        gettext_lazy("Write what you noticed, a line is enough. Then you see ours."),
        lines=5,
    )


KIND = Kind(
    key="model_pair",
    label=gettext_lazy("Model pair"),
    act=gettext_lazy("Compare"),
    about=gettext_lazy(
        "A weaker and a stronger example side by side: people say what differs, then compare with your points."
    ),
    Spec=ModelPairSpec,
    Response=ModelPairResponse,
    judge=judge,
    spec_form=ModelPairSpecForm,
    response_form=ModelPairForm,
    explains=True,
    words=words,
)
