# syntax=docker/dockerfile:1
# One image for every process: web, worker, beat and the one-shot migration differ in their command only.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements-production.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements.txt
ENV PATH=/venv/bin:$PATH STATIC_ROOT=/static
WORKDIR /app
COPY manage.py ./
COPY config config
COPY content content
COPY journeys journeys
COPY learners learners
# Static files belong to the release, not to the data: old and new containers serve their own during an update.
RUN python manage.py collectstatic --noinput && python -m compileall -q /app /venv/lib

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin waymark \
    && install -d -o waymark -g waymark /data
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/static LOG_JSON=1
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--respawn-failed-workers", "config.wsgi:application"]
