"""The addresses of learners: those of its rooms."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("learners.people.urls")),
    path("", include("learners.player.urls")),
    path("", include("learners.board.urls")),
    path("", include("learners.nudges.urls")),
]
