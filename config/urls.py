"""Every address of Waymark."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("admin/studio/", include("journeys.studio.urls")),
    path("admin/studio/<uuid:version_uuid>/as-learner/", include("learners.preview.urls")),
    path("admin/rollout/", include("learners.rollout.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("demo/", include("config.demo.urls")),
    path("", include("config.accounts.oidc_urls")),
    path("", include("config.personal_data.urls")),
    path("", include("content.urls")),
    path("", include("learners.urls")),
]
