"""The page behind the stop link of a mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.support.clock import now
from learners.nudges.actions.suppress import allow_messages, stop_messages
from learners.nudges.letters.paper import category_words
from learners.nudges.links import Stop, read_unsubscribe


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """
    Stop one kind of message by POST (RFC 8058: no sign-in, cookie or redirect); a GET shows a page and writes nothing.

    Mail programs and link scanners follow links, so only a POST counts. The token is the proof, so no CSRF token is
    asked for: a mail program has none.
    """
    stop = read_unsubscribe(token)
    if stop is None:
        return _broken(request)
    if request.method != "POST":
        return _page(request, stop, is_off=False)
    if "again" in request.POST:
        return _page(request, stop, is_off=False, was_allowed=True) if _allow(stop) else _broken(request)
    return _page(request, stop, is_off=True) if stop_messages(stop, now=now()) else _broken(request)


def _allow(stop: Stop) -> bool:
    return allow_messages(stop, now=now())


def _page(request: HttpRequest, stop: Stop, *, is_off: bool, was_allowed: bool = False) -> HttpResponse:
    words = category_words(stop.category)
    if is_off:
        heading, sentence = _("Done"), _("We no longer send you %(what)s by e-mail.") % {"what": words}
    elif was_allowed:
        heading, sentence = _("You get them again"), _("We send you %(what)s by e-mail again.") % {"what": words}
    else:
        heading = _("Stop these e-mails?")
        sentence = _("These are %(what)s. Everything else stays as it is.") % {"what": words}
    context = {
        "heading": heading,
        "sentence": sentence,
        "is_off": is_off,
        "act": _("Stop %(what)s") % {"what": words},
        "preferences_url": reverse("preferences"),
    }
    return render(request, "learners/nudges/unsubscribe.html", context)


def _broken(request: HttpRequest) -> HttpResponse:
    context = {"preferences_url": reverse("preferences")}
    return render(request, "learners/nudges/unsubscribe_broken.html", context, status=404)
