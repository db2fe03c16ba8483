"""Puts together what the player's templates need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from config.support.forms import errors_in_order
from content.activities.markdown import render as render_markdown
from content.kinds.contract import AudienceChoice
from content.kinds.forms import ResponseForm
from journeys.schedule.outline import ModuleOutline
from learners.cohorts.models.enrollment import EnrollmentStatus
from learners.player.forms import AskForm
from learners.player.queries.step import OpenStep, asset_urls, mended_until
from learners.player.rules import State, StepPlace, minutes_left
from learners.player.views.edge import now_of
from learners.progress.models import SignOffState

AnyForm: TypeAlias = ResponseForm[Any, Any]
AUTOSAVED = frozenset({"practice", "reflection", "model_pair"})
SWAPPED = frozenset({"scenario", "quiz"})
# Where a kind's own fields go by other names than the action's.
FIELD_NAMES = {"response": "action", "email": "signer_email", "name": "signer_name", "sign_off": "signer_email"}


@dataclass(frozen=True)
class Newer:
    """The text that was saved elsewhere meanwhile."""

    words: str
    saved_at: datetime


@dataclass(frozen=True)
class SignOffLine:
    """
    Where a request to confirm a practice stands.

    state: see SignOffState; is_expired: it can be asked again; shows_report: the person asked may read the report.
    """

    name: str
    state: str
    comment: str
    is_expired: bool
    shows_report: bool


@dataclass(frozen=True)
class Head:
    """Where in its module the step stands. marks: one a step, at the reader's place, on what is done."""

    number: int
    total: int
    minutes_left: int
    marks: Sequence[str]


@dataclass(frozen=True)
class Ways:
    """Where one can go from here. onward: the words of the way on, for when there is nothing to send."""

    here: str
    map: str
    back: str
    onward_url: str
    onward: str
    sign_off: str
    edit_url: str
    edit: str


@dataclass(frozen=True)
class Writing:
    """
    The form, if there is one, and how it behaves.

    act: the words on its button. problems: (id of the control, sentence). revision: the state of the text it knows.
    audiences: who may be let in, for the words on the button of a reflection. so_far: an answer that only the page
    keeps, and sends along.
    """

    form: AnyForm | None
    act: str
    problems: Sequence[tuple[str, str]]
    revision: str
    autosaves: bool
    is_swapped: bool
    can_replay: bool
    audiences: Sequence[str]
    so_far: str


@dataclass(frozen=True)
class StepPage:
    """One step in the player."""

    title: str
    module: ModuleOutline
    zone: str
    template: str
    head: Head
    ways: Ways
    writing: Writing
    newer: Newer | None
    sign_off: SignOffLine | None
    ask: AskForm | None
    opens_at: datetime | None
    reasons: Sequence[str]


def fault_field(form: BaseForm, pointer: str) -> str | None:
    """Return the form's field that a fault points at, None for the form as a whole."""
    name = pointer.strip("/").split("/")[-1]
    for candidate in (name, FIELD_NAMES.get(name, "")):
        if candidate in form.fields:
            return candidate
    return None


def page_context(
    request: HttpRequest,
    step: OpenStep,
    *,
    form: AnyForm | None = None,
    ask: AskForm | None = None,
    shows_both: bool = False,
    so_far: str = "",
) -> dict[str, Any]:
    """
    Return the context of the player's templates: `page`, and what the kind's own template reads.

    form: one that was sent and is shown again. shows_both: also what was saved elsewhere meanwhile.
    so_far: see Writing.
    """
    is_open = step.step_place.is_reachable
    shown = form or (_form(request, step) if is_open else None)
    choices = step.sources.audiences(step) if shown is not None else ()
    writing = _writing(step, shown, [choice.value for choice in choices], so_far)
    page = StepPage(
        title=step.revision.title,
        module=step.module.outline,
        zone=step.walk.zone,
        template=step.place.kind.template,
        head=_head(step),
        ways=_ways(step, has_form=shown is not None),
        writing=writing,
        newer=_newer(step) if shows_both else None,
        opens_at=None if is_open else step.step_place.placement.opens_at,
        reasons=_reasons(step),
        **_confirmation(step, shown, ask, now_of(request)),
    )
    return {"page": page, **_of_kind(request, step, shown, choices, writing)}


def _of_kind(
    request: HttpRequest,
    step: OpenStep,
    form: AnyForm | None,
    choices: Sequence[AudienceChoice],
    writing: Writing,
) -> dict[str, Any]:
    """What the kind's own template reads; of a step that is not open only when and where its meeting is."""
    if not step.step_place.is_reachable:
        return {"is_meeting": step.step_place.is_meeting, "session": step.sources.meeting(step)}
    urls = asset_urls(step.revision)
    return {
        "form": form,
        "spec": step.place.spec,
        "response": _shown_response(step),
        "outcome": step.outcome,
        "activity": step.revision,
        "step": step.row,
        "body": render_markdown(step.revision.body, assets=urls),
        "asset_urls": urls,
        "quoted": step.sources.quoted(step),
        "audience_choices": choices,
        "session": step.sources.meeting(step),
        **_of_ratings(request, step),
        "language": step.walk.enrollment.version.language,
        "zone": step.walk.zone,
        "saved_at": _saved_today(step, now_of(request)) if writing.autosaves else None,
        "autosave": "_autosave_status.html" if writing.autosaves else "",
    }


def _of_ratings(request: HttpRequest, step: OpenStep) -> dict[str, Any]:
    """Where all ratings stand, and until when and where these can be mended; nothing for another kind."""
    if step.place.kind.key != "self_rating":
        return {}
    until = mended_until(step, now=now_of(request)) if step.sources.keeps_answers else None
    addresses = step.walk.addresses
    change_url = f"{addresses.step(step.row.key)}?change=1" if until else ""
    return {"ratings_url": addresses.ratings, "change_until": until, "change_url": change_url}


def _shown_response(step: OpenStep) -> Any:
    """What the kind's template reads; whom a practice waits for is shown below it, with what can be done about it."""
    response: Any = step.response
    if step.place.kind.key == "practice" and response is not None:
        return response.model_copy(update={"sign_off": None})
    return response


def _saved_today(step: OpenStep, now: datetime) -> datetime | None:
    """When the text was saved, if that was today: the line beneath it tells the hour alone."""
    if step.kept is None:
        return None
    zone = ZoneInfo(step.walk.zone)
    same_day = step.kept.saved_at.astimezone(zone).date() == now.astimezone(zone).date()
    return step.kept.saved_at if same_day else None


def _form(request: HttpRequest, step: OpenStep) -> AnyForm | None:
    """The empty or half-filled form, None when the answer is finished and only read."""
    form_class = step.place.kind.response_form
    if form_class is None or _is_closed(step):
        return None
    is_finished = step.kept is not None and step.kept.is_finished and step.response is not None
    changes = request.GET.get("change") == "1" and (
        step.place.kind.key == "reflection" or mended_until(step, now=now_of(request)) is not None
    )
    if is_finished and not changes:
        return None
    return form_class(step.place.spec, None, step.response)


def _head(step: OpenStep) -> Head:
    return Head(
        number=step.step_place.number,
        total=len(step.module.steps),
        minutes_left=minutes_left(step.module, step.step_place),
        marks=[_mark(one, step.step_place) for one in step.module.steps],
    )


def _ways(step: OpenStep, *, has_form: bool) -> Ways:
    addresses = step.walk.addresses
    onward_url, onward = _onward(step)
    edit_url, edit = _edit(step, has_form=has_form)
    return Ways(
        here=addresses.step(step.row.key),
        map=addresses.map,
        back=_back(step),
        onward_url=onward_url,
        onward=onward,
        sign_off=addresses.sign_off(step.row.key),
        edit_url=edit_url,
        edit=edit,
    )


def _writing(step: OpenStep, form: AnyForm | None, audience_names: Sequence[str], so_far: str) -> Writing:
    kind = step.place.kind
    can_replay = kind.replayable and _is_finished(step, form) and not _is_closed(step)
    return Writing(
        form=form,
        act=str(form.act) if form is not None else "",
        problems=_problems(form),
        revision=step.kept.revision if step.kept else "",
        autosaves=form is not None and kind.key in AUTOSAVED and step.sources.keeps_answers,
        is_swapped=kind.key in SWAPPED and (form is not None or can_replay),
        can_replay=can_replay,
        audiences=audience_names,
        so_far=so_far,
    )


def _is_finished(step: OpenStep, form: AnyForm | None) -> bool:
    return form is None and step.kept is not None and step.kept.is_finished


def _is_closed(step: OpenStep) -> bool:
    return step.walk.enrollment.status == EnrollmentStatus.WITHDRAWN


def _confirmation(step: OpenStep, form: AnyForm | None, ask: AskForm | None, now: datetime) -> dict[str, Any]:
    """Where the request to confirm a practice stands, and a form to ask somebody where nobody is being asked."""
    requests = step.sources.sign_offs(step) if _is_finished(step, form) else ()
    spec: Any = step.place.spec
    sign_off = _sign_off(requests, now)
    wanted = step.place.kind.key == "practice" and spec.sign_off != "none"
    is_free = sign_off is None or sign_off.state == SignOffState.NOT_YET or sign_off.is_expired
    may_ask = wanted and is_free and _is_finished(step, form) and not _is_closed(step)
    return {"sign_off": sign_off, "ask": (ask or AskForm()) if may_ask or ask else None}


def _back(step: OpenStep) -> str:
    before = step.walk.trail.before(step.step_place)
    return step.walk.addresses.step(before.key) if before else step.walk.addresses.map


def _onward(step: OpenStep) -> tuple[str, str]:
    """Where Continue leads when there is nothing to send: on in the module, to its end, or to the map."""
    if not step.step_place.is_reachable:
        return step.walk.addresses.map, _("See the whole journey")
    return way_on(step), _("Continue")


def way_on(step: OpenStep) -> str:
    """Return where one goes from a step that is done: to the next of its module, or to the module's end."""
    following = step.walk.trail.after(step.step_place)
    addresses = step.walk.addresses
    return addresses.step(following.key) if following else addresses.module_recap(step.module.key)


def _mark(one: StepPlace, here: StepPlace) -> str:
    if one.key == here.key:
        return "at"
    return "on" if one.state is State.DONE else ""


def _problems(form: AnyForm | None) -> list[tuple[str, str]]:
    """Each error with the id of the control to go to; a group of choices is reached by its first one."""
    if form is None or not form.is_bound or not form.errors:
        return []
    found = []
    for name, error in errors_in_order(form):
        anchor, label = "answer", ""
        if name:
            bound = form[name]
            first = "_private" if name == "audience" else "_0"
            anchor, label = bound.id_for_label or f"{bound.auto_id}{first}", _led(bound.label)
        found.append((anchor, f"{label}{error}"))
    return found


def _led(label: object) -> str:
    """Return a label that leads a sentence; a question needs no colon after it."""
    text = str(label)
    return f"{text} " if text.endswith(("?", "!", ".", ":", "…")) else f"{text}: "


def _newer(step: OpenStep) -> Newer | None:
    if step.kept is None or step.response is None:
        return None
    return Newer(words=step.place.kind.words(step.place.spec, step.response), saved_at=step.kept.saved_at)


def _sign_off(requests: Sequence[Any], now: datetime) -> SignOffLine | None:
    if not requests:
        return None
    newest = requests[0]
    return SignOffLine(
        name=str(newest.signer),
        state=newest.state,
        comment=newest.comment,
        is_expired=newest.state == SignOffState.ASKED and newest.expires_at <= now,
        shows_report=newest.shows_report,
    )


def _edit(step: OpenStep, *, has_form: bool) -> tuple[str, str]:
    if has_form or step.kept is None or step.kept.uuid is None:
        return "", ""
    if step.place.kind.key == "reflection":
        return reverse("reflection", args=[step.kept.uuid]), _("Change it, share it or delete it")
    return reverse("commitment", args=[step.kept.uuid]), _("Change this plan")


def _reasons(step: OpenStep) -> Sequence[str]:
    placement = step.step_place.placement
    if step.step_place.is_reachable:
        return ()
    if placement.opens_at is None and placement.blocked_by:
        return placement.blocked_by
    return (placement.opens_why,) if placement.opens_why else ()
