"""A journey that begins as one of those that ship with Waymark."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from config.support.errors import NotFound
from journeys.authoring.models import Journey, JourneyVersion
from journeys.authoring.rules.keys import mint_key
from journeys.authoring.rules.shifting import DateShift, shifted
from journeys.bundle.actions.importing import import_bundle
from journeys.bundle.queries.reading import read_bundle
from journeys.bundle.queries.samples import sample_paths


def begin_from_sample(
    *,
    sample: str,
    organization_id: int,
    title: str,
    author_id: int | None,
    now: datetime,
    shift: DateShift | None = None,
) -> JourneyVersion:
    """
    Begin a journey with everything that a sample says, under a title and a key of its own, and return its draft.

    The key is the sample's where the organization has no such journey yet. shift: moves the fixed dates.
    Raises NotFound for an unknown sample.
    """
    path = sample_paths().get(sample)
    if path is None:
        raise NotFound(f"No journey “{sample}” comes with Waymark.")
    bundle = read_bundle(path)
    content = shifted(bundle.content, shift) if shift is not None else bundle.content
    with transaction.atomic():
        taken = set(Journey.objects.filter(organization_id=organization_id).values_list("key", flat=True))
        words = sample if " ".join(title.split()) == content.title else title
        content = replace(content, key=mint_key(words, taken=taken, fallback="journey"), title=" ".join(title.split()))
        return import_bundle(
            bundle=replace(bundle, content=content), organization_id=organization_id, author_id=author_id, now=now
        )
