"""Addresses of the learner's pages."""

from django.urls import path

from learners.player.views import (
    commitments,
    journeys,
    pages,
    preferences,
    reflections,
    sessions,
    sign_offs,
    steps,
    today,
)

STEP = "journeys/<uuid:enrollment>/steps/<slug:step_key>/"

urlpatterns = [
    path("", today.today, name="today"),
    path("messages/read/", today.put_messages_away, name="messages-read"),
    path("organization/", today.switch_organization, name="switch-organization"),
    path("journeys/<uuid:enrollment>/", journeys.journey_map, name="journey-map"),
    path("journeys/<uuid:enrollment>/recap/", journeys.journey_recap, name="journey-recap"),
    path("journeys/<uuid:enrollment>/modules/<slug:module_key>/", journeys.module_recap, name="module-recap"),
    path(STEP, steps.step, name="step"),
    path(f"{STEP}sign-off/", steps.sign_off, name="step-sign-off"),
    path(f"{STEP}session.ics", sessions.calendar, name="session-calendar"),
    path("reflections/", reflections.index, name="reflections"),
    path("reflections/<uuid:reflection>/", reflections.detail, name="reflection"),
    path("reflections/<uuid:reflection>/share/", reflections.share, name="reflection-share"),
    path("reflections/<uuid:reflection>/delete/", reflections.delete, name="reflection-delete"),
    path("commitments/", commitments.index, name="commitments"),
    path("commitments/<uuid:commitment>/", commitments.edit, name="commitment"),
    path("commitments/<uuid:commitment>/check-in/", commitments.check_in, name="check-in"),
    path("progress/", pages.progress, name="progress"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("progress/ratings/", pages.ratings, name="ratings"),
    path("privacy/", pages.privacy, name="privacy"),
    path("sign-off/<str:token>/", sign_offs.answer, name="sign-off"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
