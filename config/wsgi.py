"""The web application for granian and waitress."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# A web server starts several processes; an in-memory queue would be a different one in each, and bells would ring in
# empty rooms. Only `manage.py serve`, which is one process, may use it (and development commands, which ring none).
if settings.CELERY_BROKER_URL.startswith("memory://") and not settings.MODE:
    raise ImproperlyConfigured(
        "REDIS_URL is not set. A production server needs Redis; for one process without Redis use `manage.py serve`."
    )
