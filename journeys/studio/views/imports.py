"""A journey out of a bundle and into one: choose a file, see what it changes, confirm; and download."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.actor import Actor
from config.support.errors import DomainError, Fault
from content.uploads.actions import drop_upload, hold_upload
from content.uploads.errors import UploadGone
from content.uploads.models import HeldUpload, Purpose
from content.uploads.queries import held_upload
from journeys.authoring.models import JourneyVersion
from journeys.bundle.errors import BundleFaults, ShownOtherwise
from journeys.bundle.queries import Bundle, bundle_archive, compare_bundle
from journeys.bundle.queries.archive import read_archive
from journeys.bundle.queries.checking import check_bundle, complete, known_skills
from journeys.bundle.queries.reading import scan_files
from journeys.bundle.queries.schemas import schema_archive
from journeys.studio.actions import import_upload
from journeys.studio.forms.imports import BundleForm
from journeys.studio.views.access import designer_page, version_page

# A page that lists hundreds helps nobody; the command lists all of them.
MOST_FAULTS = 100


@require_http_methods(["GET", "POST"])
@designer_page
def bundle_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a bundle and keep it for the next page, or tell every fault of it."""
    form = BundleForm(request.POST, request.FILES) if request.method == "POST" else BundleForm()
    if request.method != "POST" or not form.is_valid():
        return _choose(request, form)
    file = form.cleaned_data["file"]
    data = file.read()
    try:
        bundle = _bundle(data, file.name, actor)
        compare_bundle(bundle, organization_id=actor.organization_id)
    except BundleFaults as refusal:
        return _choose(request, form, refusal.faults)
    held = hold_upload(
        organization_id=actor.organization_id,
        user_id=_person(actor),
        purpose=Purpose.BUNDLE,
        name=file.name,
        data=data,
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("studio-import-check", held.uuid)


@require_http_methods(["GET", "POST"])
@designer_page
def bundle_import_check(request: HttpRequest, actor: Actor, upload_uuid: UUID) -> HttpResponse:
    """Show what a bundle would change, then write it into a draft. POST: seen, the mark of what was shown."""
    now = request.now  # type: ignore[attr-defined]
    held = held_upload(actor, upload_uuid, purpose=Purpose.BUNDLE, now=now)
    if "forget" in request.POST:
        drop_upload(upload_id=held.pk)
        messages.info(request, _("The bundle is forgotten. Nothing was changed."))
        return redirect("studio-journeys")
    try:
        bundle = _bundle(bytes(held.data), held.name, actor)
        if request.method == "POST":
            version = import_upload(
                upload_id=held.pk,
                bundle=bundle,
                seen=request.POST.get("seen", ""),
                organization_id=actor.organization_id,
                author_id=actor.user_id,
                now=now,
            )
            messages.success(request, _("The bundle is imported. This is the draft; learners see nothing of it."))
            return redirect("studio-version", version.uuid)
        return _check(request, actor, held, bundle)
    except ShownOtherwise as refusal:
        return _check(request, actor, held, bundle, refusal)
    except BundleFaults as refusal:
        # The skills or the journey it goes to were changed since the file was chosen.
        return _choose(request, BundleForm(), refusal.faults)
    except UploadGone:
        messages.info(request, _("This bundle was imported already."))
        return redirect("studio-journeys")


@require_safe
@version_page
def bundle_download(request: HttpRequest, actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Hand out a version as a bundle; the same version always gives the same bytes."""
    key = version.journey.key
    return _zip(bundle_archive(version.pk, key=key), f"{key}-{version.number}")


@require_safe
@designer_page
def bundle_schemas(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hand out the JSON Schemas of the format, which editors check files against while they are written."""
    return _zip(schema_archive(), "waymark-journey-schemas")


def _bundle(data: bytes, name: str, actor: Actor) -> Bundle:
    skills = known_skills(actor.organization_id)
    return complete(scan_files(read_archive(data, name=name)), skills=skills)


def _choose(request: HttpRequest, form: BundleForm, faults: tuple[Fault, ...] = ()) -> HttpResponse:
    context = {"form": form, "faults": faults[:MOST_FAULTS], "more": max(0, len(faults) - MOST_FAULTS)}
    return render(request, "journeys/studio/import.html", context, status=422 if faults or form.errors else 200)


def _check(
    request: HttpRequest, actor: Actor, held: HeldUpload, bundle: Bundle, refusal: DomainError | None = None
) -> HttpResponse:
    content = bundle.content
    context: dict[str, Any] = {
        "held": held,
        "content": content,
        "steps": len(list(content.steps)),
        "comparison": compare_bundle(bundle, organization_id=actor.organization_id),
        "findings": check_bundle(bundle, skills=known_skills(actor.organization_id)),
        "refusal": refusal,
    }
    return render(request, "journeys/studio/import_check.html", context, status=refusal.status if refusal else 200)


def _zip(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer


def _person(actor: Actor) -> int:
    assert actor.user_id is not None  # noqa: S101  designer_page lets nobody else through
    return actor.user_id
