"""Reads of the library: activities, their revisions and the files they show."""

from collections import defaultdict
from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from config.accounts.actor import Actor
from content.activities.errors import ActivityNotFound, AssetNotFound
from content.activities.models import Activity, ActivityRevision, Asset, RevisionAsset
from content.kinds.contract import Spec
from content.kinds.registry import parse_spec

# More words than these narrow nothing down, and each is a look at every text.
MOST_WORDS = 12


def list_activities(
    actor: Actor, *, kind: str = "", skill: str = "", search: str = "", with_archived: bool = False
) -> QuerySet[Activity]:
    """
    Return the library of the actor's organization, newest first, with `latest` at hand; one query when read.

    skill: the key that is its topic. search: words of the title, the topic or the text; each must be found.
    """
    found = Activity.objects.visible_to(actor).select_related("latest")
    if not with_archived:
        found = found.filter(is_archived=False)
    if kind:
        found = found.filter(kind=kind)
    if skill:
        found = found.filter(latest__topic=skill)
    for word in search.split()[:MOST_WORDS]:
        places = ("title", "topic", "body", "spec")
        anywhere = (Q(**{f"latest__{place}__icontains": word}) for place in places)
        found = found.filter(reduce(or_, anywhere))
    return found.order_by("-created_at", "-id")


def get_activity(actor: Actor, uuid: UUID) -> Activity:
    """Return one activity with `latest`; one query. Raises ActivityNotFound, also for what is another's."""
    activity = Activity.objects.visible_to(actor).select_related("latest").filter(uuid=uuid).first()
    if activity is None:
        raise ActivityNotFound
    return activity


def get_asset(actor: Actor, uuid: UUID) -> Asset:
    """Return one file; one query. Raises AssetNotFound, also for what is another's."""
    asset = Asset.objects.visible_to(actor).filter(uuid=uuid).first()
    if asset is None:
        raise AssetNotFound
    return asset


def spec_of(kind: str, revision: ActivityRevision) -> Spec:
    """Return the typed spec of a revision, whose activity has this kind; no query."""
    return parse_spec(kind, revision.spec)


def asset_url(asset: Asset) -> str:
    """Return the address of a file on our own site; no query."""
    return reverse("asset", args=[asset.uuid])


def asset_urls(revision_id: int) -> dict[str, str]:
    """Return the addresses of the files of one revision, by the path its texts use; one query."""
    return asset_urls_of([revision_id]).get(revision_id, {})


def asset_urls_of(revision_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the same for several revisions, by revision; one query. Revisions without files are left out."""
    urls: dict[int, dict[str, str]] = defaultdict(dict)
    for link in RevisionAsset.objects.filter(revision_id__in=revision_ids).select_related("asset"):
        urls[link.revision_id][link.path] = asset_url(link.asset)
    return dict(urls)
