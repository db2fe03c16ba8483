"""The addresses of the library."""

from django.urls import path

from content.activities import views

urlpatterns = [path("assets/<uuid:uuid>/", views.asset, name="asset")]
