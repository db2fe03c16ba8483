"""One-click sign-ins and the mail folder; both exist only where the demo was loaded."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import cast

from allauth.account.utils import perform_login
from csp.decorators import csp
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from config.accounts.models import Organization, User
from config.demo.mail import KeptMail, list_mails, read_mail
from config.demo.sign_ins import SIGN_INS

SHOWN_MAILS = 100


def demo_is_loaded() -> bool:
    """Return whether this installation holds the demo organization; one query."""
    return Organization.objects.filter(is_demo=True).exists()


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the five demo people; 404 everywhere but in a demo, and for every other address."""
    sign_in = next((sign_in for sign_in in SIGN_INS if sign_in.email == request.POST.get("email")), None)
    if sign_in is None:
        raise Http404
    person = User.objects.filter(email=sign_in.email, memberships__organization__is_demo=True).first()
    if person is None:
        raise Http404
    return cast(HttpResponse, perform_login(request, person, redirect_url=reverse(sign_in.begins_at)))


def _mail(mail_id: str) -> EmailMessage:
    """Return one mail; 404 where it is unknown, where no demo is loaded, or where mail goes to a real server."""
    message = read_mail(mail_id) if not settings.EMAIL_URL and demo_is_loaded() else None
    if message is None:
        raise Http404
    return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


@require_GET
def mail_list(request: HttpRequest) -> HttpResponse:
    """Show the mails of the folder, or those to one person (`?to=`), by pages; 404 where there is no such folder."""
    if settings.EMAIL_URL or not demo_is_loaded():
        raise Http404
    to = request.GET.get("to", "")
    mails, names = list_mails(to)
    page = Paginator(mails, SHOWN_MAILS).get_page(request.GET.get("page"))
    known = {person.email: person for person in User.objects.filter(email__in=names)}
    people = [(address, name or str(known.get(address, ""))) for address, name in names.items()]
    context = {
        "page": page,
        "mails": _zoned(page, known),
        "people": sorted(people, key=lambda one: (one[1] or one[0]).casefold()),
        "to": to,
    }
    return render(request, "demo/mail_list.html", context)


def _zoned(mails: Page[KeptMail], known: Mapping[str, User]) -> list[tuple[KeptMail, str]]:
    """Return each mail with the zone of whoever got it; of somebody without an account, with the organization's."""
    usual = Organization.objects.get(is_demo=True).time_zone
    return [(mail, known[mail.to].time_zone if mail.to in known else usual) for mail in mails]


@require_GET
def mail_detail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """Show one mail: its headers and its text part. The HTML part has an address of its own."""
    message = _mail(mail_id)
    headers = ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"]
    context = {
        "mail_id": mail_id,
        "subject": message["Subject"],
        "headers": [(name, message[name]) for name in headers if message[name]],
        "text": _part(message, "plain"),
        "has_html": bool(_part(message, "html")),
    }
    return render(request, "demo/mail_detail.html", context)


# A mail styles itself inline; nothing else is let through, and the page cannot be framed or act as ours.
@csp(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'none'"],
        "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
    }
)
@require_GET
def mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """Return the HTML part as a page of its own: no script, no request elsewhere, only the mail's own styles."""
    return HttpResponse(_part(_mail(mail_id), "html"))
