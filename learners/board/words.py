"""What the board says: a word and a shape for each state, days near today, messages to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from learners.board.rules.reach import NOT_STARTED, QUIET, UNANSWERED


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One module of one person. shape: a key of the shapes; tint: the class that colors the cell; word: always said.

    is_quiet: the word is for screen readers only, because the shape stands in most cells of a young cohort.
    meaning: what the legend says, where that is more than the word.
    """

    shape: str
    tint: str
    word: Any
    is_quiet: bool = False
    meaning: Any = ""


NOT_OPEN: Final = Cell("not_open", "none", gettext_lazy("Not open yet"), is_quiet=True)
NOT_THEIRS: Final = Cell("none", "none", gettext_lazy("Not in their version"), is_quiet=True)
WAITS_ON_YOU: Final = Cell("waiting", "wait", gettext_lazy("Waiting on you"))
CELLS: Final[Mapping[str, Cell]] = {
    "locked": NOT_OPEN,
    "open": Cell("open", "", gettext_lazy("Open")),
    "started": Cell("started", "started", gettext_lazy("Started")),
    "practiced": Cell("practiced", "practiced", gettext_lazy("Practiced"), meaning=gettext_lazy("Practiced at work")),
    # Its last step was reported by the learner or confirmed by somebody: the state does not tell which.
    "evidence": Cell(
        "evidence",
        "evidence",
        gettext_lazy("Evidence"),
        meaning=gettext_lazy("Evidence: a report from work, or somebody’s confirmation"),
    ),
    "completed": Cell(
        "completed", "evidence", gettext_lazy("Completed"), meaning=gettext_lazy("Everything required is done")
    ),
}
PLACE_WORDS: Final[Mapping[str, Any]] = {
    "on-the-way": gettext_lazy("On the way"),
    "behind": gettext_lazy("Behind"),
    "invited": gettext_lazy("Invited"),
    "paused": gettext_lazy("Paused"),
    "completed": gettext_lazy("Finished"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


LEGEND: Final = ("open", "started", "practiced", "evidence", "completed", "locked")


def cell_of(state: str | None, *, waits: bool = False) -> Cell:
    """Return what a cell shows; a state of None is a module that the person's version does not have."""
    if waits:
        return WAITS_ON_YOU
    return NOT_THEIRS if state is None else CELLS.get(state, NOT_OPEN)


def near_day(moment: datetime, *, zone: str, now: datetime) -> str:
    """Say a day as one would today: today, yesterday, tomorrow, 18 Mar, or with its year when that is another."""
    place = ZoneInfo(zone)
    day, today = moment.astimezone(place).date(), now.astimezone(place).date()
    words = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if (near := words.get((day - today).days)) is not None:
        return near
    if day.year == today.year:
        return format_date(day, pgettext("date format: 18 Mar", "j M"))
    return format_date(day, pgettext("date format: 18 Mar 2027", "j M Y"))


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to begin with; whoever sends it edits it first. It holds nothing that its reader did not know."""

    subject: str
    body: str

    def link(self, email: str) -> str:
        """Return the address that opens the mail in the sender's own program."""
        body = self.body.replace("\n", "\r\n")
        return f"mailto:{quote(email, safe='@')}?subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"


def suggested_message(rule: str, *, to: str, journey: str, sender: str, may_change: bool) -> Message:
    """
    Suggest what to write to somebody whom a rule gives a reason to reach; never why, nor what they wrote.

    may_change: whether the sender can move dates, so that nobody promises what they cannot do.
    """
    dates = _("I can move your dates") if may_change else _("our facilitator can move your dates")
    asks = {
        QUIET: _("Would a quiet half hour this week help? If not, %(dates)s, or we talk about what is in the way."),
        NOT_STARTED: _("The first step takes a few minutes. If the start does not fit your weeks, %(dates)s."),
        UNANSWERED: _("How did it go with what you planned to try? If the moment did not come, we can plan it anew."),
    }
    greeting = _("Hello %(name)s,") % {"name": to} if to else _("Hello,")
    ask = asks.get(rule, _("How are you getting on? Tell me what would help.")) % {"dates": dates}
    return Message(subject=journey, body=f"{greeting}\n\n{ask}\n\n{sender}")
