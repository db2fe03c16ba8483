"""What stands in a preview in place of a learner's words and of the people of a cohort."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from content.kinds.contract import AudienceChoice
from content.kinds.reflection import AUDIENCE_LABELS


def words_at(spec: Any, titles: Mapping[str, str]) -> str:
    """Return what stands above a reflection that looks back, "" for another. titles: of steps, by MODULE/STEP."""
    if getattr(spec, "quote", "none") == "none":
        return ""
    return _("What the learner wrote in “%(title)s” stands here.") % {"title": titles.get(spec.after, spec.after)}


def audiences_in(spec: Any) -> Iterator[AudienceChoice]:
    """Yield the audiences that a cohort offers; without a cohort, people are told by what they are."""
    notes = {
        "private": _("Nobody else can read this, your manager and administrators included."),
        "facilitator": _("The facilitators of the cohort stand here by name."),
        "cohort": _("The people of the cohort stand here by name."),
    }
    for audience in getattr(spec, "audiences", ()):
        yield AudienceChoice(value=audience, label=str(AUDIENCE_LABELS[audience]), note=notes[audience])
