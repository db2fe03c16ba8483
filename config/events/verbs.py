"""Every verb that an event may carry, and which of them other tools may subscribe to."""

from typing import Final

# Other people's scripts rely on these names: they never change and never go.
PUBLIC: Final[dict[str, str]] = {
    "enrollment.created": "A person joined a cohort's list",
    "enrollment.completed": "A person completed every required step",
    "enrollment.withdrawn": "A person left the cohort",
    "module.opened": "A module opened for a person",
    "module.completed": "A person completed every required step of a module",
    "step.completed": "A person met the criterion of a step",
    "reflection.shared": "A person shared a reflection; the text is in no event",
    "commitment.made": "A person made an if-then plan; its words are in no event",
    "checkin.recorded": "A person answered a check-in",
    "nudge.sent": "A message was handed to its channel",
    "nudge.suppressed": "A planned message was not sent, with the reason",
    "journey.published": "A version of a journey was published",
}

INTERNAL: Final[dict[str, str]] = {
    "enrollment.joined": "A person opened their journey for the first time",
    "enrollment.paused": "An enrollment was paused",
    "enrollment.resumed": "A paused enrollment goes on",
    "enrollment.adjusted": "Dates were shifted or extended, a step was exempted or released",
    "enrollment.reinstated": "A withdrawn person came back",
    "enrollment.moved": "A person moved to another version of the journey",
    "cohort.created": "A cohort was created",
    "cohort.updated": "A cohort was changed",
    "cohort.closed": "A cohort was closed",
    "cohort.event_recorded": "An event that the journey waits for took place, or its record was taken back",
    "module.due": "A module's last day passed",
    "step.opened": "A step opened for a person",
    "step.due": "A step's last day passed",
    "step.passed": "A completed step was passed later, by a sign-off or a new attempt",
    "attendance.recorded": "A facilitator recorded who took part in a live session",
    "session.scheduled": "A live session got or changed its time",
    "signoff.asked": "A learner asked somebody to confirm a practice",
    "signoff.answered": "The asked person answered",
    "signoff.withdrawn": "The learner took the request back",
    "reflection.unshared": "A person took a shared reflection back",
    "reflection.deleted": "A person deleted a reflection",
    "commitment.changed": "A person changed an if-then plan",
    "commitment.deleted": "A person deleted an if-then plan",
    "nudge.failed": "A channel refused a message for good",
    "nudge.unknown": "It cannot be told whether a message left",
    "nudge.opted_out": "A person stopped a kind of message",
    "journey.created": "A journey was created",
    "journey.imported": "A draft was imported from a bundle",
    "journey.drafted": "A draft was started from a published version",
    "journey.retired": "A version was retired",
    "person.invited": "A person was invited to the organization",
    "person.exported": "A person's data was exported",
    "person.erased": "A person's data was erased",
}

VERBS: Final[dict[str, str]] = PUBLIC | INTERNAL

# What a person does with their own words, their data and their messages is nobody's feed.
WITHHELD: Final = frozenset(
    {
        "signoff.asked",
        "signoff.answered",
        "signoff.withdrawn",
        "reflection.unshared",
        "reflection.deleted",
        "commitment.changed",
        "commitment.deleted",
        "nudge.opted_out",
        "person.exported",
        "person.erased",
    }
)
FEED: Final = frozenset(VERBS) - WITHHELD

# Other tools may count these; a person who runs a cohort sees such things as aggregates only, never by name.
NEVER_BY_NAME: Final = frozenset(
    {
        *("reflection.shared", "commitment.made", "checkin.recorded"),
        *("nudge.sent", "nudge.suppressed", "nudge.failed", "nudge.unknown"),
    }
)
