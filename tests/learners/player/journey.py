"""A small published journey with nine of the kinds, and people who run it, for tests of the learner's pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from config.accounts.actor import Actor
from config.accounts.models import Organization, User
from content.activities.models import Activity, ActivityRevision
from content.kinds.registry import parse_response
from content.skills.models import Skill
from journeys.authoring.models import JourneyVersion, Module, ModuleSkill, NudgeRule, Step
from learners.cohorts.actions import create_cohort, enroll, set_staff
from learners.cohorts.models import Cohort, Enrollment
from learners.people.actions import invite_member
from learners.player.actions import answer_step
from learners.player.queries.step import load_step
from tests.factories.accounts import OrganizationFactory
from tests.factories.content import BehaviorIndicatorFactory, RatingLevelFactory, SkillFactory
from tests.factories.journeys import JourneyFactory, JourneyVersionFactory, VersionIndicatorFactory

# A Wednesday, noon in Paris. Paris is on winter time until 28 March.
NOW = datetime(2027, 3, 3, 11, tzinfo=UTC)
START = date(2027, 3, 3)
CANARY = "Canary: I was afraid to ask."

QUESTION = {
    "key": "first",
    "prompt": "Which one?",
    "confidence": True,
    "choices": [
        {"text": "This", "correct": True, "because": "It is the one."},
        {"text": "That", "correct": False, "because": "It is the other."},
    ],
}
SCENES = {
    "door": {
        "text": "Jo stands at the door.",
        "choices": [
            {"text": "Ask", "to": "answer", "merit": "strong", "because": "You learn something."},
            {"text": "Tell", "to": "answer", "merit": "weak", "because": "Jo learns nothing new."},
        ],
    },
    "answer": {
        "text": "Jo answers.",
        "choices": [
            {"text": "Thank", "to": "end", "merit": "strong", "because": "Jo will come again."},
            {"text": "Go", "to": "end", "merit": "fair", "because": "It saves a minute."},
        ],
    },
    "end": {"text": "Jo leaves."},
}
AT_START: dict[str, Any] = {"from": "start", "days": 0, "at": "09:00"}

StepData = tuple[str, str, dict[str, Any], dict[str, Any]]
# key: (kind, serves, spec, more). Every step of the first module is open from the start.
FIRST: dict[str, StepData] = {
    "read": ("article", "knows", {}, {}),
    "watch": ("video", "knows", {"source": "https://films.example.com/1", "transcript": "Words."}, {}),
    "recall": ("quiz", "knows", {"questions": [QUESTION], "pass_ratio": 0.5}, {}),
    "decide": ("scenario", "knows", {"start": "door", "ask_reason": True, "scenes": SCENES}, {}),
    "compare": (
        "model_pair",
        "knows",
        {
            "weak": {"title": "A", "text": "Weak."},
            "strong": {"title": "B", "text": "Strong."},
            "ask": "What differs?",
            "points": ["The name."],
        },
        {},
    ),
    "plan": (
        "commitment",
        "practices",
        {"examples": [{"if": "a", "then": "b"}], "check_in": {"working_days": 3, "at": "16:00"}},
        {},
    ),
    "try-it": (
        "practice",
        "practices",
        {"situation": "A meeting", "steps": ["Ask"], "report": ["What happened?", "And then?"], "sign_off": "peer"},
        {},
    ),
    "look-back": (
        "reflection",
        "reflects",
        {"prompt": "What did you notice?", "audience": "cohort", "after": "first/try-it", "quote": "practice"},
        {},
    ),
    "meet": (
        "live_session",
        "practices",
        {"purpose": "Meet", "agenda": [{"minutes": 10, "text": "Talk"}]},
        {"required": False},
    ),
}
SECOND: dict[str, StepData] = {
    "again": ("article", "knows", {}, {"opens": None}),
    "last-look": ("reflection", "reflects", {"prompt": "And now?", "audience": "private"}, {}),
}


def make_version(
    organization: Organization | None = None, *, title: str = "Ask first", more: Mapping[str, StepData] | None = None
) -> JourneyVersion:
    """Publish the journey in an organization; more: further steps of the first module."""
    journey = JourneyFactory(organization=organization or OrganizationFactory())
    version: JourneyVersion = JourneyVersionFactory(journey=journey, status="published", published_at=NOW, title=title)
    skill: Skill = SkillFactory(title="Framing")
    for place, (key, steps) in enumerate({"first": {**FIRST, **(more or {})}, "second": SECOND}.items()):
        module = Module.objects.create(
            version=version,
            key=key,
            position=place,
            title=f"The {key} week",
            outcome="Ask one person for one suggestion.",
            why_motivation="People like to be asked.",
            opens=AT_START if key == "first" else {"from": "start", "weeks": 1, "at": "09:00"},
            due={"from": "opens", "days": 7, "at": "18:00"},
        )
        ModuleSkill.objects.create(module=module, skill=skill)
        for position, (step_key, step) in enumerate(steps.items()):
            _make_step(module, step_key, position, *step)
    NudgeRule.objects.create(
        version=version,
        key="each-week",
        category="reflection",
        trigger={"event": "weekly", "weekday": "thu", "at": "16:00"},
        channels=["email", "in-app"],
        texts=["What did you try this week?"],
    )
    return version


def _make_step(
    module: Module, key: str, position: int, kind: str, serves: str, spec: dict[str, Any], more: dict[str, Any]
) -> None:
    organization = module.version.journey.organization
    activity = Activity.objects.create(organization=organization, kind=kind, created_at=NOW)
    revision = ActivityRevision.objects.create(
        activity=activity,
        number=1,
        title=key.replace("-", " ").capitalize(),
        minutes=10,
        body=f"About {key}.",
        spec=spec,
        created_at=NOW,
    )
    activity.latest = revision
    activity.save()
    opens = {"opens": AT_START} if module.key == "first" else {}
    Step.objects.create(
        version=module.version,
        module=module,
        key=key,
        position=position,
        activity=activity,
        revision=revision,
        serves=serves,
        **{**opens, **more},
    )


BEHAVIORS = {
    "asks-first": ("Asks before answering", ("Answers at once", "Asks if told", "Asks first", "Also repeats")),
    "thanks": ("Thanks by name", ("Thanks nobody", "Thanks all", "Thanks one", "Also says for what")),
}
RATINGS: dict[str, StepData] = {
    key: (
        "self_rating",
        "reflects",
        {"occasion": occasion, "indicators": [*BEHAVIORS]},
        {"opens": opens, "required": must},
    )
    for key, occasion, opens, must in (
        ("where-you-start", "baseline", AT_START, True),
        ("where-you-are", "post", {"from": "start", "days": 50, "at": "09:00"}, True),
        ("where-you-began", "then", {"completed": "first/where-you-are"}, True),
        ("what-lasted", "follow_up", {"from": "start", "days": 75, "at": "09:00"}, False),
    )
}


def make_rated_version(organization: Organization | None = None) -> JourneyVersion:
    """Publish the journey with four ratings of two behaviors in its first module."""
    version = make_version(organization, more=RATINGS)
    skill = SkillFactory()
    for place, (key, (text, anchors)) in enumerate(BEHAVIORS.items()):
        indicator = BehaviorIndicatorFactory(skill=skill, key=key, text=text)
        for level, anchor in enumerate(anchors, start=1):
            RatingLevelFactory(indicator=indicator, level=level, anchor=anchor)
        VersionIndicatorFactory(version=version, indicator=indicator, position=place)
    return version


def make_cohort(version: JourneyVersion | None = None, **values: Any) -> Cohort:
    """Create a cohort that starts on START, with a facilitator called Nadia."""
    version = version or make_version()
    organization_id = version.journey.organization_id
    cohort = create_cohort(
        organization_id=organization_id, version_id=version.pk, name="Spring", now=NOW, **{"starts_on": START, **values}
    )
    nadia = invite_member(organization_id=organization_id, email="nadia@example.com", name="Nadia Rahman", now=NOW)
    set_staff(cohort_id=cohort.pk, user_id=nadia.pk, role="facilitator", actor_id=None, now=NOW)
    return cohort


def join(cohort: Cohort, email: str = "learner@example.com", name: str = "Lena Fischer", **values: Any) -> Enrollment:
    """Enroll a person in Paris time."""
    return enroll(
        cohort_id=cohort.pk,
        email=email,
        name=name,
        **{"time_zone": "Europe/Paris", "actor_id": None, "now": NOW} | values,
    )


def actor_of(enrollment: Enrollment) -> Actor:
    """Return the learner as the pages see them."""
    return Actor(organization_id=enrollment.cohort.organization_id, user_id=enrollment.user_id)


def signed_in(person: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


ANSWERS: dict[str, dict[str, Any]] = {
    "read": {},
    "watch": {},
    "recall": {"answers": {"first": {"choice": 0, "confidence": "sure"}}},
    "decide": {
        "moves": [{"scene": "door", "choice": 0, "reason": "r"}, {"scene": "answer", "choice": 0, "reason": "r"}]
    },
    "compare": {"answer": "The name is the difference."},
    "plan": {"cue": "Jo asks for numbers", "action": "ask what they are for"},
    "try-it": {"report": [CANARY, "Then she thanked me."]},
    "look-back": {"text": CANARY, "audience": "private"},
    "where-you-start": {"levels": {"asks-first": 1, "thanks": 3}},
    "where-you-are": {"levels": {"asks-first": 3, "thanks": 3}},
    "where-you-began": {"levels": {"asks-first": 1, "thanks": 2}},
    "what-lasted": {"levels": {"asks-first": 2, "thanks": 4}},
    "again": {},
    "last-look": {"text": "It was enough."},
}


def do(enrollment: Enrollment, *keys: str, now: datetime = NOW, **changes: Any) -> None:
    """Let the learner answer these steps, an hour apart."""
    for hours, key in enumerate(keys):
        at = now + timedelta(hours=hours)
        opened = load_step(actor_of(enrollment), enrollment.uuid, key, now=at)
        kind = opened.place.kind
        response = parse_response(kind.key, ANSWERS.get(key, {}) | changes, spec=opened.place.spec)
        revision = opened.kept.revision if opened.kept else ""
        answer_step(place=opened.place, response=response, revision=revision, now=at)


FIRST_STEPS = tuple(key for key in FIRST if key != "meet")
