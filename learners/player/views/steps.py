"""The player: shows a step, takes its answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import DomainError, InvalidInput
from config.support.templatetags.waymark import local_clock
from learners.player.actions import answer_step, draft_step, replay_step
from learners.player.errors import NewerVersion
from learners.player.forms import AskForm
from learners.player.queries.step import OpenStep, load_step, sign_offs_of
from learners.player.views.edge import note_first_visit, now_of
from learners.player.views.step_page import AUTOSAVED, AnyForm, fault_field, page_context, way_on
from learners.progress.actions.signing_off import ask_sign_off, withdraw_sign_off
from learners.progress.models import SignOffState


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def step(request: HttpRequest, actor: Actor, enrollment: UUID, step_key: str) -> HttpResponse:
    """Show a step, or take its answer: whole, one move of it, a draft, or the wish to begin again."""
    opened = load_step(actor, enrollment, step_key, now=now_of(request))
    note_first_visit(opened.walk.enrollment, now_of(request))
    if not opened.step_place.is_reachable:
        # A post must not look kept: the script of the page takes any success for one.
        status = 403 if request.method == "POST" else 200
        return render(request, "learners/player/locked.html", page_context(request, opened), status=status)
    if request.method != "POST":
        return _show(request, opened)
    if "replay" in request.POST:
        replay_step(place=opened.place, now=now_of(request))
        return _stay(request, opened)
    if opened.place.kind.response_form is None:
        return _show(request, opened)
    form = opened.place.kind.response_form(opened.place.spec, request.POST, opened.response)
    if _wants_draft(request):
        return _draft(request, opened, form)
    return _answer(request, opened, form)


def _wants_draft(request: HttpRequest) -> bool:
    return request.POST.get("intent") == "draft" or request.headers.get("X-Autosave") == "1"


def _answer(request: HttpRequest, opened: OpenStep, form: AnyForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, opened, form=form, status=422)
    response = form.to_response()
    try:
        outcome = answer_step(
            place=opened.place, response=response, revision=_revision(request, opened), now=now_of(request)
        )
    except NewerVersion:
        return _show_both(request, opened, form)
    except DomainError as refusal:
        _put_refusal(form, refusal)
        return _show(request, opened, form=form, status=422)
    if not outcome.completed or opened.place.kind.explains:
        return _stay(request, opened)
    return _go_on(request, opened)


def _draft(request: HttpRequest, opened: OpenStep, form: AnyForm) -> HttpResponse:
    is_script = request.headers.get("X-Autosave") == "1"
    if _is_too_long(form):
        return (
            JsonResponse({"detail": "Too long to keep."}, status=422) if is_script else _answer(request, opened, form)
        )
    try:
        revision = draft_step(
            place=opened.place, response=form.to_draft(), revision=_revision(request, opened), now=now_of(request)
        )
    except NewerVersion:
        if is_script:
            return JsonResponse({"detail": "A newer version exists."}, status=409)
        return _show_both(request, opened, form)
    except DomainError as refusal:
        if is_script:
            return JsonResponse({"detail": str(refusal)}, status=422)
        _put_refusal(form, refusal)
        return _show(request, opened, form=form, status=422)
    if is_script:
        return JsonResponse({"revision": revision, "saved": local_clock(now_of(request), opened.walk.zone)})
    messages.success(request, _("Saved. Go on whenever you like."))
    return redirect("today")


def _revision(request: HttpRequest, opened: OpenStep) -> str | None:
    """The state of the text that the page knew; answers without a text of one's own are not held against it."""
    return request.POST.get("revision", "") if opened.place.kind.key in AUTOSAVED else None


def _is_too_long(form: AnyForm) -> bool:
    """Whether something would be cut: a draft may lack anything, and may lose nothing."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return "max_length" in codes


def _put_refusal(form: AnyForm, refusal: DomainError) -> None:
    """Write a refusal beside the field that it is about, so that nothing the learner typed is lost."""
    for fault in refusal.faults:
        form.add_error(fault_field(form, fault.pointer), fault.detail)
    if not refusal.faults:
        form.add_error(None, str(refusal))


def _show(request: HttpRequest, opened: OpenStep, *, form: AnyForm | None = None, status: int = 200) -> HttpResponse:
    is_partial = getattr(request, "htmx", None) and request.method == "POST"
    template = "learners/player/step_partial.html" if is_partial else "learners/player/step.html"
    return render(request, template, page_context(request, opened, form=form), status=status)


def _show_both(request: HttpRequest, opened: OpenStep, form: AnyForm) -> HttpResponse:
    """Show the newer text beside the one that was sent; whoever saves again now has seen both."""
    now = load_step(opened.place.actor, opened.walk.enrollment.uuid, opened.row.key, now=now_of(request))
    context = page_context(request, now, form=form, shows_both=True)
    return render(request, "learners/player/step.html", context, status=409)


def _stay(request: HttpRequest, opened: OpenStep) -> HttpResponse:
    """Show the same step again as it is now: a partial for htmx, else by way of a redirect."""
    enrollment = opened.walk.enrollment.uuid
    if not getattr(request, "htmx", None):
        return HttpResponseRedirect(request.path)
    now = load_step(opened.place.actor, enrollment, opened.row.key, now=now_of(request))
    return _show(request, now)


def _go_on(request: HttpRequest, opened: OpenStep) -> HttpResponse:
    """Lead on to the next step of the module, or to its end."""
    now = load_step(opened.place.actor, opened.walk.enrollment.uuid, opened.row.key, now=now_of(request))
    return HttpResponseRedirect(way_on(now))


@require_POST
@member_page
def sign_off(request: HttpRequest, actor: Actor, enrollment: UUID, step_key: str) -> HttpResponse:
    """Ask somebody to confirm a practice that was reported, or take the open request back."""
    opened = load_step(actor, enrollment, step_key, now=now_of(request))
    own = opened.walk.enrollment
    if request.POST.get("intent") == "withdraw":
        for asked in sign_offs_of(opened):
            if asked.state == SignOffState.ASKED:
                withdraw_sign_off(enrollment_id=own.pk, sign_off_uuid=asked.uuid, now=now_of(request))
        messages.success(request, _("The request is taken back. Its link does not work any more."))
        return redirect("step", enrollment, step_key)
    form = AskForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            ask_sign_off(
                enrollment_id=own.pk,
                step_key=step_key,
                email=values["email"],
                name=values["name"],
                shows_report=values["shows_report"],
                now=now_of(request),
            )
        except InvalidInput as refusal:
            form.add_error("email", str(refusal.faults[0].detail if refusal.faults else refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. The mail is on its way."))
            return redirect("step", enrollment, step_key)
    context = page_context(request, opened, ask=form)
    return render(request, "learners/player/step.html", context, status=422)
