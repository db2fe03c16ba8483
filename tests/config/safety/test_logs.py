"""What people wrote, who they are and what opens their doors is in no log line, even at the most talkative level."""

import json
import logging
from io import StringIO

import pytest
import time_machine
from django.test import Client
from django.urls import path

from config.celery import app
from config.logs import formatter, scrub, told
from config.urls import urlpatterns as ours
from learners.nudges.links import Stop, unsubscribe_link
from learners.progress.models import SignOff
from learners.progress.queries.sign_offs import sign_off_token
from learners.reflections.models import Reflection
from tests.api.world import with_key
from tests.learners.player.journey import NOW, do, join, make_cohort, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"
WORDS = "What I would tell nobody"
TALKATIVE = (
    "",
    "django",
    "django.request",
    "django.security",
    "django_structlog",
    "celery",
    "kombu",
    "allauth",
    "waymark",
)


def _broken(request):
    raise ValueError(f"first line\nDETAIL: Failing row contains ({WORDS}).")


urlpatterns = [path("broken/", _broken), path("api/v1/broken/", _broken), *ours]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=[False, True], ids=["lines", "json"])
def log(request, settings):
    """Everything that any logger says, as the operator would see it."""
    settings.ROOT_URLCONF = __name__
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(as_json=request.param))
    logging.getLogger("factory").setLevel(logging.WARNING)
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    before = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield written
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def test_a_day_of_a_learner_leaves_no_trace_of_them(log, mailoutbox):
    enrollment = join(make_cohort())
    person = enrollment.user
    person.set_password(PASSWORD)
    person.save()
    key = with_key(enrollment.cohort.organization)
    visitor = Client(raise_request_exception=False)

    visitor.post("/accounts/login/", {"login": person.email, "password": "a wrong guess"})
    visitor.post("/accounts/login/code/", {"email": person.email})
    visitor.post("/accounts/password/reset/", {"email": person.email})
    visitor.get("/reflections/", {"q": WORDS})
    page = signed_in(person)
    page.raise_request_exception = False
    do(enrollment, "read", "plan", "try-it")
    do(enrollment, "look-back", text=WORDS)
    for address in ("/", "/reflections/", "/privacy/export/", "/broken/", "/api/v1/broken/", "/nowhere/"):
        page.get(address, {"email": person.email, "q": WORDS})
    page.post("/preferences/", {"text": WORDS})
    key.get(f"/people-to-reach/?email={person.email}")
    key.post("/cohorts/", json={"name": WORDS, "email": person.email})
    visitor.get("/api/v1/cohorts/", headers={"Authorization": "Bearer wm_not-a-key-of-ours"})
    tokens = [unsubscribe_link(Stop(person.uuid, "practice", "email")).split("/")[-2]]
    tokens += [sign_off_token(sign_off) for sign_off in SignOff.objects.all()]
    for token in tokens:
        for way in ("unsubscribe", "sign-off", "invitation"):
            visitor.get(f"/{way}/{token}/")
            visitor.post(f"/{way}/{token}/", {"comment": WORDS})
    app.loader.import_default_modules()
    for name in ("nudges.tick", "nudges.dispatch", "people.mail_invitations", "accounts.forget_expired"):
        app.tasks[name].apply()

    said = log.getvalue()
    secrets = [person.email, person.name, PASSWORD, WORDS, key.secret, "not-a-key-of-ours", "a wrong guess", *tokens]
    secrets += [str(text) for text in Reflection.objects.values_list("text", flat=True)]
    assert "/broken/" in said
    assert [secret for secret in secrets if secret in said or json.dumps(secret)[1:-1] in said] == []


def test_an_error_is_told_with_its_place_and_the_first_line_of_its_message(log):
    try:
        try:
            int("x")
        except ValueError as error:
            raise RuntimeError(f"could not go on\n{WORDS}") from error
    except RuntimeError:
        logging.getLogger("waymark").exception("It broke for %s", "ana@example.com")

    said = log.getvalue()
    assert "test_logs.py" in said
    assert "RuntimeError: could not go on" in said
    assert "which led to" in said
    assert "ana@example.com" not in said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("550 <ana.b+x@mail.example.com> unknown", "550 <…@…> unknown"),
        ("Authorization: Bearer abc.def-ghi=", "Authorization: Bearer …"),
        ("key wm_1234567890abcdef is gone", "key wm_… is gone"),
        ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "secret whsec_…"),
        ("POST /invitation/abc:def/ 200", "POST /invitation/…/ 200"),
        ("12 sent, 3 planned at 12:00", "12 sent, 3 planned at 12:00"),
    ],
)
def test_a_line_is_scrubbed_of_addresses_keys_and_tokens(text, kept):
    assert scrub(text) == kept


def test_a_traceback_carries_no_second_line_of_a_message():
    with pytest.raises(ValueError, match="validation") as caught:
        raise ValueError("1 validation error" + "\n  input_value=" + repr(WORDS))

    assert told(caught.value).endswith("ValueError: 1 validation error")
    assert WORDS not in told(caught.value)
    assert told(None) == ""
