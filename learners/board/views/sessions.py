"""A live session of a cohort: its date, its place, and who took part."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import DomainError
from learners.board.errors import NotBegun
from learners.board.forms import AttendanceForm, OpenForm, SessionForm, put_refusal
from learners.board.queries.boards import Board, get_board, people_of
from learners.board.queries.sessions import Guest, SessionLine, get_session, guests_of, leaders_of
from learners.board.queries.waiting import title_of
from learners.board.rules import by_hand
from learners.board.views.edge import now_of, person_of, require_change, zone_of
from learners.cohorts.actions import schedule_live_session
from learners.progress.actions import Attendance, record_attendance, release_many


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def session(request: HttpRequest, actor: Actor, cohort: UUID, step_key: str) -> HttpResponse:
    """Show a live session with who took part, or set its date and place."""
    board, line = _opened(request, actor, cohort, step_key)
    form = _date_form(request, board, line, with_data=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            schedule_live_session(
                cohort_id=board.cohort.pk,
                step_key=step_key,
                actor_id=actor.user_id,
                now=now_of(request),
                **form.values(),
            )
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. Calendars that took this session follow."))
            return redirect("cohort-session", cohort, step_key)
    guests = _guests(actor, board, step_key)
    return _show(request, board, line, guests, form=form, attendance=AttendanceForm(None, guests=guests))


@require_POST
@member_page
def attendance(request: HttpRequest, actor: Actor, cohort: UUID, step_key: str) -> HttpResponse:
    """Ask once more with the names, then record who took part, many people at once."""
    board, line = _opened(request, actor, cohort, step_key)
    guests = _guests(actor, board, step_key)
    form = AttendanceForm(request.POST, guests=guests)
    if form.is_valid() and line.state == "begun" and "confirmed" not in request.POST:
        # A completion is never taken back, so a slip of the finger must not make twenty.
        context = {"board": board, "line": line, "chosen": form.chosen(), "zone": zone_of(request, board)}
        return render(request, "learners/board/attendance.html", context)
    if form.is_valid():
        try:
            if line.session is None or line.state != "begun":
                raise NotBegun
            answers = record_attendance(
                actor=actor,
                cohort_id=board.cohort.pk,
                step_key=step_key,
                enrollment_ids=form.enrollment_ids(),
                attended_at=line.session.starts_at,
                now=now_of(request),
            )
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            _tell(request, answers, {guest.id: guest.name for guest in guests})
            return redirect("cohort-session", cohort, step_key)
    date_form = _date_form(request, board, line, with_data=False)
    return _show(request, board, line, guests, form=date_form, attendance=form)


def _opened(request: HttpRequest, actor: Actor, cohort: UUID, step_key: str) -> tuple[Board, SessionLine]:
    board = get_board(actor, cohort)
    line = get_session(board, step_key, people_of(actor, board), now=now_of(request))
    require_change(board)
    return board, line


def _guests(actor: Actor, board: Board, step_key: str) -> list[Guest]:
    return guests_of(people_of(actor, board), step_key)


def _date_form(request: HttpRequest, board: Board, line: SessionLine, *, with_data: bool) -> SessionForm:
    data = request.POST if with_data else None
    return SessionForm(data, line=line, zone=board.cohort.time_zone, leaders=leaders_of(board))


def _show(
    request: HttpRequest,
    board: Board,
    line: SessionLine,
    guests: Sequence[Guest],
    *,
    form: SessionForm,
    attendance: AttendanceForm,
) -> HttpResponse:
    faulty = next((one for one in (form, attendance) if one.errors), None)
    context = {
        "board": board,
        "line": line,
        "date_form": form,
        "attendance": attendance,
        "guests": guests,
        "ticked": set(request.POST.getlist("people")),
        "form": faulty,
        "zone": zone_of(request, board),
        "now": now_of(request),
    }
    return render(request, "learners/board/session.html", context, status=422 if faulty else 200)


def _tell(request: HttpRequest, answers: Sequence[Attendance], names: dict[int, str]) -> None:
    count = sum(answer.outcome == "recorded" for answer in answers)
    if count:
        words = ngettext("Recorded for %(n)s person.", "Recorded for %(n)s people.", count)
        messages.success(request, words % {"n": count})
    for answer in answers:
        if answer.outcome == "refused":
            messages.error(request, f"{names[answer.enrollment_id]}: {answer.detail}")


@require_POST
@member_page
def open_for_everybody(request: HttpRequest, actor: Actor, cohort: UUID) -> HttpResponse:
    """Open a part of the journey by hand for everybody in the cohort who has not got it open."""
    board = get_board(actor, cohort)
    require_change(board)
    form = OpenForm(request.POST, keys=by_hand(board.outline))
    if not form.is_valid():
        messages.error(request, _("This journey has no such part to open. Choose one of those shown."))
        return redirect("cohort-board", cohort)
    key = form.cleaned_data["key"]
    ids = list(people_of(actor, board).values_list("pk", flat=True))
    try:
        count = release_many(enrollment_ids=ids, key=key, actor_id=person_of(request).pk, now=now_of(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext(
            "“%(title)s” is opened by hand for %(n)s person.", "“%(title)s” is opened by hand for %(n)s people.", count
        )
        messages.success(request, words % {"title": title_of(board.outline, key), "n": count})
    return redirect("cohort-board", cohort)
