"""One person of a cohort, and what staff change for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import DomainError
from learners.board.errors import UnknownAct
from learners.board.forms import (
    ChangeForm,
    ExemptForm,
    ExtendForm,
    ReasonForm,
    ReleaseForm,
    ShiftForm,
    put_refusal,
)
from learners.board.queries.boards import Board, get_board, get_person
from learners.board.queries.person import Person, load_person
from learners.board.views.edge import now_of, person_of, require_change, zone_of
from learners.board.words import Message, suggested_message
from learners.cohorts.actions import withdraw
from learners.progress.actions import exempt_step, extend_due, pause, reinstate, release, resume, shift_dates


@dataclass(frozen=True, slots=True)
class Act:
    """One way to change somebody's dates. title names it, says tells what follows, button is the act, done its end."""

    key: str
    form: type[ChangeForm]
    run: Callable[..., Any]
    title: Any
    says: Any
    button: Any
    done: Any


ACTS: Final[Mapping[str, Act]] = {
    act.key: act
    for act in (
        Act(
            "shift",
            ShiftForm,
            shift_dates,
            gettext_lazy("Move dates"),
            gettext_lazy(
                "Everything that is still to come moves. What is open stays open. "
                "Dates that have passed stay; to give more time for them, use Give more time."
            ),
            gettext_lazy("Move dates"),
            gettext_lazy("The dates are moved."),
        ),
        Act(
            "extend",
            ExtendForm,
            extend_due,
            gettext_lazy("Give more time"),
            gettext_lazy("Sets a later last day. Nothing else moves."),
            gettext_lazy("Give more time"),
            gettext_lazy("There is more time now."),
        ),
        Act(
            "release",
            ReleaseForm,
            release,
            gettext_lazy("Open something now"),
            gettext_lazy("Opens a module or step before its time. It is not closed again."),
            gettext_lazy("Open it now"),
            gettext_lazy("Opened by hand. Where its rule asks for more, it opens as soon as that is done."),
        ),
        Act(
            "exempt",
            ExemptForm,
            exempt_step,
            gettext_lazy("Free from a step"),
            gettext_lazy("The step no longer counts, and what follows opens without it. This cannot be taken back."),
            gettext_lazy("Free from this step"),
            gettext_lazy("They are free from this step."),
        ),
        Act(
            "pause",
            ReasonForm,
            pause,
            gettext_lazy("Pause"),
            gettext_lazy(
                "Nothing opens, is due or is sent until they resume. Then dates move by the length of the pause."
            ),
            gettext_lazy("Pause"),
            gettext_lazy("Paused. Nothing reaches them until they resume."),
        ),
        Act(
            "resume",
            ReasonForm,
            resume,
            gettext_lazy("Resume"),
            gettext_lazy("What was still to come moves by the length of the pause."),
            gettext_lazy("Resume"),
            gettext_lazy("They go on where they were."),
        ),
        Act(
            "withdraw",
            ReasonForm,
            withdraw,
            gettext_lazy("Take out of the cohort"),
            gettext_lazy(
                "What they did stays. Nothing opens, is due or is sent any more. You can take them back later."
            ),
            gettext_lazy("Take out"),
            gettext_lazy("They are out of the cohort. What they did is kept."),
        ),
        Act(
            "reinstate",
            ReasonForm,
            reinstate,
            gettext_lazy("Take back"),
            gettext_lazy("They go on where they were, with everything they did."),
            gettext_lazy("Take back into the cohort"),
            gettext_lazy("They are back in the cohort."),
        ),
    )
}
RUNNING: Final = ("shift", "extend", "release", "exempt", "pause", "withdraw")
OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "invited": RUNNING,
    "active": RUNNING,
    "paused": ("resume", "shift", "extend", "release", "exempt", "withdraw"),
    "completed": (),
    "withdrawn": ("reinstate",),
}


@require_safe
@member_page
def person(request: HttpRequest, actor: Actor, cohort: UUID, enrollment: UUID) -> HttpResponse:
    """Show one person: where they stand, what comes, what was adjusted, and what they shared with the viewer."""
    board = get_board(actor, cohort)
    found = get_person(actor, board, enrollment)
    shown = load_person(actor, found, shows_reasons=board.may_change, now=now_of(request))
    return _show(request, board, shown)


@require_POST
@member_page
def change(request: HttpRequest, actor: Actor, cohort: UUID, enrollment: UUID, act: str) -> HttpResponse:
    """Change one person's dates or their place in the cohort; a refusal is shown with what was typed."""
    board = get_board(actor, cohort)
    found = get_person(actor, board, enrollment)
    require_change(board)
    if act not in ACTS:
        raise UnknownAct
    shown = load_person(actor, found, shows_reasons=True, now=now_of(request))
    form = ACTS[act].form(request.POST, act=act, standing=shown.standing, now=now_of(request))
    if form.is_valid():
        try:
            ACTS[act].run(enrollment_id=found.pk, actor_id=actor.user_id, now=now_of(request), **form.cleaned_data)
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, ACTS[act].done)
            return redirect("cohort-person", cohort, enrollment)
    return _show(request, board, shown, refused=(act, form))


@dataclass(frozen=True, slots=True)
class Offer:
    """One change with its form; it is open when it was refused."""

    act: Act
    form: ChangeForm
    is_open: bool


def _show(
    request: HttpRequest, board: Board, shown: Person, *, refused: tuple[str, ChangeForm] | None = None
) -> HttpResponse:
    context = {
        "board": board,
        "person": shown,
        "flags": shown.row.flags(now_of(request)),
        "message": _message(request, board, shown),
        "offers": _offers(request, shown, refused) if board.may_change else [],
        "form": refused[1] if refused else None,
        "zone": zone_of(request, board),
        "now": now_of(request),
    }
    return render(request, "learners/board/person.html", context, status=422 if refused else 200)


def _offers(request: HttpRequest, shown: Person, refused: tuple[str, ChangeForm] | None) -> list[Offer]:
    keys = list(OFFERED[shown.enrollment.status])
    if refused and refused[0] not in keys:
        keys.append(refused[0])
    made = []
    for key in keys:
        is_refused = refused is not None and refused[0] == key
        form = refused[1] if refused and is_refused else _empty(request, shown, key)
        if form.offers or is_refused:
            made.append(Offer(ACTS[key], form, is_refused))
    return made


def _empty(request: HttpRequest, shown: Person, key: str) -> ChangeForm:
    return ACTS[key].form(act=key, standing=shown.standing, now=now_of(request))


def _message(request: HttpRequest, board: Board, shown: Person) -> tuple[Message, str]:
    """A mail to begin with, and the address that opens it; by the first reason to reach out, if there is one."""
    flags = shown.row.flags(now_of(request))
    message = suggested_message(
        flags[0].rule if flags else "",
        to=shown.row.name.partition(" ")[0],
        journey=board.cohort.version.title,
        sender=str(person_of(request)),
        may_change=board.may_change,
    )
    return message, message.link(shown.row.email)
