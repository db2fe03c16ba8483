"""Skills and the behaviors that show them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.accounts.api import ApiView
from config.support.pagination import PageQuery, fetch_page, page_shape
from content.skills.api.shapes import SkillShape
from content.skills.models import BehaviorIndicator, Skill
from content.skills.queries import list_indicators, list_skills


def show_skill(skill: Skill, indicators: list[BehaviorIndicator]) -> dict[str, Any]:
    """Return a skill as the API shows it."""
    framework = skill.framework
    return {
        "id": skill.uuid,
        "key": skill.key,
        "title": skill.title,
        "description": skill.description,
        "framework": {
            "id": framework.uuid,
            "key": framework.key,
            "version": framework.version,
            "title": framework.title,
            "license": framework.license,
            "source_uri": framework.source_uri,
            "built_in": framework.organization_id is None,
        },
        "alignments": [
            {"uri": one.uri, "label": one.label, "match_type": one.match_type} for one in skill.alignments.all()
        ],
        "indicators": [_show_indicator(indicator) for indicator in indicators],
    }


def _show_indicator(indicator: BehaviorIndicator) -> dict[str, Any]:
    levels = sorted(indicator.levels.all(), key=lambda level: level.level)
    return {
        "id": indicator.uuid,
        "key": indicator.key,
        "revision": indicator.revision,
        "text": indicator.text,
        "levels": [{"level": level.level, "anchor": level.anchor} for level in levels],
    }


class SkillList(ApiView):
    """The skills that your organization may use, built-in and own."""

    scopes = {"GET": "journeys:read"}
    queries = {"GET": PageQuery}

    @extend_schema(operation_id="list_skills", responses=page_shape(SkillShape))
    def get(self, request: Request) -> Response:
        """Return a page of skills with their behaviors in the newest wording."""
        page = fetch_page(list_skills(self.actor), token=self.params.get("cursor"), limit=self.params["limit"])
        newest = self._newest([skill.pk for skill in page.rows])

        def stamp(skill: Skill) -> tuple[Any, ...]:
            # Skills have no revision: their few short columns stand for one. A wording of a behavior never changes.
            words = (skill.title, skill.description, skill.framework.title, skill.framework.version)
            aligned = tuple(sorted(one.pk for one in skill.alignments.all()))
            return (skill.pk, words, aligned, tuple(one.pk for one in newest.get(skill.pk, ())))

        return self.tagged_page(page, lambda skill: show_skill(skill, newest.get(skill.pk, [])), stamp)

    def _newest(self, skill_ids: list[int]) -> dict[int, list[BehaviorIndicator]]:
        """Return each skill's behaviors in their newest wording; the organization's own beside the built-in ones."""
        found: dict[int, dict[tuple[str, int | None], BehaviorIndicator]] = {}
        revisions = list_indicators(organization_id=self.actor.organization_id, skill_ids=skill_ids)
        for indicator in revisions.order_by("-revision", "id"):
            known = found.setdefault(indicator.skill_id, {})
            known.setdefault((indicator.key, indicator.organization_id), indicator)
        return {skill_id: sorted(known.values(), key=lambda one: one.pk) for skill_id, known in found.items()}
