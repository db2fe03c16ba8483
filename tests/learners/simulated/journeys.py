"""The journeys that imagined people run: the three shipped ones, and two that use every form of rule and trigger."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from config.accounts.models import Organization
from content.activities.models import Activity, ActivityRevision
from journeys.authoring.models import JourneyVersion, Module, Step
from journeys.bundle.actions.importing import import_bundle
from journeys.bundle.queries import read_bundle
from journeys.bundle.queries.samples import sample_paths
from journeys.publishing.actions import publish_version
from journeys.schedule.outline import Outline
from tests.factories.journeys import JourneyFactory, JourneyVersionFactory, NudgeRuleFactory
from tests.journeys.schedule import bundles
from tests.journeys.schedule.outlines import journey, module, nudge, step

# Modules by key: their rules, and (step key, rules and more) in order. Dates lie in 2027, within most runs.
BY_DATES: dict[str, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    "begin": (
        {
            "opens": {"from": "start", "working_days": 0, "at": "09:00"},
            "due": {"from": "opens", "working_days": 4, "at": "18:00"},
        },
        [
            ("a", {}),
            (
                "b",
                {
                    "opens": {"from": "module-opened:begin", "days": 2, "at": "10:00"},
                    "due": {"from": "opens", "days": 3},
                },
            ),
            ("c", {"required": False, "opens": {"from": "enrolled", "days": 3, "at": "08:00"}}),
        ],
    ),
    "middle": (
        {
            "opens": {
                "all": [{"completed": "begin/a"}, {"from": "start", "weeks": 1, "weekday": "wed", "at": "08:30"}]
            },
            "due": {"from": "start", "days": 20},
        },
        [
            ("d", {}),
            (
                "e",
                {
                    "opens": {"any": [{"from": "completed:middle/d", "hours": 30}, {"released": "middle/e"}]},
                    "due": {"from": "completed:begin", "working_days": 12, "at": "12:00"},
                },
            ),
            ("f", {"due": {"date": "2027-06-30", "at": "17:00"}}),
        ],
    ),
    "choice": (
        {
            "opens": {
                "at_least": 2,
                "of": [
                    {"completed": "middle/d"},
                    {"from": "start", "weeks": 4, "at": "02:30"},
                    {"date": "2027-05-03", "at": "09:00"},
                    {"passed": "begin/b", "ratio": 0.8},
                ],
            },
            "due": {"from": "opens", "weeks": 2, "weekday": "fri", "at": "23:30"},
        },
        [("g", {}), ("h", {"opens": {"from": "module-opened:choice", "minutes": 90}})],
    ),
    "last": (
        {
            "opens": {"from": "completed:choice", "working_days": 1, "weekday": "mon", "at": "09:00"},
            "due": {"from": "end", "working_days": -2, "at": "17:00"},
        },
        [("i", {}), ("j", {"required": False})],
    ),
}
BY_DEEDS: dict[str, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    "open": (
        {"due": {"from": "start", "working_days": 7}},
        [("k", {}), ("l", {"opens": {"from": "enrolled", "hours": 50}}), ("m", {})],
    ),
    "by-hand": (
        {
            "opens": {"any": [{"released": "by-hand"}, {"from": "completed:open", "weeks": 1, "at": "07:15"}]},
            "due": {"from": "opens", "days": 5, "at": "20:00"},
        },
        [("n", {"due": {"from": "completed:open/k", "days": 25}}), ("o", {})],
    ),
    "unless": (
        {
            "opens": {
                "all": [
                    {"from": "module-opened:by-hand", "working_days": 3, "at": "09:00"},
                    {"not": {"date": "2027-12-20"}},
                ]
            },
        },
        [("p", {})],
    ),
    "instead": (
        {
            "opens": {
                "any": [
                    {"from": "completed:unless", "days": 0, "at": "12:00"},
                    {"all": [{"from": "start", "weeks": 6}, {"not": {"completed": "by-hand"}}]},
                ]
            },
            "due": {"from": "module-opened:open", "weeks": 9, "at": "09:00"},
        },
        [("q", {}), ("r", {"required": False, "opens": {"completed": "instead/q"}})],
    ),
}
# Rule key: trigger, wait, unless.
NUDGES: dict[str, dict[str, tuple[dict[str, Any], dict[str, Any] | None, list[dict[str, Any]]]]] = {
    "by-dates": {
        "hello": (
            {"event": "module-opened", "module": "begin"},
            {"working_days": 2, "at": "16:00"},
            [{"completed": "begin/a"}],
        ),
        "at-once": ({"event": "module-opened", "module": "middle"}, None, []),
        "any-deadline": ({"event": "step-due-soon", "before": {"working_days": 1, "at": "10:00"}}, None, []),
        "quiet": ({"event": "inactive", "days": 4, "at": "10:00"}, None, []),
        "missed": ({"event": "overdue", "after": {"working_days": 1, "at": "10:00"}}, None, []),
        "nearly-over": ({"event": "moment", "from": "end", "days": -3, "at": "09:00"}, None, []),
        "booster": ({"event": "moment", "from": "finished", "days": 2, "at": "09:00"}, None, []),
        "third-day": ({"event": "moment", "from": "start", "days": 2, "at": "08:30"}, None, [{"completed": "begin"}]),
        "thursdays": ({"event": "weekly", "weekday": "thu", "at": "16:00"}, None, []),
    },
    "by-deeds": {
        "weeks-later": (
            {"event": "module-opened", "module": "by-hand"},
            {"weeks": 1, "weekday": "tue", "at": "02:30"},
            [],
        ),
        "hours-later": ({"event": "module-opened", "module": "open"}, {"hours": 3}, []),
        "hours-before": ({"event": "step-due-soon", "module": "open", "before": {"hours": 20}}, None, []),
        "missed-it": ({"event": "overdue", "module": "open", "after": {"hours": 30}}, None, []),
        "joined": ({"event": "moment", "from": "enrolled", "hours": 5}, None, []),
        "opened-it": (
            {"event": "moment", "from": "module-opened:open", "weeks": 1, "weekday": "fri", "at": "02:30"},
            None,
            [],
        ),
        "looks-back": ({"event": "moment", "from": "completed:open", "days": 1, "at": "15:00"}, None, []),
        "quiet-at-work": ({"event": "inactive", "working_days": 3, "at": "15:00"}, None, [{"completed": "open"}]),
        "sundays": ({"event": "weekly", "weekday": "sun", "at": "02:30"}, None, []),
    },
}
WRITTEN = {"by-dates": BY_DATES, "by-deeds": BY_DEEDS}
KEYS = (*WRITTEN, *bundles.KEYS)


def outline_of(key: str) -> Outline:
    """Read the outline of a journey as the simulator does."""
    return _outline(key) if key in WRITTEN else bundles.outline(key)


def publish(key: str, organization: Organization, *, now) -> JourneyVersion:
    """Publish a journey in an organization, a shipped one by importing its files."""
    if key in WRITTEN:
        return _rows(key, organization, now)
    bundle = read_bundle(sample_paths()[key])
    draft = import_bundle(bundle=bundle, organization_id=organization.pk, author_id=None, now=now)
    return publish_version(version_id=draft.pk, actor_id=None, now=now)


@lru_cache
def _outline(key: str) -> Outline:
    modules = (
        module(name, *(step(step_key, **more) for step_key, more in steps), **rules)
        for name, (rules, steps) in WRITTEN[key].items()
    )
    nudges = (nudge(name, trigger, wait=wait, unless=no) for name, (trigger, wait, no) in NUDGES[key].items())
    return journey(*modules, nudges=tuple(replace(one, channels=("in-app",)) for one in nudges))


def _rows(key: str, organization: Organization, now) -> JourneyVersion:
    """Write the same as rows; the studio would refuse some of it, and what is refused there still has to run right."""
    version = JourneyVersionFactory(
        journey=JourneyFactory(organization=organization, key=key), status="published", published_at=now
    )
    for place, (name, (rules, steps)) in enumerate(WRITTEN[key].items()):
        made = Module.objects.create(version=version, key=name, position=place, title=name, outcome="go on", **rules)
        for position, (step_key, more) in enumerate(steps):
            activity = Activity.objects.create(organization=organization, kind="article", created_at=now)
            activity.latest = ActivityRevision.objects.create(
                activity=activity, number=1, title=step_key, minutes=5, spec={}, created_at=now
            )
            activity.save()
            Step.objects.create(
                version=version,
                module=made,
                key=step_key,
                position=position,
                activity=activity,
                revision=activity.latest,
                serves="knows",
                **more,
            )
    for position, (name, (trigger, wait, unless)) in enumerate(NUDGES[key].items()):
        NudgeRuleFactory(
            version=version,
            position=position,
            key=name,
            trigger=trigger,
            wait=wait,
            unless=unless,
            channels=["in-app"],
        )
    return version
