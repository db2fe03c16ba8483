"""Addresses of the learner's part of the API, below /api/v1/."""

from django.urls import path

from learners.player.api.completions import StepCompletion
from learners.player.api.me import Me, MyEnrollments

urlpatterns = [
    path("me/", Me.as_view(), name="api-me"),
    path("me/enrollments/", MyEnrollments.as_view(), name="api-my-enrollments"),
    path(
        "enrollments/<uuid:enrollment>/steps/<slug:step_key>/completion/",
        StepCompletion.as_view(),
        name="api-completion",
    ),
]
