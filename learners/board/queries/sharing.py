"""Who in a cohort shared a text with the viewer, and where it is read."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from config.accounts.actor import Actor
from learners.board.queries.boards import Board
from learners.reflections.queries import list_shared_with


@dataclass(frozen=True, slots=True)
class Sharer:
    """Somebody whose texts the viewer may read. uuid: of their enrollment, on whose page they stand."""

    uuid: UUID
    name: str
    texts: int


def sharers_of(actor: Actor, board: Board) -> list[Sharer]:
    """
    Return who shared texts with the actor in this cohort, in the order of the alphabet; one query.

    Counted is what list_shared_with lets the actor read, and nothing else: that somebody wrote for themselves alone is
    in no number here.
    """
    rows = list_shared_with(actor, cohort_id=board.cohort.pk).select_related(None).order_by()
    counted = rows.values_list("enrollment__uuid", "author__name", "author__email").annotate(texts=Count("pk"))
    found = [Sharer(uuid, name or email, texts) for uuid, name, email, texts in counted]
    return sorted(found, key=lambda sharer: (sharer.name.casefold(), str(sharer.uuid)))
