"""A module: what it is for, when it opens, when it is due."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.support.errors import DomainError
from content.skills.queries import list_skills
from journeys.authoring.actions.modules import Aim, add_module, update_module
from journeys.authoring.models import JourneyVersion, Module
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import ModuleContent, VersionContent, Why
from journeys.authoring.rules.references import references_in
from journeys.schedule.grammar import parse_due, parse_opens
from journeys.schedule.words import in_words
from journeys.studio.forms.outline import ModuleForm
from journeys.studio.forms.rule import RuleForm
from journeys.studio.views.access import (
    Choices,
    anchors,
    behavior_choices,
    event_choices,
    references,
    show,
    skill_choices,
    version_page,
)
from journeys.studio.views.writing import Writing, writing_at

# Nobody learns at midnight, where a day by itself begins. What is kept without a time stays as it is.
USUAL_TIME: Final = "09:00"
AT_THE_START: Final = {"from": "start", "days": 0, "at": USUAL_TIME}


def _of_others(choices: Choices, own: str, known: Any) -> Choices:
    """Leave out what cannot come before its own opening, unless the rule as it is kept names it: it has to be shown."""
    named = {name for _pointer, name in references_in(known)} if known else set()

    def comes_first(choice: str) -> bool:
        reference = choice.partition(":")[2] or choice
        return reference in named or not (own and f"{reference}/".startswith(f"{own}/"))

    return [(choice, words) for choice, words in choices if comes_first(choice)]


def rule_forms(
    data: Mapping[str, Any] | None,
    content: VersionContent,
    *,
    own: str,
    opens: Any,
    due: Any,
    default: str,
    usual_time: str = "",
) -> tuple[RuleForm, RuleForm]:
    """Return the two rule forms that modules and steps share. own: the module or MODULE/STEP that they belong to."""
    parts, titles = references(content), content.outline.titles
    hint = _("Leave empty for the default: %(default)s.") % {"default": default}
    if usual_time:
        hint += " " + _("A day without a time means %(time)s.") % {"time": usual_time}
    opening = RuleForm(
        data,
        known=opens,
        prefix="opens",
        role="opens",
        label=_("Opens"),
        hint=hint,
        anchors=_of_others(anchors(content, own_opening=False), own, opens),
        parts=_of_others(parts, own, opens),
        events=event_choices(content),
        behaviors=behavior_choices(content),
        words=in_words(parse_opens(opens, pointer=""), titles) if opens else "",
        usual_time=usual_time,
    )
    deadline = RuleForm(
        data,
        known=due,
        prefix="due",
        role="due",
        label=_("Due"),
        hint=_("Leave empty for no due date."),
        anchors=anchors(content, own_opening=True),
        parts=parts,
        events=event_choices(content),
        behaviors=behavior_choices(content),
        words=in_words(parse_due(due, pointer=""), titles) if due else "",
    )
    return opening, deadline


@require_http_methods(["GET", "POST"])
@version_page
def module_edit(request: HttpRequest, actor: Actor, version: JourneyVersion, key: str = "") -> HttpResponse:
    """Show and save one module; without a key, add one."""
    content = content_of(version.pk)
    module = next((module for module in content.modules if module.key == key), None)
    if key and module is None:
        raise Http404
    writing = writing_at(request, actor, version, "module", key, f"modules/{key}")
    answer = writing.answer()
    if answer:
        return answer
    form = ModuleForm(writing.data, initial=_initial(module), skills=skill_choices(actor))
    opens, due = rule_forms(
        writing.data or None,
        content,
        own=key,
        opens=module.opens if module else None,
        due=module.due if module else None,
        default=_("after the previous module is completed, the first one at the start"),
        usual_time="" if key else USUAL_TIME,
    )
    refusal: DomainError | None = writing.collision
    forms: list[Any] = [form, opens, due]
    if writing.is_saving and all([one.is_valid() for one in forms]):
        try:
            first = None if key or content.modules else AT_THE_START
            saved = _save(writing, form, opens.value or first, due.value)
            writing.end()
            messages.success(request, _("Saved.") if key else _("The module is there. Now add its first step."))
            return redirect("studio-module", version.uuid, saved.key)
        except DomainError as error:
            refusal = error
    return show(
        request,
        "module.html",
        version=version,
        content=content,
        forms=[] if opens.is_adding else forms,
        refusal=writing.told(refusal),
        form=form,
        opens=opens,
        due=due,
        module=module,
        **writing.context(forms=forms, refusal=refusal),
    )


def _initial(module: ModuleContent | None) -> dict[str, Any]:
    if module is None:
        return {}
    return {
        "title": module.title,
        "outcome": module.outcome,
        "why_capability": module.why.capability,
        "why_opportunity": module.why.opportunity,
        "why_motivation": module.why.motivation,
        "skills": [aim.skill for aim in module.skills],
    }


def _save(writing: Writing, form: ModuleForm, opens: Any, due: Any) -> Module:
    said = form.cleaned_data
    rows = {skill.key: skill.pk for skill in reversed(list_skills(writing.actor))}
    entries: dict[str, Any] = {
        "title": said["title"],
        "outcome": said["outcome"],
        "skills": [Aim(rows[skill]) for skill in said["skills"]],
        "why": Why(said["why_capability"], said["why_opportunity"], said["why_motivation"]),
        "opens": opens,
        "due": due,
        "expected_edits": writing.expected,
    }
    if not writing.key:
        return add_module(version_id=writing.version.pk, **entries)
    row = Module.objects.get(version=writing.version, key=writing.key)
    return update_module(module_id=row.pk, **entries)
