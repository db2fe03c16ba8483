"""Did the moment come? The mail that reminds people of their own plan."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, translation
from django.utils.translation import gettext as _

from journeys.schedule.zones import zone_named
from learners.nudges.channels.contract import Letter
from learners.nudges.letters.paper import Reader, Ways, subject_of, write


@dataclass(frozen=True, slots=True)
class CheckInNote:
    """cue, response: the learner's own words. answer_urls: happened, not yet, did not come up, in this order."""

    cue: str
    response: str
    made_at: datetime
    journey: str
    answer_urls: tuple[str, str, str]


def check_in_letter(note: CheckInNote, *, reader: Reader, ways: Ways, message_id: str) -> Letter:
    """Compose the mail that asks whether the moment of a plan came; its author alone gets it."""
    with translation.override(reader.locale):
        words = (_("It happened"), _("Not yet"), _("It didn’t come up"))
        made_on = note.made_at.astimezone(zone_named(reader.zone)).date()
        return write(
            "check_in",
            reader=reader,
            # The plan itself stays out of the subject: phones show subjects to everybody around.
            subject=subject_of(_("Did the moment come?")),
            ways=ways,
            message_id=message_id,
            context={
                "cue": note.cue.rstrip(" ,."),
                "response": note.response,
                "made_on": formats.date_format(made_on, "j F"),
                "journey": note.journey,
                "answers": [{"words": word, "url": url} for word, url in zip(words, note.answer_urls, strict=True)],
            },
        )
