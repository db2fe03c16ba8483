"""Addresses of skills, below /api/v1/."""

from django.urls import path

from content.skills.api.views import SkillList

urlpatterns = [path("skills/", SkillList.as_view(), name="api-skills")]
