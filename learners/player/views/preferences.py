"""What reaches a person, where and when."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.accounts.actor import Actor
from config.accounts.models import Membership
from config.accounts.session import member_page
from config.support.errors import InvalidInput
from learners.people.queries import channel_choices, get_preferences
from learners.player.actions import change_preferences
from learners.player.forms import PreferencesForm
from learners.player.queries.week import coming_week
from learners.player.views.edge import YEAR, now_of, person_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def preferences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show and keep how the person wants to be reached, with the week that follows from it."""
    person, now = person_of(request), now_of(request)
    kept, choices = get_preferences(person.pk), channel_choices(person.pk)
    form = PreferencesForm(request.POST or None, person=person, preferences=kept, choices=choices, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_preferences(user_id=person.pk, values=form.cleaned_data, choices=form.changed_choices(), now=now)
        except InvalidInput as refusal:
            for fault in refusal.faults:
                name = fault.pointer.strip("/")
                form.add_error(name if name in form.fields else None, fault.detail)
        else:
            return _saved(request, form.cleaned_data)
    context = {
        "form": form,
        "organizations": _organizations(actor),
        "week": coming_week(actor, person, preferences=kept, choices=choices, now=now),
        "paused_until": kept.paused_until,
        "zone": person.time_zone,
        "now": now,
    }
    return render(request, "learners/player/preferences.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, values: dict[str, object]) -> HttpResponse:
    messages.success(request, _("Saved. This is what reaches you from now on."))
    response = redirect("preferences")
    if values.get("locale"):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, str(values["locale"]), max_age=YEAR, samesite="Lax")
    return response


def _organizations(actor: Actor) -> list[dict[str, object]]:
    """The organizations to choose from, when there are several; one query."""
    mine = Membership.objects.filter(user_id=actor.user_id or 0, is_active=True).select_related("organization")
    rows = [
        {
            "name": row.organization.name,
            "uuid": row.organization.uuid,
            "is_active": row.organization_id == actor.organization_id,
        }
        for row in mine.order_by("organization__name")
    ]
    return rows if len(rows) > 1 else []
