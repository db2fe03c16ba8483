"""What goes in and comes out of the manager API, for checking and for the schema."""

from typing import Any

from rest_framework import serializers

from config.support.pagination import PageQuery
from config.support.shapes import Aggregate, UtcDateTimeField
from learners.board.rules import RULES
from learners.cohorts.models.cohort import Clock, ZoneRule
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.cohorts.rules.roll_up import MODULE_STATES
from learners.people.words import MANAGER_ADDED, MANAGER_BACK, MANAGER_REPLACED

Shape = serializers.Serializer[Any]
NOTE_HELP = (
    "manager_added: the line manager was not known here and becomes a member. manager_back: the line manager was not "
    "active and is again. manager_replaced: another line manager is replaced."
)


class ListQuery(PageQuery):
    """What lists of things that change take."""

    updated_since = UtcDateTimeField(required=False, help_text="Only what was written at or after this instant.")


class CohortQuery(ListQuery):
    """Filters of cohorts."""

    journey = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(choices=["open", "closed"], required=False)


class LearnerQuery(ListQuery):
    """Filters of one cohort's learners."""

    status = serializers.ChoiceField(choices=EnrollmentStatus.choices, required=False)


class StreamQuery(Shape):
    """Filters of a stream of learners, which has no pages."""

    updated_since = UtcDateTimeField(required=False, help_text="Only what was written at or after this instant.")
    status = serializers.ChoiceField(choices=EnrollmentStatus.choices, required=False)


class EnrollmentQuery(LearnerQuery):
    """Filters of enrollments."""

    cohort = serializers.UUIDField(required=False)
    journey = serializers.UUIDField(required=False)


class ReachQuery(PageQuery):
    """Filters of people to reach."""

    cohort = serializers.UUIDField(required=False)
    journey = serializers.UUIDField(required=False)
    rule = serializers.ChoiceField(choices=RULES, required=False)


class DryRunQuery(Shape):
    """Whether a bulk write only answers what it would do."""

    dry_run = serializers.BooleanField(default=False, help_text="1 answers for each row and writes nothing.")


class JourneyName(Shape):
    """Which journey."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()


class VersionName(Shape):
    """Which version of it."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()


class CohortShape(Shape):
    """People who run a journey together."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    journey = JourneyName()
    version = VersionName()
    clock = serializers.ChoiceField(choices=Clock.choices)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    time_zone = serializers.CharField()
    zone_rule = serializers.ChoiceField(choices=ZoneRule.choices)
    country = serializers.CharField(allow_blank=True)
    calendar = serializers.CharField(allow_blank=True, help_text="The name of its work calendar; empty = none.")
    days_off = serializers.ListField(child=serializers.DateField())
    events = serializers.DictField(child=UtcDateTimeField(), help_text="What took place for everybody, by key.")
    status = serializers.ChoiceField(choices=["open", "closed"])
    created_at = UtcDateTimeField()
    updated_at = UtcDateTimeField()
    closed_at = UtcDateTimeField(allow_null=True)


class CohortChange(Shape):
    """What may be changed about a cohort; a value that is left out stays."""

    name = serializers.CharField(max_length=200, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    time_zone = serializers.CharField(max_length=64, required=False, help_text="Such as Europe/Paris.")
    zone_rule = serializers.ChoiceField(choices=ZoneRule.choices, required=False, help_text="Whose hours rules mean.")
    country = serializers.CharField(
        max_length=2, allow_blank=True, required=False, help_text="Holiday calendar, ISO 3166; empty = each learner's."
    )
    calendar = serializers.CharField(
        max_length=100, allow_blank=True, required=False, help_text="A work calendar by its name, in place of country."
    )
    days_off = serializers.ListField(child=serializers.DateField(), required=False, max_length=366)


class CohortEdit(CohortChange):
    """A change of a cohort that is there; closed keeps new people out, those in it go on."""

    closed = serializers.BooleanField(required=False)
    events = serializers.DictField(
        child=serializers.DateTimeField(allow_null=True),
        required=False,
        allow_empty=False,
        help_text="When events took place, by key; null takes one back.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Keep what happened apart from what is planned, so that the answer tells about one act."""
        if "events" in attrs and len(attrs) > 1:
            raise serializers.ValidationError({"events": "Send events by themselves, without other changes."})
        return attrs


class NewCohort(CohortChange):
    """A cohort to create: on one version, or on the newest published version of a journey."""

    name = serializers.CharField(max_length=200)
    journey = serializers.UUIDField(required=False, help_text="Runs its newest published version.")
    version = serializers.UUIDField(required=False, help_text="Runs exactly this version; journey is not needed then.")
    clock = serializers.ChoiceField(choices=Clock.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what is to be run."""
        if "journey" not in attrs and "version" not in attrs:
            raise serializers.ValidationError({"journey": "Name the journey, or one of its versions, by its id."})
        return attrs


class StatusCounts(Shape):
    """People by status; n is everybody who was ever enrolled."""

    invited = Aggregate()
    active = Aggregate()
    paused = Aggregate()
    completed = Aggregate()
    withdrawn = Aggregate()


class ModuleCounts(Shape):
    """One module of the funnel."""

    key = serializers.CharField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    here = Aggregate(help_text="People whose first module with something left to do is this one.")
    reached = Aggregate(help_text="People who are here or further.")


class NudgeCounts(Shape):
    """What became of messages that have ended; at most a minute old. n is all of them."""

    sent = Aggregate()
    failed = Aggregate()
    unknown = Aggregate()
    suppressed = serializers.DictField(child=Aggregate(), help_text="By reason.")


class ProgressShape(Shape):
    """How a cohort moves. n is the people in it (without those who withdrew) unless told otherwise."""

    cohort = serializers.UUIDField()
    as_of = UtcDateTimeField()
    learners = Aggregate(help_text="People in the cohort among those ever enrolled.")
    status = StatusCounts()
    completed = Aggregate(help_text="People who completed every required step.")
    steps_completed = Aggregate(help_text="Required steps completed, among all required of all people.")
    steps_practiced = Aggregate(help_text="Practice and evidence steps completed, among all of all people.")
    behind = Aggregate(help_text="People with a deadline that has passed, among those under way.")
    on_schedule = Aggregate(help_text="The other people under way.")
    modules = ModuleCounts(many=True)
    nudges = NudgeCounts()


class PersonShape(Shape):
    """A learner. Name, address and zone are there with the scope people:read only."""

    id = serializers.UUIDField()
    name = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)
    time_zone = serializers.CharField(required=False)


class PlaceShape(Shape):
    """The first module with something left to do; position counts from 1."""

    key = serializers.CharField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(choices=MODULE_STATES)


class FlagShape(Shape):
    """A reason to reach out."""

    rule = serializers.ChoiceField(choices=RULES)
    reason = serializers.CharField()
    since_on = serializers.DateField()


class LearnerRowShape(Shape):
    """One enrollment: where this person stands."""

    id = serializers.UUIDField(help_text="Of the enrollment.")
    cohort = serializers.UUIDField()
    journey = serializers.UUIDField()
    version = VersionName()
    learner = PersonShape()
    status = serializers.ChoiceField(choices=EnrollmentStatus.choices)
    attempt = serializers.IntegerField()
    module = PlaceShape(allow_null=True)
    completed = serializers.IntegerField(help_text="Required steps completed.")
    required = serializers.IntegerField()  # type: ignore[assignment]
    practiced = serializers.IntegerField(help_text="Practice and evidence steps completed.")
    last_activity_at = UtcDateTimeField(allow_null=True)
    next_opens_at = UtcDateTimeField(allow_null=True)
    next_due_at = UtcDateTimeField(allow_null=True)
    behind = serializers.BooleanField(help_text="next_due_at has passed.")
    flags = FlagShape(many=True)
    starts_on = serializers.DateField()
    enrolled_at = UtcDateTimeField()
    joined_at = UtcDateTimeField(allow_null=True)
    completed_at = UtcDateTimeField(allow_null=True)
    withdrawn_at = UtcDateTimeField(allow_null=True)
    updated_at = UtcDateTimeField()


class ModuleStateShape(Shape):
    """How far a person got in one module."""

    key = serializers.CharField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(choices=MODULE_STATES)


class EnrollmentShape(LearnerRowShape):
    """One enrollment with its modules."""

    modules = ModuleStateShape(many=True)


class EnrollmentChange(Shape):
    """What may be changed about an enrollment: its status, or all dates that are still to come."""

    status = serializers.ChoiceField(
        choices=["active", "paused", "withdrawn"], required=False, help_text="active resumes a pause."
    )
    shift_days = serializers.IntegerField(
        min_value=-365, max_value=365, required=False, help_text="Moves every date that is still to come."
    )
    event = serializers.CharField(
        max_length=100, required=False, help_text="Records that this event has taken place for the person, now."
    )
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one change at a time, so that the answer tells about one act."""
        if attrs.get("shift_days") == 0:
            raise serializers.ValidationError({"shift_days": "Give a number of days other than 0."})
        if len(attrs.keys() & {"status", "shift_days", "event"}) != 1:
            raise serializers.ValidationError("Send one of status, shift_days and event.")
        return attrs


SENT_HELP = (
    "For messages: sent, or still to come, told to the learner and to administrators. Null for everybody else, who "
    "reads what the rules send, and for dates."
)


class EntryShape(Shape):
    """One line of a schedule."""

    at_utc = UtcDateTimeField()
    at_local = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["opens", "due", "nudge"])
    what = serializers.CharField()
    why = serializers.CharField()
    moved_from = serializers.DateField(allow_null=True)
    key = serializers.CharField(help_text="Module, MODULE/STEP, or nudge rule.")
    sent = serializers.BooleanField(allow_null=True, help_text=SENT_HELP)


class WaitingShape(Shape):
    """Something closed whose moment nobody knows yet."""

    key = serializers.CharField(help_text="The module's key, or MODULE/STEP.")
    what = serializers.CharField()
    why = serializers.CharField(help_text="Why it is closed and when it opens, in one sentence.")


class ScheduleShape(Shape):
    """What opened, opens, is due and is sent, in the order of time; and what is closed until something happens."""

    enrollment = serializers.UUIDField()
    time_zone = serializers.CharField()
    entries = EntryShape(many=True)
    waiting = WaitingShape(many=True)


class NewPerson(Shape):
    """One person to enroll; whoever is unknown becomes a member of the organization."""

    # Whether an address or a date can be used is answered for each row, and stops no other.
    email = serializers.CharField(allow_blank=True)
    name = serializers.CharField(required=False, allow_blank=True)
    time_zone = serializers.CharField(required=False, allow_blank=True)
    manager_email = serializers.CharField(required=False, allow_blank=True)
    starts_on = serializers.CharField(required=False, allow_blank=True, help_text="As 2027-03-03.")


class NewPeople(Shape):
    """A list of people to enroll."""

    people = serializers.ListField(child=NewPerson(), min_length=1, max_length=5000)


class RowNoteShape(Shape):
    """One thing that enrolling a row does besides, in a code and in words."""

    code = serializers.ChoiceField(choices=[MANAGER_ADDED, MANAGER_BACK, MANAGER_REPLACED], help_text=NOTE_HELP)
    detail = serializers.CharField()


class RowShape(Shape):
    """What became of one row; line counts from 1."""

    line = serializers.IntegerField()
    email = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "already", "refused"])
    detail = serializers.CharField(allow_blank=True)
    enrollment = serializers.UUIDField(allow_null=True)
    notes = RowNoteShape(many=True, help_text="What naming a line manager does besides; empty for most rows.")


class RowsShape(Shape):
    """The answer to a list of people, a row a person."""

    dry_run = serializers.BooleanField()
    created = serializers.IntegerField()
    already = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowShape(many=True)
