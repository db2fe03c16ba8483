"""Addresses of the feed, below /api/v1/."""

from django.urls import path

from learners.integrations.api.views import EventFeed

urlpatterns = [path("events/", EventFeed.as_view(), name="api-events")]
