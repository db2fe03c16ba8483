"""Addresses of people who come in for the first time."""

from django.urls import path

from learners.people.views import invitation

urlpatterns = [path("invitation/<str:token>/", invitation, name="invitation")]
