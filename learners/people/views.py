"""The page behind the link of an invitation."""

from datetime import datetime
from typing import cast

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.accounts.session import ACTIVE_ORGANIZATION
from learners.people.actions import accept_invitation
from learners.people.errors import InvitationOver
from learners.people.forms import FirstPasswordForm
from learners.people.models import InvitationMail
from learners.people.queries import find_invitation, has_signed_in


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password and come in; a look changes nothing, and mail scanners look."""
    now = cast(datetime, request.now)  # type: ignore[attr-defined]
    found = find_invitation(token)
    if found is None or not _is_open(found, now):
        return _over(request, found)
    user = found.membership.user
    form = FirstPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(token=token, password=form.cleaned_data["new_password1"], now=now)
        except InvitationOver:
            return _over(request, found)
        answer = cast(HttpResponse, perform_login(request, user, email_verification="none"))
        request.session[ACTIVE_ORGANIZATION] = found.membership.organization_id
        return answer
    context = {"invitation": found, "form": form, "person": user}
    status = 422 if form.errors else 200
    return render(request, "learners/people/invitation.html", context, status=status)


def _is_open(found: InvitationMail, now: datetime) -> bool:
    user = found.membership.user
    return now <= found.expires_at and user.is_active and found.membership.is_active and not has_signed_in(user)


def _over(request: HttpRequest, found: InvitationMail | None) -> HttpResponse:
    is_here = found is not None and has_signed_in(found.membership.user)
    context = {"is_here": is_here}
    return render(request, "learners/people/invitation_over.html", context, status=200 if is_here else 404)
