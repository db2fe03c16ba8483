"""A nudge rule: its moment, its exceptions, its wordings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.accounts.models import User
from config.support.errors import DomainError
from journeys.authoring.actions.nudge_rules import add_nudge_rule, update_nudge_rule
from journeys.authoring.models import JourneyVersion, NudgeRule
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import NudgeContent, VersionContent
from journeys.schedule.grammar import FINISHED, parse_unless
from journeys.schedule.words import as_condition, listed
from journeys.studio.forms.outline import NudgeForm
from journeys.studio.forms.rule import RuleForm
from journeys.studio.forms.trigger import TriggerForm
from journeys.studio.sends import Send, next_sends
from journeys.studio.views.access import (
    anchors,
    behavior_choices,
    event_choices,
    expected_edits,
    references,
    show,
    version_page,
)

# The last moment that a message can count from; nothing in the journey could open after it.
FINISHES = (FINISHED, gettext_lazy("the person finishes the whole journey"))


@dataclass(frozen=True, slots=True)
class NudgeForms:
    """The three forms of one nudge page; the wordings are rows of the first."""

    nudge: NudgeForm
    moment: TriggerForm
    unless: RuleForm

    @property
    def every(self) -> tuple[Any, ...]:
        """Every form in the order of the page, for the summary; none while somebody only asked for another row."""
        if self.nudge.is_adding or self.unless.is_adding:
            return ()
        return self.nudge, self.moment, self.unless, self.nudge.wordings

    def are_valid(self) -> bool:
        return all([self.nudge.is_valid(), self.moment.is_valid(), self.unless.is_valid()])


@require_http_methods(["GET", "POST"])
@version_page
def nudge_edit(request: HttpRequest, actor: Actor, version: JourneyVersion, key: str = "") -> HttpResponse:
    """Show and save one nudge rule; without a key, add one."""
    content = content_of(version.pk)
    known = next((nudge for nudge in content.nudges if nudge.key == key), None)
    if key and known is None:
        raise Http404
    forms = _forms(request, content, known)
    refusal = None
    if request.method == "POST" and forms.are_valid():
        try:
            saved = _save(request, version, key, forms)
            messages.success(request, _("Saved."))
            return redirect("studio-nudge", version.uuid, saved.key)
        except DomainError as error:
            refusal = error
    return show(
        request,
        "nudge.html",
        version=version,
        content=content,
        forms=forms.every,
        refusal=refusal,
        form=forms.nudge,
        moment=forms.moment,
        unless=forms.unless,
        nudge=known,
        sends=_sends(request, content, known),
        place=_place(content, known),
    )


def _sends(request: HttpRequest, content: VersionContent, known: NudgeContent | None) -> list[Send]:
    """The first messages of the rule as it is saved, for a start next Monday where the designer lives."""
    if known is None:
        return []
    zone = cast(User, request.user).time_zone
    today = request.now.astimezone(ZoneInfo(zone)).date()  # type: ignore[attr-defined]
    return next_sends(content, known.key, start_on=today + timedelta(days=7 - today.weekday()), zone=zone)


def _place(content: VersionContent, known: NudgeContent | None) -> dict[str, Any]:
    """Where the nudge stands among the others."""
    if known is None:
        return {}
    number = content.nudges.index(known) + 1
    return {"number": number, "is_first": number == 1, "is_last": number == len(content.nudges)}


def _forms(request: HttpRequest, content: VersionContent, known: NudgeContent | None) -> NudgeForms:
    data = request.POST or None
    parts = references(content)
    titles = content.outline.titles
    rules = parse_unless(list(known.unless), pointer="") if known else ()
    words = listed(as_condition(rule, titles) for rule in rules) if rules else ""
    initial = {"name": known.key, "category": known.category, "channels": known.channels} if known else None
    return NudgeForms(
        nudge=NudgeForm(data, texts=known.texts if known else (), initial=initial),
        moment=TriggerForm(
            data,
            trigger=known.trigger if known else None,
            wait=known.wait if known else None,
            modules=[(name, words) for name, words in parts if "/" not in name],
            parts=parts,
            anchors=[*anchors(content, own_opening=False), FINISHES],
        ),
        unless=RuleForm(
            data,
            known=list(known.unless) if known else [],
            prefix="unless",
            role="unless",
            label=_("Unless"),
            hint=_("Any one of these keeps the message from being sent. Leave empty to send it in any case."),
            anchors=anchors(content, own_opening=False),
            parts=parts,
            events=event_choices(content),
            behaviors=behavior_choices(content),
            words=words,
        ),
    )


def _save(request: HttpRequest, version: JourneyVersion, key: str, forms: NudgeForms) -> NudgeRule:
    form, moment, unless = forms.nudge, forms.moment, forms.unless
    entries: dict[str, Any] = {
        "category": form.cleaned_data["category"],
        "channels": form.cleaned_data["channels"],
        "texts": form.texts,
        "trigger": moment.trigger,
        "wait": moment.wait,
        "unless": unless.value,
        "expected_edits": expected_edits(request),
    }
    if not key:
        return add_nudge_rule(version_id=version.pk, title=form.cleaned_data["name"], **entries)
    row = NudgeRule.objects.get(version=version, key=key)
    return update_nudge_rule(nudge_rule_id=row.pk, **entries)
