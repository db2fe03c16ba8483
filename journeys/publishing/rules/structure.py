"""What the parts of a version must have, and how they must hang together."""

from collections.abc import Iterator

from journeys.authoring.rules.content import ModuleContent, StepContent, VersionContent
from journeys.authoring.rules.references import attempts_in, in_words, known_references, rules_of, unknown_references
from journeys.publishing.rules.findings import Finding, error, warning


def check_parts(content: VersionContent) -> Iterator[Finding]:
    """Find what is missing: modules, steps, summary, license, behaviors, the why of a module."""
    if not content.modules:
        yield error("no_module", "", "Add a module: this journey has none yet.")
    if not content.summary:
        yield warning("no_summary", "", "Write a summary: one or two sentences that a learner reads before joining.")
    if not content.license:
        yield warning("no_license", "", "Say under which license these texts may be used, such as CC-BY-4.0.")
    if not content.indicators:
        yield warning(
            "no_indicator", "", "Choose or write a behavior that this journey makes visible: it lets a change be seen."
        )
    for module in content.modules:
        yield from _check_module(module)


def _check_module(module: ModuleContent) -> Iterator[Finding]:
    where = f"modules/{module.key}"
    if not module.steps:
        yield error("module_without_steps", where, f"“{module.title}” has no steps. Add one, or remove the module.")
    elif not any(step.required for step in module.steps):
        yield warning("nothing_required", where, f"No step of “{module.title}” is required, so it is complete at once.")
    if not module.skills:
        yield warning("module_without_skill", where, f"Name the skill that “{module.title}” practices.")
    missing = [
        name
        for name, text in (
            ("how it is practiced", module.why.capability),
            ("when at work it occurs", module.why.opportunity),
            ("why it is worth it", module.why.motivation),
        )
        if not text
    ]
    if missing:
        yield warning("why_missing", f"{where}/why", f"Tell the learners of “{module.title}” {' and '.join(missing)}.")


def check_references(content: VersionContent) -> Iterator[Finding]:
    """Find what names something that this version does not have."""
    known = known_references(content)
    for where, data in rules_of(content):
        for fault in unknown_references(data, known):
            yield error("unknown_reference", f"{where}{fault.pointer}", fault.message)
    indicators = {indicator.key for indicator in content.indicators}
    for step in content.steps:
        for pointer, named in _behaviors_named(step):
            if named not in indicators:
                detail = (
                    f"“{step.title}” {_does_with(step, named)}, and this journey has not chosen it. "
                    f"Choose it for the journey, or name {_one_of(indicators)}."
                )
                yield error("unknown_indicator", f"steps/{step.key}/{pointer}", detail)


def _behaviors_named(step: StepContent) -> Iterator[tuple[str, str]]:
    """Each behavior that a step names, with its place in the step."""
    if step.spec.get("indicator"):
        yield "indicator", step.spec["indicator"]
    for index, named in enumerate(step.spec.get("indicators", ())):
        yield f"indicators/{index}", named


def _does_with(step: StepContent, named: str) -> str:
    if step.kind == "self_rating":
        return f"asks to rate the behavior “{named}”"
    return f"makes the behavior “{named}” visible"


def _one_of(indicators: set[str]) -> str:
    return f"one of {', '.join(sorted(indicators))}" if indicators else "none"


def check_attempts(content: VersionContent) -> Iterator[Finding]:
    """Find rules that count attempts at something that nobody can fail."""
    steps = {step.reference: step for step in content.steps}
    for where, data in rules_of(content):
        for pointer, reference in attempts_in(data):
            step = steps.get(reference)
            if step is not None and not (step.kind == "quiz" and step.spec.get("pass_ratio")):
                detail = (
                    f"Nobody passes or fails “{step.title}”, so its attempts cannot be counted. "
                    "Name a quiz with a pass mark."
                )
                yield error("never_failed", f"{where}{pointer}", detail)


def check_reflections(content: VersionContent) -> Iterator[Finding]:
    """Find reflections that follow nothing, or quote what is not there."""
    known = known_references(content)
    order = {step.reference: (number, step) for number, step in enumerate(content.steps)}
    for number, step in enumerate(content.steps):
        if step.kind != "reflection":
            continue
        where = f"steps/{step.key}/after"
        after = step.spec.get("after")
        if not after:
            detail = f"“{step.title}” follows nothing. Reflection helps after a practice or feedback: name that step."
            yield warning("reflection_tied_to_nothing", f"steps/{step.key}", detail)
        elif after not in order:
            yield error("unknown_reference", where, in_words(after, known))
        elif after == step.reference:
            yield error("reflection_on_itself", where, f"“{step.title}” follows itself. Name an earlier step.")
        elif order[after][0] >= number:
            yield error("reflection_too_early", where, f"“{order[after][1].title}” comes later. Name an earlier step.")
        yield from _check_quote(step, number, content, order.get(after or "", (0, None))[1])


def _check_quote(
    step: StepContent, number: int, content: VersionContent, after: StepContent | None
) -> Iterator[Finding]:
    quote = step.spec.get("quote", "none")
    where = f"steps/{step.key}/quote"
    if quote == "practice" and after is not None and after.kind != "practice":
        yield error("nothing_to_quote", where, f"“{after.title}” is no practice, so there is no report to quote.")
    if quote == "commitment" and not any(s.kind == "commitment" for s in list(content.steps)[:number]):
        yield error("nothing_to_quote", where, "No commitment comes before this step, so there is no plan to quote.")


def check_skills(content: VersionContent) -> Iterator[Finding]:
    """
    Find skills that are aimed at and never practiced, or never shown in work.

    A step serves the skills of its module, and its topic.
    """
    for aim in content.skills:
        steps = [step for module in content.modules for step in module.steps if aim.skill in module.skills_of(step)]
        serves = {step.serves for step in steps}
        where = f"skills/{aim.skill}"
        if not steps:
            yield warning(
                "skill_without_step",
                where,
                f"No step serves “{aim.skill}”. Name it in a module, or as the topic of a step.",
            )
        elif not serves & {"practices", "evidence"}:
            yield warning("skill_without_practice", where, f"“{aim.skill}” is never practiced. Add a practice.")
        elif "evidence" not in serves:
            detail = f"Nothing shows “{aim.skill}” in work. Let one step serve as evidence."
            yield warning("skill_without_evidence", where, detail)
