"""What a designer expects of a version: written as YAML, with what the schedule says beside it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.support.errors import DomainError
from journeys.authoring.actions.aims import set_expectations
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.content import VersionContent
from journeys.schedule.tree import RuleError
from journeys.studio.examples import examples
from journeys.studio.expected import ExpectationLine, expectation_lines, text_of_all
from journeys.studio.forms.expectations import ExpectationsForm
from journeys.studio.views.access import expected_edits, references, show, version_page


@require_http_methods(["GET", "POST"])
@version_page
def version_expectations(request: HttpRequest, _actor: Actor, version: JourneyVersion) -> HttpResponse:
    """Show each expectation with what the schedule says; save them, or only try them (`try` in the form)."""
    content = content_of(version.pk)
    is_posted = request.method == "POST"
    form = ExpectationsForm(request.POST if is_posted else None, text=text_of_all(content.expectations))
    refusal = None
    is_tried = is_posted and "try" in request.POST
    if form.is_bound and form.is_valid() and not is_tried:
        try:
            set_expectations(
                version_id=version.pk, expectations=form.expectations, expected_edits=expected_edits(request)
            )
            messages.success(request, _("Saved."))
            return redirect("studio-expectations", version.uuid)
        except DomainError as error:
            refusal = error
    written = form.expectations if form.is_bound and form.is_valid() else content.expectations
    lines = _lines(content, written)
    return show(
        request,
        "expectations.html",
        version=version,
        content=content,
        forms=[form],
        refusal=refusal,
        form=form,
        lines=[(line, _ways(version, content, line)) for line in lines or []],
        is_tried=is_tried and form.is_valid(),
        is_computable=lines is not None,
        verdict=_verdict(lines or []),
        examples=list(examples(content)),
        names=[
            *references(content),
            *((nudge.key, nudge.name) for nudge in content.nudges),
            *((event.key, event.title) for event in content.events),
        ],
    )


def _ways(version: JourneyVersion, content: VersionContent, line: ExpectationLine) -> list[tuple[str, str]]:
    """Where an expectation that does not come true is looked into and mended, as (address, words)."""
    found: list[tuple[str, str]] = []
    module, _slash, step = line.subject.partition("/")
    if line.subject in content.outline.titles:
        place = reverse("studio-step" if step else "studio-module", args=[version.uuid, step or module])
        words = _("Change when %(what)s opens or is due") % {"what": content.outline.titles[line.subject]}
        found.append((f"{place}#opens", words))
    if line.run:
        found.append(
            (f"{reverse('studio-simulate', args=[version.uuid])}?{urlencode(line.run)}", _("See the whole run"))
        )
    return found


def _lines(content: VersionContent, written: object) -> list[ExpectationLine] | None:
    """None where a rule of the version cannot be read, so that nothing can be said."""
    try:
        return expectation_lines(content, list(written))  # type: ignore[call-overload]
    except RuleError:
        return None


def _verdict(lines: list[ExpectationLine]) -> str:
    failing = sum(not line.holds for line in lines)
    if failing:
        return ngettext(
            "%(failing)d of %(all)d does not come true.", "%(failing)d of %(all)d do not come true.", failing
        ) % {"failing": failing, "all": len(lines)}
    return ngettext("It comes true.", "All %(all)d come true.", len(lines)) % {"all": len(lines)}
