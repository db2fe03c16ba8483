"""
Where other tools get and give back access tokens.

Only these two addresses of allauth's provider are open: there is no sign-in to other sites with a Waymark account, so
its pages for consent, devices and log-out stay closed.
"""

from allauth.idp.oidc import views
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.support.throttling import limited

urlpatterns = [
    path("identity/o/api/token", csrf_exempt(limited("60/min", "token")(views.token)), name="oauth-token"),
    path("identity/o/api/revoke", csrf_exempt(limited("60/min", "revoke")(views.revoke)), name="oauth-revoke"),
]
