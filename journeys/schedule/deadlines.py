"""When something is due, and why."""

from datetime import datetime

from journeys.schedule.calendar import to_instant
from journeys.schedule.moments import Moments
from journeys.schedule.openings import Because, deciding, said
from journeys.schedule.plan import Node, has_not
from journeys.schedule.words import day_in_words


def due_of(moments: Moments, node: Node) -> Because:
    """
    Place a deadline and explain it; nothing is due before it opens, and an extension moves a deadline later only.

    The moment is None without a rule, while the rule's anchor is not known, and during a pause without an end.
    """
    if node.due is None:
        return Because(None, "")
    opens_at = moments.opens[node.key]
    floor = (opens_at or moments.start) if has_not(node.due) else None
    at = moments.first(node.due, own=opens_at, when_passed="next-day", floor=floor)
    if at is None:
        return Because(None, said(moments.outline, node.due))
    because = _out_of_pause(moments, deciding(moments, node.due, at, own=opens_at, deadline=True), at)
    if because.at is None:
        return because
    at = because.at
    if opens_at is not None and at < opens_at:
        because = Because(opens_at, f"{because.why}; not before it opens", because.moved_from)
    return _extended(moments, node, because)


def _out_of_pause(moments: Moments, because: Because, at: datetime) -> Because:
    """What somebody did while they were paused makes nothing due before they go on."""
    later = moments.out_of_pause(at)
    if later == at:
        return because
    if later is None:
        return Because(None, because.why)
    day = moments.where.local_date(at)
    return Because(later, f"{because.why}; moved from {day_in_words(day)}: paused", because.moved_from or day)


def _extended(moments: Moments, node: Node, because: Because) -> Because:
    extensions = moments.facts.extensions
    if not extensions or because.at is None:
        return because
    days = [extensions[key] for key in {node.key, node.module.key, ""} if key in extensions]
    if not days:
        return because
    hour = because.at.astimezone(moments.where.zone).time()
    later = to_instant(max(days), hour, moments.where.zone)
    if later <= because.at:
        return because
    planned = because.moved_from or moments.where.local_date(because.at)
    return Because(later, f"extended to {day_in_words(max(days))}; was {because.why}", planned)
