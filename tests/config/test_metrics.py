"""What a monitoring system reads, and who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from config.accounts.actions import create_api_client
from config.accounts.actor import KEY_SCOPES, METRICS, OPERATOR_SCOPES, SCOPES
from config.accounts.errors import UnknownScope
from config.accounts.models import ApiKey
from config.events.actions import record, sequence_events
from config.support.clock import now
from learners.cohorts.models import Enrollment
from learners.nudges import dialect
from learners.nudges.actions.engine import pause_engine
from learners.nudges.actions.tick import tick
from learners.nudges.models import EngineState
from learners.nudges.queries.figures import read_figures
from tests.api.world import member, new_key, signed_in
from tests.factories.accounts import OrganizationFactory
from tests.factories.learners import CohortFactory, EnrollmentFactory
from tests.factories.nudges import NudgeDeliveryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


def ask(secret="", **meta):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
    return Client().get("/metrics", **{"REMOTE_ADDR": "203.0.113.7"} | headers | meta)


def told(response):
    """Return every sample by its name and labels."""
    assert response.status_code == 200, response.status_code
    families = text_string_to_metric_families(response.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, 200),
        ({"HTTP_HOST": "localhost"}, 200),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.8"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_HOST": "testserver"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({"HTTP_X_REAL_IP": "127.0.0.1"}, 404),
        ({"HTTP_VIA": "1.1 proxy"}, 404),
    ],
)
def test_a_process_of_this_machine_reads_and_what_came_through_a_proxy_does_not(meta, status, settings):
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", "[::1]"]

    assert ask(**HERE | meta).status_code == status


def test_a_key_reads_with_the_scope_for_it_alone():
    organization = OrganizationFactory()

    assert ask(new_key(organization, [METRICS], now=now())).status_code == 200
    assert ask(new_key(organization, SCOPES, now=now())).status_code == 404
    assert ask(new_key(organization, [METRICS], CohortFactory(organization=organization), now=now())).status_code == 404
    assert ask("wm_no-such-key").status_code == 404
    assert ask().status_code == 404


def test_a_key_that_was_ended_reads_nothing():
    secret = new_key(OrganizationFactory(), [METRICS], now=now())
    ApiKey.objects.update(revoked_at=now())

    assert ask(secret).status_code == 404


def test_only_an_operator_is_offered_to_give_it_away(django_user_model):
    organization = OrganizationFactory()
    chief = signed_in(member(organization, is_administrator=True)).client
    operator = signed_in(django_user_model.objects.create_superuser("operator@example.org")).client
    path, values = reverse("admin:accounts_apikey_add"), {"name": "Monitor", "scopes": [METRICS]}
    until = (now() + timedelta(days=30)).date().isoformat()

    assert METRICS not in chief.get(path).content.decode()
    assert chief.post(path, values | {"expires_on": until}).status_code == 200
    assert not ApiKey.objects.exists()
    assert METRICS in operator.get(path).content.decode()
    operator.post(path, values | {"expires_on": until, "organization": organization.pk})
    assert ApiKey.objects.get().scopes == [METRICS]


def test_tools_that_ask_for_tokens_never_get_it():
    assert not OPERATOR_SCOPES.keys() & SCOPES.keys()
    assert KEY_SCOPES.keys() == OPERATOR_SCOPES.keys() | SCOPES.keys()
    with pytest.raises(UnknownScope):
        create_api_client(
            organization_id=OrganizationFactory().pk, name="BI", scopes=[METRICS], created_by_id=None, now=now()
        )


def test_figures_say_what_is_so():
    moment = now()
    one = EnrollmentFactory(status="active", needs_arming=True)
    EnrollmentFactory(status="paused", needs_arming=False, cohort=one.cohort)
    waits = {"enrollment": one, "send_after": moment - timedelta(minutes=5), "expires_at": moment + timedelta(days=1)}
    NudgeDeliveryFactory(**waits, state="planned")
    NudgeDeliveryFactory(**waits, state="retry")
    held = {"lease_until": moment + timedelta(seconds=9), "lease_token": one.uuid}
    NudgeDeliveryFactory(**waits, state="sending", **held)
    NudgeDeliveryFactory(**waits, state="sent", sent_at=moment, ended_at=moment - timedelta(minutes=59))
    NudgeDeliveryFactory(**waits, state="failed", reason="refused", ended_at=moment - timedelta(minutes=1))
    NudgeDeliveryFactory(**waits, state="failed", reason="refused", ended_at=moment - timedelta(minutes=61))
    EngineState.objects.create(pk=1, last_tick_at=moment - timedelta(seconds=40))
    pause_engine(reason="A look first", user_id=None, now=moment)

    found = told(ask(**HERE))

    assert found["waymark_tick_age_seconds",] == pytest.approx(40, abs=20)
    assert found["waymark_engine_paused",] == 1
    assert found["waymark_engine_driven",] == 0
    assert found["waymark_nudges_lag_seconds",] == pytest.approx(300, abs=20)
    assert found["waymark_nudges_due",] == 2
    assert [found["waymark_nudges_open", state] for state in ("planned", "retry", "claimed", "sending")] == [1, 1, 0, 1]
    assert found["waymark_nudges_ended_last_hour", "sent"] == 1
    assert found["waymark_nudges_ended_last_hour", "failed"] == 1
    assert found["waymark_nudges_ended_last_hour", "unknown"] == 0
    assert found["waymark_enrollments_to_arm",] == 1
    assert found["waymark_enrollments", "active"] == 1
    assert found["waymark_enrollments", "withdrawn"] == 0


def test_events_are_told_by_their_place_in_the_feed():
    tick(now=now())
    before = read_figures(now=now())
    record(
        organization_id=OrganizationFactory().pk,
        actor_id=None,
        verb="enrollment.created",
        object_type="enrollment",
        object_uuid=EnrollmentFactory().uuid,
        occurred_at=now(),
        now=now(),
    )
    waiting = told(ask(**HERE))
    sequence_events()
    placed = told(ask(**HERE))

    assert (waiting["waymark_events_unsequenced",], placed["waymark_events_unsequenced",]) == (1, 0)
    assert placed["waymark_events_total",] == before.events + 1


@pytest.mark.parametrize("people", [1, 3])
def test_figures_cost_the_same_however_many_there_are(people, django_assert_num_queries):
    for _ in range(people):
        NudgeDeliveryFactory()
    tick(now=now())

    with django_assert_num_queries(9 if connection.vendor == "postgresql" else 8):
        read_figures(now=now())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no statistics to go by")
def test_a_large_table_is_told_from_its_statistics(monkeypatch, django_assert_num_queries):
    cohort = CohortFactory()
    for status, number in (("active", 6), ("paused", 3)):
        for _ in range(number):
            EnrollmentFactory(cohort=cohort, status=status)
    monkeypatch.setattr(dialect, "COUNTED_UP_TO", 5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE learners_enrollment")

    with django_assert_num_queries(1):
        assert dialect.tally(Enrollment, "status") == {"active": 6, "paused": 3}
