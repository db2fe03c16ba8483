"""Loading the framework that ships with Waymark."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from content.skills.actions.indicators import write_revision
from content.skills.models import Skill, SkillAlignment, SkillFramework

BUILT_IN = Path(__file__).resolve().parents[1] / "framework.yaml"


@transaction.atomic
def load_built_in_framework(*, now: datetime) -> SkillFramework:
    """
    Load the framework that ships with Waymark, once for each of its versions.

    Idempotent: a version that is there stays as it is, because ratings keep the anchors they were given on.
    """
    data: dict[str, Any] = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    framework, is_new = SkillFramework.objects.get_or_create(
        organization=None,
        key=data["key"],
        version=data["version"],
        defaults={name: data[name] for name in ("title", "source_uri", "license")},
    )
    if is_new:
        _fill(framework, data, now)
    return framework


def _fill(framework: SkillFramework, data: Mapping[str, Any], now: datetime) -> None:
    skills = {
        entry["key"]: Skill.objects.create(
            framework=framework,
            key=entry["key"],
            title=entry["title"],
            description=entry["description"],
            position=position,
        )
        for position, entry in enumerate(data["skills"])
    }
    concepts = data["concepts"]
    SkillAlignment.objects.bulk_create(
        SkillAlignment(
            skill=skills[entry["key"]],
            uri=concepts[name]["uri"],
            label=concepts[name]["label"],
            match_type=concepts[name]["match"],
        )
        for entry in data["skills"]
        for name in entry["aligned"]
    )
    for entry in data["skills"]:
        for indicator in entry["indicators"]:
            write_revision(skills[entry["key"]], organization_id=None, revision=1, now=now, author_id=None, **indicator)
