"""Writing an activity down: the first wording, and every later one as a new revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.support.errors import Fault
from config.support.holding import hold
from content.activities.errors import ActivityInvalid, ActivityNotFound
from content.activities.models import Activity, ActivityRevision, Asset, RevisionAsset
from content.activities.rules import asset_paths_in
from content.kinds.contract import Spec
from content.kinds.errors import SpecError
from content.kinds.faults import pointer_of
from content.kinds.registry import get_kind, parse_spec
from content.kinds.shapes import tidied

LONGEST_TITLE, MOST_MINUTES, LONGEST_BODY = 200, 600, 100_000


@dataclass(frozen=True, slots=True)
class _Wording:
    """Everything a revision says, checked, as it is stored. assets: the id of each own file by its path."""

    title: str
    minutes: int
    topic: str
    body: str
    spec: dict[str, Any]
    spec_version: int
    assets: dict[str, int]


@transaction.atomic
def create_activity(
    *,
    organization_id: int,
    kind: str,
    title: str,
    minutes: int,
    topic: str = "",
    body: str = "",
    spec: Spec | Mapping[str, Any],
    author_id: int | None,
    now: datetime,
    assets: Mapping[str, int] | None = None,
) -> Activity:
    """
    Write down a new activity with its first revision, and return it.

    spec: typed, or the kind's own keys as in a bundle. assets: ids of the organization's files by the path that texts
    and spec use (`assets/plan.png`); those that nothing names are not linked.
    Raises ActivityInvalid with every fault and its place, UnknownKind.
    """
    wording = _checked(organization_id, kind, title, minutes, topic, body, spec, assets or {})
    activity = Activity.objects.create(organization_id=organization_id, kind=kind, created_at=now)
    activity.latest = _write(activity, 1, wording, author_id, now)
    activity.save(update_fields=["latest"])
    return activity


@transaction.atomic
def revise_activity(
    *,
    activity_id: int,
    title: str,
    minutes: int,
    topic: str = "",
    body: str = "",
    spec: Spec | Mapping[str, Any],
    author_id: int | None,
    now: datetime,
    assets: Mapping[str, int] | None = None,
) -> ActivityRevision:
    """
    Write down another wording of an activity, and return its revision.

    Idempotent: when nothing has changed, the newest revision is returned and none is added. Published steps keep the
    revision they pinned; drafts follow this one. assets: as for create_activity; None keeps the files as they are.
    Raises ActivityNotFound, ActivityInvalid.
    """
    # The row of the activity serializes its authors, so that two of them cannot take the same number.
    held = hold(Activity.objects.select_related("latest").filter(pk=activity_id))
    activity = held[0] if held else None
    if activity is None or activity.latest is None:
        raise ActivityNotFound
    linked = _linked(activity.latest)
    files = {**linked, **(assets or {})}
    wording = _checked(activity.organization_id, activity.kind, title, minutes, topic, body, spec, files)
    if wording == _wording_of(activity.latest, linked):
        return activity.latest
    revision = _write(activity, activity.latest.number + 1, wording, author_id, now)
    Activity.objects.filter(pk=activity.pk).update(latest=revision)
    return revision


@transaction.atomic
def bring_back(*, revision_id: int, author_id: int | None, now: datetime) -> ActivityRevision:
    """
    Give an activity the wording of one of its earlier revisions again, as a new revision; drafts follow it.

    Idempotent: where it says that already, the newest revision is returned. Raises ActivityNotFound, and
    ActivityInvalid where the earlier wording is not allowed any more.
    """
    earlier = ActivityRevision.objects.filter(pk=revision_id).first()
    if earlier is None:
        raise ActivityNotFound
    return revise_activity(
        activity_id=earlier.activity_id,
        title=earlier.title,
        minutes=earlier.minutes,
        topic=earlier.topic,
        body=earlier.body,
        spec=earlier.spec,
        author_id=author_id,
        now=now,
        assets=_linked(earlier),
    )


@transaction.atomic
def archive_activity(*, activity_id: int) -> bool:
    """Take an activity out of the library, and say whether it was in it; steps that use it keep it."""
    return bool(Activity.objects.filter(pk=activity_id, is_archived=False).update(is_archived=True))


def _checked(
    organization_id: int,
    kind: str,
    title: str,
    minutes: int,
    topic: str,
    body: str,
    spec: Spec | Mapping[str, Any],
    assets: Mapping[str, int],
) -> _Wording:
    title, topic, text = " ".join(tidied(title).split()), topic.strip(), tidied(body)
    faults = list(_plain_faults(title, minutes, topic, text))
    data = spec.to_data() if isinstance(spec, Spec) else spec
    typed: Spec | None = None
    try:
        typed = parse_spec(kind, data, minutes=minutes)
    except SpecError as refusal:
        faults.extend(refusal.faults)
    named: dict[str, int] = {}
    if typed:
        named = {path: assets[path] for path in sorted(asset_paths_in([text, typed.to_data()])) if path in assets}
        faults.extend(_asset_faults(typed, named, organization_id))
    if faults or typed is None:
        raise ActivityInvalid(faults=faults)
    return _Wording(title, minutes, topic, text, typed.to_stored(), get_kind(kind).SPEC_VERSION, named)


def _plain_faults(title: str, minutes: int, topic: str, body: str) -> Iterator[Fault]:
    if not title:
        yield Fault("/title", _("Give the activity a title."))
    if len(title) > LONGEST_TITLE:
        yield Fault("/title", _("Shorten the title to at most %(n)d characters.") % {"n": LONGEST_TITLE})
    if not 1 <= minutes <= MOST_MINUTES:
        yield Fault("/minutes", _("Say how long it takes, from 1 to %(n)d minutes.") % {"n": MOST_MINUTES})
    if len(topic) > 64:
        yield Fault("/topic", _("Use the key of a skill as the topic."))
    if len(body) > LONGEST_BODY:
        yield Fault("/body", _("Shorten the text to at most %(n)d characters.") % {"n": LONGEST_BODY})


def _asset_faults(spec: Spec, named: Mapping[str, int], organization_id: int) -> Iterator[Fault]:
    """A film that is not there is a fault; a picture that is not there shows its description instead."""
    for key, value in spec.to_data().items():
        if isinstance(value, str) and value in spec.asset_paths() and value not in named:
            yield Fault(
                pointer_of(key), _("There is no file “%(path)s”. Add it first, or correct its path.") % {"path": value}
            )
    owned = set(
        Asset.objects.filter(organization_id=organization_id, pk__in=named.values()).values_list("pk", flat=True)
    )
    for path, asset_id in named.items():
        if asset_id not in owned:
            yield Fault(
                pointer_of(*path.split("/")), _("There is no file “%(path)s” in your organization.") % {"path": path}
            )


def _linked(revision: ActivityRevision) -> dict[str, int]:
    return dict(RevisionAsset.objects.filter(revision=revision).values_list("path", "asset_id"))


def _wording_of(revision: ActivityRevision, assets: dict[str, int]) -> _Wording:
    return _Wording(
        revision.title,
        revision.minutes,
        revision.topic,
        revision.body,
        revision.spec,
        revision.spec_version,
        assets,
    )


def _write(
    activity: Activity, number: int, wording: _Wording, author_id: int | None, now: datetime
) -> ActivityRevision:
    revision = ActivityRevision.objects.create(
        activity=activity,
        number=number,
        title=wording.title,
        minutes=wording.minutes,
        topic=wording.topic,
        body=wording.body,
        spec=wording.spec,
        spec_version=wording.spec_version,
        created_at=now,
        created_by_id=author_id,
    )
    RevisionAsset.objects.bulk_create(
        RevisionAsset(revision=revision, path=path, asset_id=asset_id) for path, asset_id in wording.assets.items()
    )
    return revision
