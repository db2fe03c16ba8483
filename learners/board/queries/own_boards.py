"""The cohorts that somebody looks after, each with how its people stand."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from config.accounts.actor import Actor
from learners.board.queries.counts import Counts, count_by_cohort
from learners.cohorts.models import Cohort, Enrollment

ON_ONE_PAGE = 50


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One cohort in the list. runs: False where the actor sees their own reports alone, and counts are of those."""

    cohort: Cohort
    counts: Counts
    runs: bool

    @property
    def parts(self) -> list[str]:
        """How the people stand, a part of a sentence each."""
        return _parts(self.counts, is_open=self.cohort.closed_at is None)


def list_boards(actor: Actor, *, page: str | None, now: datetime) -> Page[BoardLine]:
    """
    Return a page of the cohorts that the actor runs, or in which somebody reports to them; four queries.

    Open ones first, then those that started last.
    """
    visible = Enrollment.objects.visible_to(actor)
    others = visible.exclude(Q(user_id=actor.user_id))
    inside = Exists(others.filter(cohort=OuterRef("pk")))
    runs = Exists(Cohort.objects.visible_to(actor).filter(pk=OuterRef("pk")))
    cohorts = (
        Cohort.objects.filter(organization_id=actor.organization_id)
        .annotate(runs=runs)
        .filter(Q(runs=True) | inside)
        .select_related("version", "organization")
        .order_by(F("closed_at").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "-id")
    )
    found = Paginator(cohorts, ON_ONE_PAGE).get_page(page)
    shown = list(found.object_list)
    run = [cohort.pk for cohort in shown if vars(cohort)["runs"]]
    counted = visible.filter(Q(cohort_id__in=run) | ~Q(user_id=actor.user_id))
    counts = count_by_cohort(counted, cohort_ids=[cohort.pk for cohort in shown], now=now)
    lines = [BoardLine(cohort, counts[cohort.pk], runs=cohort.pk in run) for cohort in shown]
    return Page(lines, found.number, found.paginator)  # type: ignore[arg-type]


def _parts(counts: Counts, *, is_open: bool) -> list[str]:
    """What nobody does is left out, but for practice in the last days."""
    parts = []
    if counts.practiced or (is_open and counts.people > counts.finished):
        said = _("%(n)s practiced in the last 7 days") if counts.practiced else _("nobody practiced in the last 7 days")
        parts.append(said % {"n": counts.practiced})
    for count, words in (
        (counts.on_the_way, _("%(n)s on the way")),
        (counts.behind, _("%(n)s behind a planned date")),
        (counts.paused, _("%(n)s paused")),
        (counts.finished, _("%(n)s finished")),
    ):
        if count:
            parts.append(words % {"n": count})
    return parts
