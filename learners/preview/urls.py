"""Addresses of the preview, below those of a version in the studio."""

from django.urls import path

from learners.preview import views

urlpatterns = [
    path("", views.as_learner, name="preview-as-learner"),
    path("phone/", views.frame, name="preview-frame"),
    path("today/", views.today, name="preview-today"),
    path("map/", views.journey_map, name="preview-map"),
    path("recap/", views.journey_recap, name="preview-journey-recap"),
    path("modules/<slug:module_key>/", views.module_recap, name="preview-module-recap"),
    path("steps/<slug:step_key>/", views.step, name="preview-step"),
    path("elsewhere/", views.elsewhere, name="preview-elsewhere"),
]
