"""The message that a designer's rule sends."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from learners.nudges.channels.contract import Letter
from learners.nudges.letters.paper import Reader, Ways, subject_of, write


@dataclass(frozen=True, slots=True)
class NudgeNote:
    """text: the designer's wording. step_title "" = the button opens the map. why: finishes "which sends it …"."""

    text: str
    journey: str
    why: str
    act_url: str
    step_title: str = ""
    step_minutes: int = 0


def nudge_letter(note: NudgeNote, *, reader: Reader, ways: Ways, message_id: str) -> Letter:
    """Compose the mail of a nudge: the question, one button, why it came, how to stop it."""
    with translation.override(reader.locale):
        return write(
            "nudge",
            reader=reader,
            subject=subject_of(note.text) or note.journey,
            ways=ways,
            message_id=message_id,
            context={
                "text": note.text or note.journey,
                "journey": note.journey,
                "why": note.why,
                "act_url": note.act_url,
                "act_words": _act_words(note),
                "step_line": _step_line(note),
            },
        )


def _act_words(note: NudgeNote) -> str:
    if note.step_title:
        return _("Open “%(step)s”") % {"step": note.step_title}
    return _("Open your journey")


def _step_line(note: NudgeNote) -> str:
    if not note.step_title:
        return note.journey
    if not note.step_minutes:
        return _("%(step)s, in %(journey)s") % {"step": note.step_title, "journey": note.journey}
    values = {"step": note.step_title, "journey": note.journey, "minutes": note.step_minutes}
    return _("%(step)s, %(minutes)d minutes, in %(journey)s") % values
