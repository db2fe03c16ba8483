"""Time zones as people look for them: by area, each by its place, country and distance from UTC."""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts.models.user import known_zones
from config.support.clock import now as clock_now
from config.support.forms import LongSelect

AREAS: Final = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
# What the database holds for computers and nobody lives by.
NO_PLACE: Final = frozenset({"Factory", "localtime", "posixrules"})

Choices = list[tuple[Any, Any]]


def offset_of(zone: str, now: datetime) -> str:
    """Return a zone's distance from UTC at this moment, such as UTC+5:30."""
    distance = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(distance.total_seconds() // 60)
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def zone_choices(now: datetime, *, current: str) -> Choices:
    """
    Return time zones by area, each by its place, country and distance from UTC now: Paris, France (UTC+1).

    One name a zone; the current one is always among them, also by an older name.
    """
    by_area = _by_area(_quarter(now))
    known = {zone for _area, zones in by_area for zone, _label in zones}
    others = sorted({"UTC", current} - known)
    return [*by_area, *((zone, _by_name(zone, now)) for zone in others)]


def every_zone(now: datetime) -> Choices:
    """Return zone_choices with every older name of the same zones in a group of its own at the end."""
    usual = zone_choices(now, current="UTC")
    named = {zone for _area, zones in usual if isinstance(zones, list) for zone, _label in zones} | {"UTC"}
    older = sorted(known_zones() - named - NO_PLACE)
    return [*usual, (_("Other names"), [(zone, _by_name(zone, now)) for zone in older])]


@cache
def country_names() -> dict[str, str]:
    """Return each country's ISO 3166 code with its English name; from the tz database."""
    return dict(line.split("\t") for line in _table("iso3166.tab"))


class ZoneField(forms.ChoiceField):
    """A time zone, chosen from a list by place and country; where it may be empty, the first line says so."""

    default_error_messages = {
        "required": _("Choose a time zone."),
        "invalid_choice": _("“%(value)s” is not a time zone of this list. Choose the place that keeps the same hours."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("widget", LongSelect)
        super().__init__(choices=self._offered, **kwargs)

    def _offered(self) -> Choices:
        # Asked when a form is made: distances from UTC change twice a year, while the process runs.
        return [*([] if self.required else [("", "---------")]), *_every_zone(_quarter(clock_now()))]


def _quarter(now: datetime) -> datetime:
    """The quarter of an hour that a moment lies in: clocks have only ever changed at the beginning of one."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


@lru_cache(maxsize=2)
def _every_zone(quarter: datetime) -> tuple[Any, ...]:
    """Computed once a quarter: a form asks for its list several times, and six hundred distances take a while."""
    return tuple(every_zone(quarter))


@lru_cache(maxsize=2)
def _by_area(quarter: datetime) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """Computed once a quarter: four hundred zones are read from their files, for every page with a list of them."""
    areas: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for zone, country in _countries().items():
        label = f"{_place(zone, country)} ({offset_of(zone, quarter)})"
        areas.setdefault(zone.partition("/")[0], []).append((zone, label))
    return tuple((area, sorted(zones, key=lambda zone: zone[1])) for area, zones in areas.items())


def _place(zone: str, country: str) -> str:
    """The smallest place first, which is what people type: Knox, Indiana, United States."""
    places = [part.replace("_", " ") for part in reversed(zone.split("/")[1:])]
    return ", ".join(dict.fromkeys([*places, country]))


def _by_name(zone: str, now: datetime) -> str:
    return f"{zone.replace('_', ' ')} ({offset_of(zone, now)})"


@cache
def _countries() -> dict[str, str]:
    """Each zone in use, without older names for the same one, with its country's name; from the tz database."""
    names = country_names()
    rows = (line.split("\t") for line in _table("zone.tab"))
    return {row[2]: names[row[0]] for row in rows}


def _table(name: str) -> list[str]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
