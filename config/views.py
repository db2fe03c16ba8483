"""Pages that belong to no feature."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when a form outlived its session; nothing was saved."""
    return render(request, "403_csrf.html", status=403)
