"""A journey that begins as a copy of another one."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from journeys.authoring.actions.copying import copy_activity
from journeys.authoring.actions.drafts import fill_version
from journeys.authoring.actions.journeys import create_journey, rows_of
from journeys.authoring.errors import UnknownVersion
from journeys.authoring.models import JourneyVersion, Step
from journeys.authoring.queries.content import content_of
from journeys.authoring.rules.shifting import DateShift, shifted


def copy_journey(
    *, version_id: int, title: str, author_id: int | None, now: datetime, shift: DateShift | None = None
) -> JourneyVersion:
    """
    Begin a journey of the same organization with everything that a version says, and return its draft.

    Modules, steps and nudges keep their keys. Activities become copies, so that a change of one journey's words is no
    change of the other's; files are shared. shift: moves the fixed dates. Raises UnknownVersion, InvalidAuthoring.
    """
    with transaction.atomic():
        source = JourneyVersion.objects.filter(pk=version_id).select_related("journey").first()
        if source is None:
            raise UnknownVersion
        version = create_journey(
            organization_id=source.journey.organization_id, title=title, author_id=author_id, now=now
        )
        content = content_of(source.pk)
        if shift is not None:
            content = shifted(content, shift)
        steps = Step.objects.filter(version=source).select_related("activity__latest", "revision")
        copies = {step.key: copy_activity(step, author_id=author_id, now=now).pk for step in steps}
        content = replace(content, key=version.journey.key, title=version.title)
        fill_version(version, content, replace(rows_of(source.pk), activities=copies))
    return version
