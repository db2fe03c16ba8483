"""
The document held against the real application: requests made from it, and faulty ones, by schemathesis.

All of its checks run: no server errors, declared statuses, types, headers and shapes only, faulty data refused, good
data taken, methods and authentication not to be got round. What it would warn of is a failure here: an operation that
was never let in, or never found anything. A slice runs with every test run, the whole with `make proof`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from rest_framework.settings import api_settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import ignored_auth

from config.api import document
from config.wsgi import application
from tests.api.world import World, make_world, signed_in, with_key
from tests.learners.running import NOW

pytestmark = pytest.mark.django_db

SEED = 20270303
SESSION_COOKIE = "sessionid"
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str)))
SCHEMA.app = application
# A value may be of the right shape and still be refused by a rule, such as a day that is not a working day: 422 or 409.
SCHEMA.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "304", "404", "409", "422"]
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
IMAGINED = {
    "start": "2027-03-03",
    "zone": "Asia/Tokyo",
    "calendar": "JP",
    "cohort_zone": "Europe/Paris",
    "pace": "on-time",
    "end": "2027-05-28",
    "released": "second:2027-03-09",
}
# Answers to somebody who is signed in; a key is refused there.
FOR_PEOPLE = {"GET /api/v1/me/", "GET /api/v1/me/enrollments/"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Two organizations, built once; each request takes back what it wrote."""
    rates = {**api_settings.DEFAULT_THROTTLE_RATES, "caller": "1000000/min"}
    before = dict(api_settings.DEFAULT_THROTTLE_RATES)
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        api_settings.DEFAULT_THROTTLE_RATES.update(rates)
        yield make_world()
        api_settings.DEFAULT_THROTTLE_RATES.update(before)
        transaction.set_rollback(True)


class Caller:
    """Somebody who asks: a key, or the session of a learner where only people are answered."""

    def __init__(self, world: World, label: str) -> None:
        self.headers = {"Authorization": f"Bearer {with_key(world.organization).secret}"}
        self.cookies: dict[str, str] = {}
        if label in FOR_PEOPLE:
            cookie = signed_in(world.ada.user).client.cookies[SESSION_COOKIE]
            self.headers, self.cookies = {}, {SESSION_COOKIE: cookie.value}
        self.statuses: Counter[int] = Counter()

    def send(self, case: schemathesis.Case) -> None:
        """Send one request, check the answer, and take back what it wrote."""
        case.cookies = self.cookies or case.cookies
        with transaction.atomic():
            response = case.call(headers=self.headers)
            # A cookie of ours looks to this check as if it were drawn; test_access tries these without one.
            left_out = [ignored_auth] if self.cookies else []
            case.validate_response(response, headers=self.headers, excluded_checks=left_out)
            transaction.set_rollback(True)
        self.statuses[response.status_code] += 1


def attack(world: World, label: str, mode: GenerationMode, examples: int) -> Counter[int]:
    """Send so many requests of one operation, and return the statuses of the answers."""
    caller = Caller(world, label)
    known = {"cohort": world.cohort.uuid, "enrollment": world.ada.uuid, "step_key": "read"}
    known |= {"journey": world.cohort.version.journey.uuid, "number": world.cohort.version.number}

    @seed(SEED)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        if case.meta is None or not case.meta.is_negative_at(ParameterLocation.QUERY):
            # A cursor is taken from an answer; no pattern of the document could say which are good.
            (case.query or {}).pop("cursor", None)
        if mode is GenerationMode.POSITIVE:
            # Ids that are drawn would find nothing; these are of rows that are there.
            case.path_parameters = {name: str(known[name]) for name in case.path_parameters or {}}
            if label.endswith("/versions/{number}/schedule/") and case.query:
                # Which zones, paces and calendars there are is known to rules, not to the document.
                case.query = {name: IMAGINED[name] for name in case.query if name in IMAGINED}
            if label == "POST /api/v1/cohorts/" and isinstance(case.body, dict):
                # Names of zones and days that go together are known to rules, not to the document.
                case.body = {"name": case.body["name"], "journey": str(known["journey"]), "starts_on": "2027-06-01"}
            if label == "PATCH /api/v1/enrollments/{enrollment}/" and isinstance(case.body, dict):
                # That one change is sent at a time, and which events there are, is known to rules.
                change = {"status": case.body["status"]} if "status" in case.body else {"shift_days": 1}
                case.body = change | ({"reason": case.body["reason"]} if "reason" in case.body else {})
        caller.send(case)

    send()
    cache.clear()
    return caller.statuses


def takes_input(label: str) -> bool:
    """Tell whether there is anything that could be sent wrongly, besides a header that is compared."""
    operation = OPERATIONS[label].definition.raw
    names = {parameter.get("name") for parameter in operation.get("parameters", [])} - {"If-None-Match"}
    return bool(names) or "requestBody" in operation or "{" in label


def holds(world: World, label: str, *, examples: int) -> None:
    """Attack with good and with faulty data; what schemathesis would warn of is a failure."""
    good = attack(world, label, GenerationMode.POSITIVE, examples)
    if takes_input(label):
        attack(world, label, GenerationMode.NEGATIVE, examples)
    assert not {401, 403} & set(good), good
    assert any(200 <= status < 300 for status in good), good


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_document_holds(world, label):
    holds(world, label, examples=3)


@pytest.mark.proof
@pytest.mark.parametrize("label", OPERATIONS)
def test_the_document_holds_at_length(world, label):
    holds(world, label, examples=200)
