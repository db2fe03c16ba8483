"""The pages on which a designer brings a version to people under way, reads the log, and takes a move back."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.accounts.actor import Actor
from config.support.errors import DomainError
from journeys.authoring.models import JourneyVersion
from journeys.authoring.models.journey import VersionStatus
from journeys.publishing.queries import diff_versions
from journeys.studio.queries import version_of
from journeys.studio.views.access import designer_page
from learners.rollout.actions import start_rollout, undo_rollout
from learners.rollout.forms import ChoiceForm, NoteForm
from learners.rollout.models import Policy, Rollout
from learners.rollout.queries import (
    RolloutPlan,
    cohorts_elsewhere,
    get_rollout,
    is_run,
    is_undone,
    list_affected,
    list_moved,
    plan_rollouts,
    read_log,
    unfinished,
)
from learners.rollout.words import count_words

# While people are moved, the page comes again by itself.
AGAIN_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """One policy to choose, with what it would do."""

    value: str
    label: str
    plan: RolloutPlan


@require_http_methods(["GET", "POST"])
@designer_page
def rollout_plan(request: HttpRequest, actor: Actor, /, *, version_uuid: UUID) -> HttpResponse:
    """Show whom the live version could reach and what that changes for each; then move them."""
    version = version_of(actor, version_uuid)
    if version.status != VersionStatus.PUBLISHED:
        live = version.journey.versions.filter(status=VersionStatus.PUBLISHED).first()
        context = {"version": version, "title": version.title, "live": live}
        return render(request, "learners/rollout/not_live.html", context)
    cohorts = list(cohorts_elsewhere(version))
    refusal = ""
    if request.method == "POST":
        form, note = ChoiceForm(request.POST, cohorts=cohorts), NoteForm(request.POST)
        if form.is_valid() and note.is_valid():
            try:
                return _start(request, actor, version, form, note)
            except DomainError as error:
                refusal = error.detail
    else:
        asked = request.GET if "policy" in request.GET else {"policy": Policy.NOT_STARTED}
        form, note = ChoiceForm(asked, cohorts=cohorts), NoteForm()
    return _show_plan(request, actor, version, form, note, refusal)


def _start(
    request: HttpRequest, actor: Actor, version: JourneyVersion, form: ChoiceForm, note: NoteForm
) -> HttpResponse:
    rollout = start_rollout(
        version_id=version.pk,
        policy=form.cleaned_data["policy"],
        cohort_ids=form.cohort_ids(),
        note=note.cleaned_data["note"],
        actor_id=actor.user_id,
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("rollout", rollout.uuid)


def _show_plan(
    request: HttpRequest, actor: Actor, version: JourneyVersion, form: ChoiceForm, note: NoteForm, refusal: str
) -> HttpResponse:
    is_valid = form.is_valid()
    policy = form.cleaned_data["policy"] if is_valid else Policy.NOT_STARTED
    cohort_ids = form.cohort_ids() if is_valid else []
    plans = plan_rollouts(version, cohort_ids=cohort_ids)
    people, page = list_affected(
        actor,
        version,
        policy=policy,
        cohort_ids=cohort_ids,
        page=request.GET.get("page"),
        now=request.now,  # type: ignore[attr-defined]
    )
    plan = plans[policy]
    context = {
        "version": version,
        "title": version.title,
        "form": form,
        "note": note,
        "refusal": refusal,
        "offers": [Offer(value, str(label), plans[value]) for value, label in Policy.choices],
        "chosen": {str(uuid) for uuid in form["cohorts"].value() or ()},
        "cohorts": list(cohorts_elsewhere(version)),
        "is_run": is_run(version),
        "policy": policy,
        "plan": plan,
        "totals": count_words(plan.totals),
        "lines": [(line, count_words(line.counts)) for line in plan.cohorts],
        "changes": _changes(version, plan),
        "people": people,
        "page": page,
        "unnamed": sum(line.people for line in plan.cohorts) - page.paginator.count,
        "moving": unfinished(version.journey_id),
    }
    return render(request, "learners/rollout/plan.html", context, status=200 if is_valid and not refusal else 422)


def _changes(version: JourneyVersion, plan: RolloutPlan) -> list[tuple[JourneyVersion, tuple[str, ...]]]:
    """What changes for those who come from each version, the newest of them first."""
    olds = {line.cohort.version.pk: line.cohort.version for line in plan.cohorts if line.cohort.version != version}
    ordered = sorted(olds.values(), key=lambda old: old.number, reverse=True)
    return [(old, diff_versions(old.pk, version.pk).for_learners) for old in ordered]


@require_safe
@designer_page
def rollout_detail(request: HttpRequest, actor: Actor, /, *, rollout_uuid: UUID) -> HttpResponse:
    """Show how far a rollout has come, whom it moved, and the way back."""
    rollout = get_rollout(actor, rollout_uuid)
    page, unnamed = list_moved(actor, rollout, page=request.GET.get("page"))
    context = {
        "rollout": rollout,
        "version": rollout.version,
        "title": rollout.version.title,
        "page": page,
        "unnamed": unnamed,
        "can_undo": _can_undo(rollout),
        "note": NoteForm(),
        "looked_at": rollout.moved + rollout.stayed,
    }
    response = render(request, "learners/rollout/rollout.html", context)
    if rollout.finished_at is None:
        response["Refresh"] = str(AGAIN_SECONDS)
    return response


def _can_undo(rollout: Rollout) -> bool:
    made_a_move = rollout.finished_at is not None and rollout.policy != Policy.KEEP and not rollout.undoes_id
    return made_a_move and not is_undone(rollout)


@require_POST
@designer_page
def rollout_undo(request: HttpRequest, actor: Actor, /, *, rollout_uuid: UUID) -> HttpResponse:
    """Take a rollout back."""
    first = get_rollout(actor, rollout_uuid)
    note = NoteForm(request.POST)
    try:
        rollout = undo_rollout(
            rollout_id=first.pk,
            note=note.cleaned_data["note"] if note.is_valid() else "",
            actor_id=actor.user_id,
            now=request.now,  # type: ignore[attr-defined]
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("rollout", first.uuid)
    messages.success(
        request,
        ngettext(
            "One person goes back to the version they came from.",
            "%(count)d people go back to the version they came from.",
            first.moved,
        )
        % {"count": first.moved},
    )
    return redirect("rollout", rollout.uuid)


@require_safe
@designer_page
def rollout_log(request: HttpRequest, actor: Actor, /, *, journey_uuid: UUID) -> HttpResponse:
    """Show everything that was published and moved in a journey, newest first."""
    journey, log = read_log(actor, journey_uuid)
    title = log[0].version.title if log else _("This journey")
    return render(request, "learners/rollout/log.html", {"journey": journey, "log": log, "title": title})
