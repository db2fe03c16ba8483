"""If-then plans: the list, a change, and whether the moment came."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.actor import Actor
from config.accounts.session import member_page
from config.support.errors import InvalidInput
from learners.player.forms import CheckInForm, CommitmentForm
from learners.player.queries.promises import load_promises
from learners.player.views.edge import now_of, person_of
from learners.reflections import actions
from learners.reflections.models.commitment import Answer
from learners.reflections.queries import get_own_commitment


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the person's commitments with what they said about them."""
    promises = load_promises(actor, now=now_of(request))
    context = {"promises": promises, "zone": person_of(request).time_zone, "answers": dict(Answer.choices)}
    return render(request, "learners/player/commitments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def edit(request: HttpRequest, actor: Actor, commitment: UUID) -> HttpResponse:
    """Change a plan, or delete it."""
    plan = get_own_commitment(actor, commitment)
    if request.POST.get("intent") == "delete":
        actions.delete_commitment(actor=actor, commitment_uuid=commitment, now=now_of(request))
        messages.success(request, _("Deleted. The step stays done."))
        return redirect("commitments")
    form = CommitmentForm(request.POST or None, initial={"cue": plan.cue, "response": plan.response})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_commitment(actor=actor, commitment_uuid=commitment, now=now_of(request), **form.cleaned_data)
        except InvalidInput as refusal:
            for fault in refusal.faults:
                form.add_error(fault.pointer.strip("/"), fault.detail)
        else:
            messages.success(request, _("Your plan is changed."))
            return redirect(reverse("commitments") + f"#commitment-{commitment}")
    context = {"plan": plan, "form": form, "zone": person_of(request).time_zone}
    return render(request, "learners/player/commitment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def check_in(request: HttpRequest, actor: Actor, commitment: UUID) -> HttpResponse:
    """Ask whether the moment came; a GET, also from a mail's button, only shows the question."""
    plan = get_own_commitment(actor, commitment)
    if request.method != "POST":
        wanted = request.GET.get("answer", "")
        form = CheckInForm(initial={"answer": wanted if wanted in Answer.values else ""})
    else:
        form = CheckInForm(request.POST)
        if form.is_valid():
            actions.check_in(actor=actor, commitment_uuid=commitment, now=now_of(request), **form.cleaned_data)
            return _after(request, commitment, form.cleaned_data["answer"], has_note=bool(form.cleaned_data["note"]))
    context = {
        "plan": plan,
        "form": form,
        "said": request.GET.get("said", ""),
        "noted": plan.check_ins.filter(answered_at__gte=plan.changed_at).order_by("-answered_at", "-id").first(),
        "answers": Answer.choices,
        "zone": person_of(request).time_zone,
    }
    return render(request, "learners/player/check_in.html", context, status=422 if form.errors else 200)


def _after(request: HttpRequest, commitment: UUID, answer: str, *, has_note: bool) -> HttpResponse:
    """After an answer without a word, offer a line about it; after a line, go back."""
    if has_note:
        messages.success(request, _("Noted."))
        return redirect(reverse("commitments") + f"#commitment-{commitment}")
    return redirect(reverse("check-in", args=[commitment]) + f"?answer={answer}&said={answer}")
