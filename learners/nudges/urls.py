"""Addresses that mails carry."""

from django.urls import path

from learners.nudges.views import unsubscribe

urlpatterns = [
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
