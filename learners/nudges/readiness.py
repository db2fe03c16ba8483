"""What the first message of every process would wait for, done once."""

from pathlib import Path
from typing import Final

from django.template.loader import get_template
from django.urls import reverse

from journeys.schedule.calendar import calendar_for

_LETTERS: Final = Path(__file__).parent / "templates"
# Any zone with a country: the first one makes the library of holidays read all of them.
_SOME_ZONE: Final = "Europe/Paris"


def get_ready() -> None:
    """
    Read addresses, templates and holidays, which cost half a second of processor time; asks no server for anything.

    For the parent of processes that send: it opens no connection, so all that it has read may be shared by a fork.
    """
    reverse("preferences")
    for kind in ("*.mjml", "*.txt"):
        for path in _LETTERS.rglob(kind):
            get_template(str(path.relative_to(_LETTERS)))
    calendar_for(None, _SOME_ZONE)
