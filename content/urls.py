"""The addresses of content: those of its rooms."""

from django.urls import include, path

urlpatterns = [path("", include("content.activities.urls"))]
