"""Addresses of journeys, below /api/v1/."""

from django.urls import path

from journeys.authoring.api.schedule import VersionSchedule
from journeys.authoring.api.views import JourneyDetail, JourneyList, VersionList

urlpatterns = [
    path("journeys/", JourneyList.as_view(), name="api-journeys"),
    path("journeys/<uuid:journey>/", JourneyDetail.as_view(), name="api-journey"),
    path("journeys/<uuid:journey>/versions/", VersionList.as_view(), name="api-journey-versions"),
    path(
        "journeys/<uuid:journey>/versions/<int:number>/schedule/",
        VersionSchedule.as_view(),
        name="api-journey-schedule",
    ),
]
