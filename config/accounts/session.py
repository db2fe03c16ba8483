"""Who is asking on a page: built once a request from the session."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from config.accounts.actor import Actor
from config.accounts.errors import NoOrganization
from config.accounts.models import User
from config.accounts.queries import actor_of_person

ACTIVE_ORGANIZATION = "organization"
P = ParamSpec("P")


def actor_of(request: HttpRequest) -> Actor | None:
    """Return the actor behind a page request, None for an anonymous one; at most one query a request."""
    if not hasattr(request, "_waymark_actor"):
        user = cast(User, request.user)
        wanted = request.session.get(ACTIVE_ORGANIZATION)
        actor = actor_of_person(user, organization_id=wanted) if user.is_authenticated else None
        request._waymark_actor = actor  # type: ignore[attr-defined]
    return cast("Actor | None", request._waymark_actor)  # type: ignore[attr-defined]


def member_page(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """
    Let a page be seen by signed-in members only; the view gets the Actor as its second argument.

    An anonymous visitor goes to sign-in; a person without any organization is told whom to ask. Whoever operates the
    installation founds organizations, so without one they are led to where that is done.
    """

    @login_required
    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = actor_of(request)
        if actor is None:
            if cast(User, request.user).is_superuser:
                return redirect("admin:index")
            raise NoOrganization
        return view(request, actor, *args, **kwargs)

    @wraps(view)
    def entry(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = page(request, *args, **kwargs)
        if (
            isinstance(answer, HttpResponseRedirect)
            and getattr(request, "htmx", None)
            and not request.user.is_authenticated
        ):
            # htmx would follow the redirect and put the sign-in page inside this one.
            return HttpResponse(headers={"HX-Redirect": answer.url})
        return answer

    return entry
