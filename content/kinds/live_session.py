"""A facilitated meeting, remote or in a room. Its facilitator records who was there."""

from collections.abc import Iterator
from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from config.support.errors import Fault
from content.kinds.contract import Kind, Outcome
from content.kinds.forms import SpecForm, markdown_field, needed, whole_field
from content.kinds.rows import RowForm, Rows
from content.kinds.shapes import Flag, Markdown, Part, Response, Spec, Whole


class AgendaPoint(Part):
    """One part of the meeting and how long it takes."""

    minutes: Annotated[Whole, Field(ge=1, le=600)]
    text: Markdown = Field(description="what happens in this part")


class LiveSessionSpec(Spec):
    """What the meeting is for, how it runs and what to bring. How long it takes are the activity's minutes."""

    purpose: Markdown = Field(description="what people can do or know afterwards")
    agenda: tuple[AgendaPoint, ...] = Field(min_length=1, max_length=30, description="its parts, with minutes")
    bring: Markdown | None = None

    def faults(self, *, minutes: int | None = None) -> Iterator[Fault]:
        """Yield an agenda that takes longer or shorter than the meeting."""
        total = sum(point.minutes for point in self.agenda)
        if minutes is not None and total != minutes:
            yield Fault(
                "/agenda",
                _("The agenda takes %(total)d minutes and the session %(minutes)d. Make them equal.")
                % {"total": total, "minutes": minutes},
            )


class LiveSessionResponse(Response):
    """Whether the learner was there, as the facilitator recorded it."""

    attended: Flag = False


def judge(spec: LiveSessionSpec, response: LiveSessionResponse) -> Outcome:
    """Complete the session for those who were there."""
    return Outcome(completed=response.attended)


class AgendaPointForm(RowForm):
    """One part of the meeting."""

    minutes = needed(whole_field(gettext_lazy("Minutes"), least=1))
    text = needed(markdown_field(gettext_lazy("What happens"), lines=2))


class LiveSessionSpecForm(SpecForm[LiveSessionSpec]):
    """What the meeting is for, how it runs and what to bring."""

    spec_class = LiveSessionSpec
    rows = {
        "agenda": Rows(
            AgendaPointForm,
            gettext_lazy("Agenda"),
            gettext_lazy("part"),
            gettext_lazy("Together the parts take as long as the session."),
            spare=2,
        )
    }

    purpose = needed(markdown_field(gettext_lazy("Purpose"), gettext_lazy("What people can do or know afterwards.")))
    bring = markdown_field(gettext_lazy("What to bring"), lines=2)


KIND = Kind(
    key="live_session",
    label=gettext_lazy("Live session"),
    act=gettext_lazy("Meet"),
    about=gettext_lazy(
        "A meeting with a purpose and an agenda; the facilitator sets the date and notes who was there."
    ),
    Spec=LiveSessionSpec,
    Response=LiveSessionResponse,
    judge=judge,
    spec_form=LiveSessionSpecForm,
    response_form=None,
)
