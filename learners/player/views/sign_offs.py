"""The page behind the signed link: somebody confirms a practice, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.support.errors import DomainError, InvalidInput
from learners.player.forms import SignOffForm
from learners.player.views.edge import now_of
from learners.progress.actions.signing_off import answer_sign_off
from learners.progress.errors import AnsweredAlready, LinkExpired
from learners.progress.queries.sign_offs import sign_off_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, or take the answer; a look changes nothing."""
    now = now_of(request)
    try:
        page = sign_off_page(token=token, now=now)
        if page.state != "asked":
            return render(request, "learners/player/sign_off_done.html", {"page": page})
        form = SignOffForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _take(form, token, request):
            return redirect("sign-off", token)
    except LinkExpired:
        return render(request, "learners/player/sign_off_expired.html", status=404)
    context = {"page": page, "form": form}
    return render(request, "learners/player/sign_off.html", context, status=422 if form.errors else 200)


def _take(form: SignOffForm, token: str, request: HttpRequest) -> bool:
    values = form.cleaned_data
    try:
        answer_sign_off(token=token, answer=values["verdict"], comment=values["comment"], now=now_of(request))
    except AnsweredAlready:
        return True
    except LinkExpired:
        raise
    except InvalidInput as refusal:
        form.add_error("comment", str(refusal))
        return False
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
