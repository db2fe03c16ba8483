"""The person's own hand on their data: download it, erase it."""

import logging
from datetime import datetime
from typing import cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.errors import MailAway
from config.accounts.models import User
from config.demo.mail import forget_mails
from config.personal_data.actions import erase_person, export_person
from config.personal_data.errors import StillNeeded, WrongCode
from config.personal_data.forms import CodeForm, ErasingForm
from config.personal_data.packing import as_zip
from config.personal_data.proof import has_other_ways, is_proven, send_code, take_code
from config.personal_data.queries import held_by_nobody_else, what_would_go

logger = logging.getLogger(__name__)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is kept about the person, of all their organizations, as one zip."""
    person = cast(User, request.user)
    files = export_person(user_id=person.pk, actor_id=person.pk, now=_now(request))
    response = HttpResponse(as_zip(files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="waymark-my-data-{_now(request):%Y-%m-%d}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase(request: HttpRequest) -> HttpResponse:
    """Say what is lost and who notices; erase when the person has shown who they are and says so."""
    person = cast(User, request.user)
    if not is_proven(request):
        return redirect(_way_to_prove(person))
    if held := held_by_nobody_else(person):
        raise StillNeeded(
            _("Nobody but you administers %(names)s. Name another administrator first.") % {"names": ", ".join(held)}
        )
    form = ErasingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "gone": what_would_go(person)}
        return render(request, "personal_data/erase.html", context, status=422 if form.is_bound else 200)
    return _erase(request, person)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def code(request: HttpRequest) -> HttpResponse:
    """Ask somebody who signs in without a password for a mailed code; a GET sends nothing."""
    person = cast(User, request.user)
    if has_other_ways(person):
        return redirect(_way_to_prove(person))
    form, was_sent = CodeForm(), False
    if "code" in request.POST:
        form, was_sent = CodeForm(request.POST), True
        if form.is_valid() and _fits(request, person, form):
            return redirect("erase-me")
    elif request.method == "POST":
        was_sent = send_code(request, person)
        if not was_sent:
            messages.error(request, _("That was often. Wait a minute, then ask for a new code."))
    context = {"form": form, "was_sent": was_sent, "person": person}
    return render(request, "personal_data/code.html", context, status=422 if form.is_bound else 200)


def _now(request: HttpRequest) -> datetime:
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def _way_to_prove(person: User) -> str:
    if not has_other_ways(person):
        return reverse("erase-me-code")
    way = get_adapter().get_reauthentication_methods(person)[0]["url"]
    return f"{way}?next={reverse('erase-me')}"


def _fits(request: HttpRequest, person: User, form: CodeForm) -> bool:
    try:
        take_code(request, person, form.cleaned_data["code"])
    except WrongCode as error:
        form.add_error("code", str(error))
        return False
    return True


def _erase(request: HttpRequest, person: User) -> HttpResponse:
    address, words = person.email, [person.email, person.name]
    erase_person(user_id=person.pk, now=_now(request))
    logout(request)
    forget_mails(words)
    try:
        get_adapter().send_mail("personal_data/email/erased", address, {})
    except MailAway:
        logger.warning("An erasing could not be confirmed by mail")
    messages.success(request, _("Everything about you was erased."))
    return redirect(settings.LOGIN_URL)
