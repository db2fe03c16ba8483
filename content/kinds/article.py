"""Something to read: the activity's own text is all there is."""

from django.utils.translation import gettext_lazy as _

from content.kinds.contract import Kind, Outcome
from content.kinds.forms import ResponseForm, SpecForm
from content.kinds.shapes import Response, Spec


class ArticleSpec(Spec):
    """Nothing to set: the text of the activity is what the learner reads."""


class ArticleResponse(Response):
    """The learner went on after reading; nothing else is kept."""


def judge(spec: ArticleSpec, response: ArticleResponse) -> Outcome:
    """Take going on as having read."""
    return Outcome(completed=True)


class ArticleSpecForm(SpecForm[ArticleSpec]):
    """Nothing to fill: the text field of the activity is all there is."""

    spec_class = ArticleSpec


class ArticleForm(ResponseForm[ArticleSpec, ArticleResponse]):
    """Nothing to fill: going on is the answer."""

    response_class = ArticleResponse


KIND = Kind(
    key="article",
    label=_("Article"),
    act=_("Read"),
    about=_("A text to read, when people must first know or understand something."),
    Spec=ArticleSpec,
    Response=ArticleResponse,
    judge=judge,
    spec_form=ArticleSpecForm,
    response_form=ArticleForm,
)
