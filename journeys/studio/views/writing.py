"""Forms that lose nothing: entries are kept while they are typed, and two designers in one form see both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from config.support.errors import DomainError
from config.support.templatetags.waymark import local_clock
from journeys.authoring.errors import EditedMeanwhile
from journeys.authoring.models import JourneyVersion
from journeys.authoring.queries.history import edits_to_expect, was_edited_by
from journeys.publishing.queries import changed_since
from journeys.studio.actions import hold_form, let_go_of_form
from journeys.studio.models import HeldForm
from journeys.studio.queries import held_forms, skill_titles
from journeys.studio.views.access import expected_edits
from journeys.studio.views.findings import with_titles

# Of the request, not of what was written.
NOT_WRITTEN = frozenset({"csrfmiddlewaretoken", "edits", "intent", "next"})


@dataclass(frozen=True, slots=True)
class Writing:
    """
    What is being written at one form of a draft.

    what, key: the module or step that the form is of; key "" for a new one. held: the entries of the designer that are
    not saved yet. others: those of other designers, of which only who and when may be shown.
    """

    request: HttpRequest
    actor: Actor
    version: JourneyVersion
    what: str
    key: str
    place: str
    held: HeldForm | None
    others: Sequence[HeldForm]

    @property
    def data(self) -> QueryDict | None:
        """What the forms of the page are filled with: what was sent, else what is held, which is judged by nobody."""
        if self.request.method == "POST":
            return self.request.POST
        if self.held is None or not self.version.is_draft:
            return None
        kept = QueryDict(mutable=True)
        for name, values in self.held.fields.items():
            kept.setlist(name, values)
        # As if another row had been asked for: it is shown, and nothing is said about what is missing yet.
        kept["held-add"] = "1"
        return kept

    @property
    def edits(self) -> int:
        """How many edits the page knows of: as many as when the writing began."""
        if self.request.method == "POST":
            return expected_edits(self.request)
        return self.held.edits if self.held and self.data else self.version.edits

    @property
    def expected(self) -> int:
        """
        How many edits the act on save expects; see edits_to_expect.

        What is new collides with nothing that others did; only a form that was sent twice is refused.
        """
        known = expected_edits(self.request)
        if self.key:
            return edits_to_expect(self.version, self.what, self.key, known)
        return known if was_edited_by(self.version.pk, self.actor.user_id, since=known) else self.version.edits

    @property
    def is_saving(self) -> bool:
        """Whether the button that was pressed puts the entries into the draft."""
        return self.request.method == "POST" and not self._is_looking

    @property
    def collision(self) -> DomainError | None:
        """What somebody is told who asks for both sides before saving; None where there is only one."""
        is_other = self._is_looking and self.expected != self.version.edits
        return EditedMeanwhile() if is_other else None

    @property
    def _is_looking(self) -> bool:
        return self.request.method == "POST" and self.request.POST.get("intent") == "both"

    def end(self) -> None:
        """Forget the entries, because they are saved or not wanted."""
        if self.actor.user_id is not None:
            let_go_of_form(version_id=self.version.pk, user_id=self.actor.user_id, place=self.place)

    def answer(self) -> HttpResponse | None:
        """Answer a request that only keeps or discards entries; None for every other."""
        if self.request.headers.get("X-Autosave") == "1":
            return self._keep()
        if self.request.POST.get("intent") == "discard":
            self.end()
            messages.success(self.request, _("Your entries are gone. This is what stands in the draft."))
            return redirect(self.request.get_full_path())
        return None

    def _keep(self) -> HttpResponse:
        if not self.version.is_draft or self.actor.user_id is None:
            return JsonResponse({"detail": "This version does not change."}, status=409)
        known, now = expected_edits(self.request), self.request.now  # type: ignore[attr-defined]
        hold_form(
            version_id=self.version.pk,
            user_id=self.actor.user_id,
            place=self.place,
            fields={name: values for name, values in self.request.POST.lists() if name not in NOT_WRITTEN},
            edits=known,
            now=now,
        )
        if self.expected != self.version.edits:
            # Kept all the same; the page shows the way to both.
            return JsonResponse({"detail": "Somebody else saved this meanwhile."}, status=409)
        return JsonResponse({"saved": local_clock(now)})

    def told(self, refusal: DomainError | None) -> DomainError | None:
        """Return a refusal as the page tells it, which shows both sides where there are two."""
        if not isinstance(refusal, EditedMeanwhile):
            return refusal
        return EditedMeanwhile(_("Somebody else changed this draft meanwhile. Both are here, and nothing is lost."))

    def context(self, *, forms: Sequence[Any], refusal: DomainError | None) -> dict[str, Any]:
        """What the templates take; where somebody else saved meanwhile, that both are shown."""
        is_refused = isinstance(refusal, EditedMeanwhile)
        shown: dict[str, Any] = {"writing": self, "edits": self.version.edits if is_refused else self.edits}
        if is_refused:
            since = changed_since(self.version, expected_edits(self.request))
            skills = skill_titles(self.actor)
            shown["since"] = since
            shown["since_words"] = [with_titles(words, skills) for words in since.words]
            shown["theirs"] = list(_theirs(forms))
        return shown


def writing_at(request: HttpRequest, actor: Actor, version: JourneyVersion, what: str, key: str, place: str) -> Writing:
    """Return what is being written at a form; one query."""
    held = held_forms(version.pk, place)
    own = next((one for one in held if one.user_id == actor.user_id), None)
    return Writing(request, actor, version, what, key, place, own, [one for one in held if one is not own])


def _theirs(forms: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """What stands in the draft now, field by field, where something else was entered."""
    for form in forms:
        for bound in form if hasattr(form, "fields") else ():
            now, entered = bound.initial, bound.value()
            if str(now if now is not None else "") != str(entered if entered is not None else ""):
                yield str(bound.label), _in_words(bound, now)


def _in_words(bound: Any, value: Any) -> str:
    choices = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(one, one)) for one in value)
    return str(choices.get(value, "" if value is None else value))
