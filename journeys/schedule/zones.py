"""Time zones: local hours to instants, and the country a zone lies in, from the tables of the tz database itself."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

# Names that the library opens but that say nothing about where a person is.
_NO_PLACE: Final = frozenset({"localtime", "posixrules", "Factory"})

# Old spellings whose link in the database points across a border (the zones share their clock, not their country),
# and abbreviations that name a clock and no country at all.
_OLD_NAMES: Final[dict[str, str | None]] = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Antarctica/South_Pole": None,
    "Atlantic/Jan_Mayen": "SJ",
    "Iceland": "IS",
    "Pacific/Johnston": "UM",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
    "CET": None,
    "EET": None,
    "EST": None,
    "HST": None,
    "MET": None,
    "MST": None,
    "WET": None,
}


class UnknownZone(ValueError):
    """A name that is no time zone of the tz database."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is not a time zone. Write a name such as Europe/Paris or Asia/Tokyo.")
        self.name = name


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Open a zone by its name. Raises UnknownZone."""
    if not name or name in _NO_PLACE:
        raise UnknownZone(name)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def to_instant(day: date, at: time, zone: str | ZoneInfo) -> datetime:
    """
    Turn a local day and hour into an aware UTC instant.

    An hour that the clocks skip is shifted forward by the length of the gap; an hour that comes twice is the first
    of the two. This is what fold=0 means in PEP 495, and the one place where it is decided.
    """
    place = zone_named(zone) if isinstance(zone, str) else zone
    return datetime.combine(day, at.replace(fold=0), tzinfo=place).astimezone(UTC)


def country_of(zone: str) -> str | None:
    """
    Find the ISO 3166 code of the country that a zone lies in, or None for zones of no country, such as UTC.

    Source: zone.tab, with older names followed through the links of tzdata.zi.
    """
    if zone in _OLD_NAMES:
        return _OLD_NAMES[zone]
    countries, links = _countries(), _links()
    seen: set[str] = set()
    while zone not in countries and zone in links and zone not in seen:
        seen.add(zone)
        zone = links[zone]
    return countries.get(zone)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    rows = (line.split("\t") for line in _table("zone.tab") if not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows if len(row) >= 3}


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    rows = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    return {name: target for _, target, name in rows}


def _table(name: str) -> list[str]:
    return files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
