"""Pages of the administration that import a framework: choose a file, see what it changes, confirm."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from config.accounts.session import actor_of
from config.support.clock import now
from config.support.errors import DomainError
from content.skills.actions.importing import import_upload
from content.skills.errors import FrameworkFileInvalid, SkillInvalid
from content.skills.forms import FrameworkFileForm, FrameworkTextsForm
from content.skills.queries.importing import compare_framework, read_framework
from content.skills.rules.esco import REUSE_LEVELS
from content.skills.rules.framework_file import FrameworkFile
from content.uploads.actions import drop_upload, hold_upload
from content.uploads.models import HeldUpload, Purpose
from content.uploads.queries import held_upload

PAGES = "content/skills/admin"
# Enough to see what kind of change it is; the numbers stand beside.
MOST_LINES = 200


class ImportPages:
    """Adds the two pages to the administration of frameworks."""

    admin_site: AdminSite
    model: type[Model]

    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Take a file and keep it for the next page, or tell every fault of it."""
        actor = _author(request)
        form = FrameworkFileForm(request.POST, request.FILES) if request.method == "POST" else FrameworkFileForm()
        if request.method != "POST" or not form.is_valid():
            return self._page(request, "import.html", form=form, status=422 if form.errors else 200)
        upload, levels = form.cleaned_data["file"], form.cleaned_data["levels"]
        data = upload.read()
        try:
            read_framework(data, levels=levels)
        except FrameworkFileInvalid as refusal:
            return self._page(request, "import.html", form=form, faults=refusal.faults, status=422)
        held = hold_upload(
            organization_id=actor.organization_id,
            user_id=actor.user_id or 0,
            purpose=Purpose.SKILLS,
            name=upload.name,
            data=data,
            now=now(),
        )
        address = reverse("admin:content_skillframework_import_check", args=[held.uuid])
        return HttpResponseRedirect(f"{address}?{urlencode({'level': levels}, doseq=True)}" if levels else address)

    def import_check(self, request: HttpRequest, upload_uuid: UUID) -> HttpResponse:
        """Show what a file would change and ask for what it does not say; then write it as a new version."""
        actor = _author(request)
        held = held_upload(actor, upload_uuid, purpose=Purpose.SKILLS, now=now())
        if "forget" in request.POST:
            drop_upload(upload_id=held.pk)
            messages.info(request, _("The file is forgotten. Nothing was changed."))
            return HttpResponseRedirect(reverse("admin:content_skillframework_changelist"))
        file = read_framework(
            bytes(held.data), levels=[level for level in request.GET.getlist("level") if level in REUSE_LEVELS]
        )
        if request.method != "POST":
            return self._check(request, actor, held, file)
        form = FrameworkTextsForm(request.POST)
        form.is_valid()
        try:
            made = import_upload(
                upload_id=held.pk,
                organization_id=actor.organization_id,
                file=file,
                seen=request.POST.get("seen", ""),
                now=now(),
                **form.cleaned_data,
            )
        except SkillInvalid as refusal:
            form.take(refusal.faults)
            return self._check(request, actor, held, file, form)
        except DomainError as refusal:
            form.add_error(None, refusal.detail)
            return self._check(request, actor, held, file, form)
        messages.success(request, _("“%(framework)s” is imported.") % {"framework": made})
        return HttpResponseRedirect(reverse("admin:content_skillframework_change", args=[made.pk]))

    def _check(
        self,
        request: HttpRequest,
        actor: Actor,
        held: HeldUpload,
        file: FrameworkFile,
        form: FrameworkTextsForm | None = None,
    ) -> HttpResponse:
        comparison = compare_framework(organization_id=actor.organization_id, file=file)
        base, change = comparison.base, comparison.change
        initial = {
            name: getattr(file, name) or (getattr(base, name) if base and name != "version" else "")
            for name in ("title", "version", "source_uri", "license")
        }
        groups = [(_("New"), change.added), (_("Changed"), change.changed), (_("Gone"), change.gone)]
        return self._page(
            request,
            "import_check.html",
            form=form or FrameworkTextsForm(initial=initial),
            held=held,
            file=file,
            comparison=comparison,
            groups=[(words, lines[:MOST_LINES], len(lines)) for words, lines in groups if lines],
            status=422 if form else 200,
        )

    def _page(self, request: HttpRequest, template: str, *, status: int, **context: Any) -> HttpResponse:
        page = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("Import a framework"),
            **context,
        }
        return TemplateResponse(request, f"{PAGES}/{template}", page, status=status)


def _author(request: HttpRequest) -> Actor:
    """Return the actor if they design or administer; for anybody else the pages do not exist."""
    actor = actor_of(request)
    if actor is None or not (actor.is_designer or actor.is_administrator):
        raise Http404
    return actor
