"""The simulated runs that expectations are held against, each computed once."""

from datetime import date, datetime

from journeys.schedule.calendar import calendar_for, zone_named
from journeys.schedule.expectations.values import ON_TIME, Run
from journeys.schedule.outline import Outline
from journeys.schedule.simulate import Simulation, simulation

# For expectations that name no run: a Monday, and no country's holidays.
PLAIN_RUN = Run(date(2027, 3, 1), "UTC")


class Runs:
    """The simulations of one outline by whom they imagine."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._known: dict[Run, Simulation] = {}

    def of(self, run: Run) -> Simulation:
        """Return the simulation of a run. Raises UnknownPace, UnknownHappening for what the outline does not have."""
        found = self._known.get(run)
        if found is None:
            calendar = calendar_for(run.calendar, run.zone)
            found = self._known[run] = simulation(
                self.outline,
                start_on=run.start_on,
                zone=run.zone,
                calendar=calendar,
                pace=run.pace,
                outside=run.outside,
            )
        return found


def local(at: datetime, run: Run) -> datetime:
    """Return an instant on the clock of the person imagined."""
    return at.astimezone(zone_named(run.zone))


def shown(at: datetime | None, run: Run) -> str:
    """Write an instant as the local day and hour."""
    return "never" if at is None else f"{local(at, run):%Y-%m-%d %H:%M}"


def whom(run: Run) -> str:
    """Say whom a run imagines."""
    days = [*run.outside.events, *run.outside.released]
    days += [] if run.outside.ends_on is None else [("end", run.outside.ends_on)]
    said = [*([] if run.pace == ON_TIME else [run.pace]), *(f"{key} on {day}" for key, day in days)]
    return f"for a start on {run.start_on} in {run.zone}" + (f" ({', '.join(said)})" if said else "")
