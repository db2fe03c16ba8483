"""What the studio's pages show, as plain values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator

from config.accounts.actor import Actor
from content.activities.models import Activity
from content.activities.queries import list_activities
from content.kinds.registry import KINDS
from content.skills.models import BehaviorIndicator
from content.skills.queries import list_indicators, list_skills
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import JourneyVersion, Step, VersionIndicator
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import ModuleContent, NudgeContent, StepContent, VersionContent
from journeys.publishing.queries import findings_of
from journeys.publishing.rules.findings import Finding
from journeys.schedule.calendar import calendar_for
from journeys.schedule.grammar import parse_opens, parse_rule, parse_trigger, parse_unless, parse_wait
from journeys.schedule.simulate import simulate
from journeys.schedule.words import as_condition, in_words, listed, trigger_in_words, wait_in_words
from journeys.studio.models import HeldForm
from journeys.studio.rules import Coverage, WeekLoad, coverage, load_by_week

ON_ONE_PAGE = 20


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the outline, with its rule in words ("" where the default holds)."""

    content: StepContent
    kind: str
    opens: str


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module of the outline, with its rules in words."""

    number: int
    content: ModuleContent
    opens: str
    due: str
    steps: tuple[StepLine, ...]
    nudges: tuple["NudgeLine", ...]


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """One nudge rule, with its moment and its exceptions in words."""

    content: NudgeContent
    moment: str
    unless: str


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything the page of a version shows. skills: the title of each skill, by key."""

    version: JourneyVersion
    content: VersionContent
    modules: tuple[ModuleLine, ...]
    nudges: tuple[NudgeLine, ...]
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    weeks: tuple[WeekLoad, ...]
    skills: Mapping[str, str]

    @property
    def warnings(self) -> int:
        return sum(1 for finding in self.findings if finding.level == "warning")

    @property
    def blocks(self) -> int:
        return sum(1 for finding in self.findings if finding.level == "error")


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """One journey of the list: its versions, newest first."""

    key: str
    versions: tuple[JourneyVersion, ...]

    @property
    def newest(self) -> JourneyVersion:
        return self.versions[0]


def list_journeys_of_designer(actor: Actor) -> list[JourneyLine]:
    """Return the organization's journeys by title, each with its versions; one query. A journey always has one."""
    found: dict[str, list[JourneyVersion]] = {}
    for version in JourneyVersion.objects.visible_to(actor).select_related("journey").order_by("-number"):
        found.setdefault(version.journey.key, []).append(version)
    lines = [JourneyLine(key, tuple(versions)) for key, versions in found.items()]
    return sorted(lines, key=lambda line: line.newest.title)


def version_of(actor: Actor, version_uuid: UUID) -> JourneyVersion:
    """Return a version of the actor's organization, with its journey; one query. Raises UnknownVersion."""
    version = JourneyVersion.objects.visible_to(actor).select_related("journey").filter(uuid=version_uuid).first()
    if version is None:
        raise UnknownVersion
    return version


def skill_titles(actor: Actor) -> dict[str, str]:
    """Return skill key → title, built-in skills first; two queries."""
    titles: dict[str, str] = {}
    for skill in list_skills(actor):
        titles.setdefault(skill.key, skill.title)
    return titles


@dataclass(frozen=True, slots=True)
class BehaviorLine:
    """One behavior that can be chosen. is_older: the journey has it in a wording that was revised since."""

    pk: int
    text: str
    levels: tuple[str, ...]
    is_own: bool
    is_older: bool


@dataclass(frozen=True, slots=True)
class BehaviorGroup:
    """The behaviors of one skill."""

    skill: str
    title: str
    behaviors: tuple[BehaviorLine, ...]


def chosen_indicators(version_id: int) -> list[int]:
    """Return the ids of the behaviors that a version makes visible, in its order; one query."""
    rows = VersionIndicator.objects.filter(version_id=version_id).order_by("position", "id")
    return list(rows.values_list("indicator_id", flat=True))


def list_behaviors(actor: Actor, content: VersionContent, chosen: Collection[int]) -> list[BehaviorGroup]:
    """
    Return what can be chosen for a version, by skill: the newest wording of each behavior, and the chosen ones.

    Skills are those that the version or one of its modules builds, and those of what is chosen. Four queries.
    """
    wanted = [aim.skill for aim in content.skills]
    wanted += [aim.skill for module in content.modules for aim in module.skills]
    wanted += [indicator.skill for indicator in content.indicators]
    order = {key: place for place, key in enumerate(dict.fromkeys(wanted))}
    skills = [skill for skill in list_skills(actor) if skill.key in order]
    rows = list_indicators(organization_id=actor.organization_id, skill_ids=[skill.pk for skill in skills])
    offered = _offered(rows, chosen)
    groups = [BehaviorGroup(skill.key, skill.title, tuple(offered.get(skill.pk, ()))) for skill in skills]
    return sorted(groups, key=lambda group: order[group.skill])


def _offered(rows: Iterable[BehaviorIndicator], chosen: Collection[int]) -> dict[int, list[BehaviorLine]]:
    found: dict[int, list[BehaviorLine]] = {}
    newest: set[tuple[int | None, int, str]] = set()
    for row in rows:
        name = (row.organization_id, row.skill_id, row.key)
        is_older = name in newest
        newest.add(name)
        if is_older and row.pk not in chosen:
            continue
        levels = tuple(level.anchor for level in row.levels.all())
        line = BehaviorLine(row.pk, row.text, levels, is_own=row.organization_id is not None, is_older=is_older)
        found.setdefault(row.skill_id, []).append(line)
    return found


def held_forms(version_id: int, place: str) -> list[HeldForm]:
    """Return what designers have typed in this form and not saved, each with who; one query."""
    return list(HeldForm.objects.filter(version_id=version_id, place=place).select_related("user").order_by("held_at"))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the library, as it was searched. titles: of the skills, by key."""

    page: Page[Activity]
    titles: Mapping[str, str]

    @property
    def lines(self) -> list[tuple[Activity, str, str]]:
        """Each activity with its kind and its skill in words."""
        return [
            (row, str(KINDS[row.kind].label), self.titles.get(row.latest.topic, row.latest.topic))
            for row in self.page
            if row.latest
        ]


def search_library(actor: Actor, version_id: int, *, kind: str, skill: str, search: str, page: str) -> Shelf:
    """Return the activities that no step of a version shows, newest first; at most 4 queries."""
    shown = Step.objects.filter(version_id=version_id).values("activity_id")
    found = list_activities(actor, kind=kind, skill=skill, search=search).exclude(pk__in=shown)
    return Shelf(Paginator(found, ON_ONE_PAGE).get_page(page), skill_titles(actor))


def module_lines(content: VersionContent) -> tuple[ModuleLine, ...]:
    """Return the outline with every rule in words; no query."""
    titles = content.outline.titles
    nudges = nudge_lines(content)
    return tuple(
        ModuleLine(
            number=number,
            content=module,
            opens=_opens(module.opens, titles) or _default(number),
            due=in_words(parse_rule(module.due, pointer=""), titles) if module.due else "",
            steps=tuple(_step_line(step, titles) for step in module.steps),
            nudges=tuple(line for line in nudges if line.content.trigger.get("module") == module.key),
        )
        for number, module in enumerate(content.modules, start=1)
    )


def nudge_lines(content: VersionContent) -> tuple[NudgeLine, ...]:
    """Return the nudge rules with moment and exceptions in words; no query."""
    titles = content.outline.titles
    return tuple(_nudge_line(nudge, titles) for nudge in content.nudges)


def studio_of(actor: Actor, version: JourneyVersion, *, start_on: date, zone: str) -> Studio:
    """
    Return everything the page of a version shows.

    A constant number of queries, whatever the size; the load is that of an on-time learner who starts on start_on in
    zone. Raises nothing for a draft that cannot be scheduled yet: its findings say why.
    """
    content = content_of(version.pk)
    findings = tuple(findings_of(version, content))
    skills = skill_titles(actor)
    entries = simulate(content.outline, start_on=start_on, zone=zone, calendar=calendar_for(None, zone))
    return Studio(
        version=version,
        content=content,
        modules=module_lines(content),
        nudges=nudge_lines(content),
        findings=findings,
        coverage=tuple(coverage(content, skills)),
        weeks=tuple(load_by_week(content, entries, start_on)),
        skills=skills,
    )


def _opens(rule: object, titles: dict[str, str]) -> str:
    return in_words(parse_opens(rule, pointer=""), titles) if rule else ""


def _default(number: int) -> str:
    return "at the start" if number == 1 else f"after Module {number - 1} is completed"


def _step_line(step: StepContent, titles: dict[str, str]) -> StepLine:
    kind = KINDS[step.kind]
    return StepLine(content=step, kind=str(kind.label), opens=_opens(step.opens, titles))


def _nudge_line(nudge: NudgeContent, titles: dict[str, str]) -> NudgeLine:
    trigger = trigger_in_words(parse_trigger(nudge.trigger, pointer=""), titles)
    wait = f", {wait_in_words(parse_wait(nudge.wait, pointer=''))}" if nudge.wait else ""
    rules = parse_unless(list(nudge.unless), pointer="")
    unless = listed(as_condition(rule, titles) for rule in rules) if rules else ""
    return NudgeLine(content=nudge, moment=trigger + wait, unless=unless)
