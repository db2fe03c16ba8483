"""Messages that answer somebody's act: a welcome, and the request to confirm a practice."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, translation
from django.utils.translation import gettext as _

from journeys.schedule.zones import zone_named
from learners.nudges.channels.contract import Letter
from learners.nudges.letters.paper import Reader, Ways, write


@dataclass(frozen=True, slots=True)
class WelcomeNote:
    """first_module, opens_at: what starts when; opens_at None = it opens with something that is not dated yet."""

    journey: str
    summary: str
    cohort: str
    organization: str
    sign_in_url: str
    first_module: str
    opens_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class SignOffNote:
    """until: the instant at which the signed link ends."""

    learner: str
    step_title: str
    sign_off_url: str
    until: datetime


def welcome_letter(note: WelcomeNote, *, reader: Reader, ways: Ways, message_id: str) -> Letter:
    """Compose the one mail for a new enrollment: how to sign in, and what starts when."""
    with translation.override(reader.locale):
        return write(
            "welcome",
            reader=reader,
            subject=_("Your journey: %(journey)s") % {"journey": note.journey},
            ways=ways,
            message_id=message_id,
            context={
                "journey": note.journey,
                "summary": note.summary,
                "cohort": note.cohort,
                "organization": note.organization,
                "starts_line": _starts_line(note, reader),
                "act_url": note.sign_in_url,
                "act_words": _("Sign in with a code"),
            },
        )


def sign_off_letter(note: SignOffNote, *, reader: Reader, ways: Ways, message_id: str) -> Letter:
    """Compose the one mail that asks a person to confirm what a learner practiced."""
    with translation.override(reader.locale):
        return write(
            "sign_off",
            reader=reader,
            subject=_("%(learner)s asks: did you see this?") % {"learner": note.learner},
            ways=ways,
            message_id=message_id,
            context={
                "learner": note.learner,
                "step_title": note.step_title,
                "until": _day(note.until, reader),
                "act_url": note.sign_off_url,
                "act_words": _("Answer in a minute"),
            },
        )


def _starts_line(note: WelcomeNote, reader: Reader) -> str:
    module = {"module": note.first_module}
    if note.is_open:
        return _("“%(module)s” is open now.") % module
    if note.opens_at is None:
        return _("It starts with “%(module)s”. We write to you when it opens.") % module
    local = note.opens_at.astimezone(zone_named(reader.zone))
    when = {"day": _day(note.opens_at, reader), "time": formats.date_format(local, "H:i"), "zone": reader.zone}
    return _("“%(module)s” opens on %(day)s at %(time)s (%(zone)s).") % {**module, **when}


def _day(moment: datetime, reader: Reader) -> str:
    return formats.date_format(moment.astimezone(zone_named(reader.zone)), "l j F Y")
