"""Addresses of rollouts, below /admin/rollout/."""

from django.urls import path

from learners.rollout import views

urlpatterns = [
    path("<uuid:version_uuid>/", views.rollout_plan, name="rollout-plan"),
    path("moves/<uuid:rollout_uuid>/", views.rollout_detail, name="rollout"),
    path("moves/<uuid:rollout_uuid>/undo/", views.rollout_undo, name="rollout-undo"),
    path("log/<uuid:journey_uuid>/", views.rollout_log, name="rollout-log"),
]
