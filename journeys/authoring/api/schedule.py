"""The schedule of somebody imagined, for other tools: the time machine as data."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.errors import Fault
from config.support.pagination import BadQuery
from journeys.authoring.api.views import stamp_of_version
from journeys.authoring.errors import UnknownVersion, UnsoundRules
from journeys.authoring.queries.calendars import calendars_of
from journeys.authoring.queries.catalog import visible_versions
from journeys.authoring.queries.outline import outline_for
from journeys.authoring.rules.calendars import OwnDays, calendar_named
from journeys.schedule.calendar import UnknownCountry, UnknownZone, WorkCalendar, zone_named
from journeys.schedule.checks import outline_faults
from journeys.schedule.compare import Week, weeks
from journeys.schedule.entries import Entry, entry_data
from journeys.schedule.fields import FIRST_YEAR, LAST_YEAR
from journeys.schedule.outline import Outline
from journeys.schedule.outside import Days, Outside, UnknownHappening, in_order
from journeys.schedule.pace import MOST_DAYS_LATE, UnknownPace, pace_named
from journeys.schedule.simulate import simulate

Shape = serializers.Serializer[Any]


class ZoneText(serializers.CharField):
    """The name of a time zone, such as Asia/Tokyo."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse a name that no zone has."""
        text: str = super().to_internal_value(data)
        try:
            zone_named(text)
        except UnknownZone as error:
            raise serializers.ValidationError(str(error), code="unknown_zone") from error
        return text


class ScheduleQuery(Shape):
    """Whom to imagine."""

    start = serializers.DateField(required=False, help_text="The first day; default: next Monday.")
    zone = ZoneText(required=False, default="UTC", help_text="The learner's time zone.")
    calendar = serializers.CharField(
        required=False,
        help_text="Whose holidays: a work calendar of the organization by its name, JP, or DE-BY for a part of a "
        "country; default: the zone's country.",
    )
    cohort_zone = ZoneText(required=False, help_text="Openings and deadlines keep the hours of this zone.")
    pace = serializers.CharField(
        required=False,
        default="on-time",
        help_text="on-time, 3-days-late, stops-after:MODULE, absent:WEEK for two weeks away from that week on, "
        "fails:MODULE/STEP for somebody who never passes it, or rates:2 for somebody who gives themselves that level.",
    )
    end = serializers.DateField(required=False, help_text="The cohort's last day; default: it has none.")
    events = serializers.CharField(
        required=False, help_text="Events that take place: KEY:2027-03-10, with commas between them."
    )
    released = serializers.CharField(
        required=False, help_text="What a facilitator opens: MODULE:2027-03-17 or MODULE/STEP:2027-03-17, with commas."
    )

    def validate_start(self, value: date) -> date:
        """Keep to years in which calendars mean something."""
        return _within_reason(value)

    def validate_end(self, value: date) -> date:
        """Keep to the same years."""
        return _within_reason(value)

    def validate_events(self, value: str) -> Days:
        """Read KEY:2027-03-10,OTHER:2027-04-01."""
        return _days(value)

    def validate_released(self, value: str) -> Days:
        """Read MODULE:2027-03-10,MODULE/STEP:2027-04-01."""
        return _days(value)


class ImaginedEntryShape(Shape):
    """One event; moved_from is the local date it would have without days off."""

    at_utc = serializers.DateTimeField()
    at_local = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["opens", "due", "nudge"])
    what = serializers.CharField()
    why = serializers.CharField()
    moved_from = serializers.DateField(allow_null=True)


class ImaginedWeekShape(Shape):
    """One ISO week in the learner's zone, by its Monday: what opens in minutes, what is sent, what is due."""

    starts_on = serializers.DateField()
    minutes = serializers.IntegerField()
    messages = serializers.IntegerField()
    due = serializers.IntegerField()


class ImaginedScheduleShape(Shape):
    """What would happen to somebody imagined, in order of time."""

    entries = ImaginedEntryShape(many=True)
    weeks = ImaginedWeekShape(many=True)


class VersionSchedule(ApiView):
    """The schedule of somebody imagined in one version."""

    scopes = {"GET": "journeys:read"}
    queries = {"GET": ScheduleQuery}

    @extend_schema(operation_id="simulate_journey_version", responses=ImaginedScheduleShape)
    def get(self, request: Request, journey: UUID, number: int) -> Response:
        """Return what would open, be due and be sent, and why; computed by the scheduler of production."""
        found = visible_versions(self.actor).select_related("journey")
        version = found.filter(journey__uuid=journey, number=number).first()
        if version is None:
            raise UnknownVersion
        outline = outline_for(version)
        start = self.params.get("start") or _next_monday(self.now.date())
        # A draft follows the newest wording of each activity, which changes without the version.
        wordings = tuple((step.title, step.minutes) for step in outline.steps_by_key.values())
        own = calendars_of(self.actor.organization_id) if "calendar" in self.params else {}
        stamp = [*stamp_of_version(version), start, wordings, own.get(self.params.get("calendar", ""))]
        return self.tagged(stamp, lambda: self._show(outline, start, own))

    def _show(self, outline: Outline, start: date, own: Mapping[str, OwnDays]) -> dict[str, Any]:
        _require_sound(outline)
        _require_pace(self.params["pace"], outline, start)
        outside = Outside(self.params.get("end"), self.params.get("events", ()), self.params.get("released", ()))
        try:
            entries = simulate(
                outline,
                start_on=start,
                zone=self.params["zone"],
                calendar=self._calendar(own),
                pace=self.params["pace"],
                cohort_zone=self.params.get("cohort_zone"),
                outside=outside,
            )
        except UnknownHappening as error:
            fault = Fault(f"?{error.field}", str(error), "unknown_happening")
            raise BadQuery("Look at errors.", faults=[fault]) from error
        return show_schedule(entries, weeks(outline, entries))

    def _calendar(self, own: Mapping[str, OwnDays]) -> WorkCalendar:
        try:
            return calendar_named(self.params.get("calendar"), self.params["zone"], own)
        except UnknownCountry as error:
            raise BadQuery("Look at errors.", faults=[Fault("?calendar", str(error), "unknown_country")]) from error


def show_schedule(entries: list[Entry], found: list[Week]) -> dict[str, Any]:
    """Return a schedule as the API shows it."""
    return {
        "entries": [entry_data(entry) for entry in entries],
        "weeks": [
            {"starts_on": week.starts_on, "minutes": week.minutes, "messages": week.messages, "due": week.due}
            for week in found
        ],
    }


def _within_reason(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = f"Name a day in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise serializers.ValidationError(sentence, code="too_far")
    return day


def _days(text: str) -> Days:
    pairs = [part.strip().rpartition(":") for part in text.split(",") if part.strip()]
    try:
        return in_order([(key, _within_reason(date.fromisoformat(day))) for key, _colon, day in pairs])
    except ValueError as error:
        sentence = "Write each as KEY:YYYY-MM-DD, with commas between them."
        raise serializers.ValidationError(sentence, code="unknown_day") from error


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _require_pace(text: str, outline: Outline, start: date) -> None:
    try:
        pace = pace_named(text, tuple(outline.modules_by_key), start_on=start)
    except UnknownPace as error:
        raise BadQuery("Look at errors.", faults=[Fault("?pace", str(error), "unknown_pace")]) from error
    if pace.days_late > MOST_DAYS_LATE:
        sentence = f"Write a pace of {MOST_DAYS_LATE} days late or fewer."
        raise BadQuery("Look at errors.", faults=[Fault("?pace", sentence, "unknown_pace")])


def _require_sound(outline: Outline) -> None:
    faults = [Fault(fault.pointer, fault.message, "rule_cannot_hold") for fault in outline_faults(outline)]
    if faults:
        raise UnsoundRules(faults=faults)
