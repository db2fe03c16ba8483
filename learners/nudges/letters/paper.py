"""What every mail shares: templates in the reader's language, text beside HTML, and headers to stop it."""

from dataclasses import dataclass
from typing import Any, Final

import mrml
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from learners.nudges.channels.contract import Letter

LONGEST_SUBJECT: Final = 90
_ENDS: Final = "?.!؟。？"
# By default a font that is merely named in a list would be fetched from its maker when the mail is opened.
_RENDERING: Final = mrml.RenderOptions(fonts={})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: address, whole name, the name to greet with, language and time zone."""

    address: str
    name: str
    greeting: str
    locale: str
    zone: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways out that each mail offers: the page of preferences ("" for people without one) and the signed stop link."""

    stop_url: str
    stop_words: str
    preferences_url: str = ""


def write(
    template: str, *, reader: Reader, subject: str, ways: Ways, message_id: str, context: dict[str, Any]
) -> Letter:
    """
    Render one mail from `learners/nudges/<template>.mjml` and `.txt`; the caller has activated the reader's language.

    Every value is escaped in the HTML, so that a name or a plan can hold any character.
    """
    is_right_to_left = translation.get_language_bidi()
    values = {
        **context,
        "subject": subject,
        "greeting": reader.greeting,
        "address": reader.address,
        "language": translation.get_language() or "en",
        "dir": "rtl" if is_right_to_left else "ltr",
        "start": "right" if is_right_to_left else "left",
        "preferences_url": ways.preferences_url,
        "stop_url": ways.stop_url,
        "stop_words": ways.stop_words,
    }
    return Letter(
        address=reader.address,
        name=reader.name,
        subject=subject,
        text=get_template(f"learners/nudges/{template}.txt").render(values).strip() + "\n",
        html=_to_html(get_template(f"learners/nudges/{template}.mjml").render(values)),
        message_id=message_id,
        headers={
            "List-Unsubscribe": f"<{ways.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def subject_of(text: str) -> str:
    """Return the first sentence of a text as a subject line; a long one is cut at a word."""
    line = " ".join(text.split())
    for index, sign in enumerate(line[: LONGEST_SUBJECT + 1]):
        if sign in _ENDS and (index + 1 == len(line) or line[index + 1] == " ") and index > 8:
            return line[: index + 1]
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[:LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def category_words(category: str) -> str:
    """Say in the active language what messages of a category are, as they stand in a sentence."""
    return {
        "practice": _("practice prompts and check-ins"),
        "reflection": _("reflection prompts"),
        "step": _("messages about the next step"),
        "due": _("messages about due dates"),
        "live": _("messages about live sessions"),
        "digest": _("the summary"),
        "service": _("welcome mails and requests to confirm a practice"),
    }.get(category, _("messages of this kind"))


def stop_words_of(category: str) -> str:
    """Say in the active language what the stop link of a category stops."""
    return _("Stop %(what)s by e-mail") % {"what": category_words(category)}


def _to_html(source: str) -> str:
    return str(mrml.to_html(source, render_options=_RENDERING).content)
