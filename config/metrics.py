"""What a monitoring system reads: the figures of the whole installation, in Prometheus's words."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from config.accounts.actor import METRICS
from config.accounts.authentication import ApiKeyAuthentication
from config.support.clock import database_now
from learners.nudges.queries.figures import Figures, read_figures

# What a proxy adds, of which one is enough to tell that somebody else is behind it.
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """
    Tell the figures to a key that may read them, and to whoever asks from this very machine; others find nothing.

    Everything is read from the database at this moment, so it does not matter which web process answers.
    """
    if not (_is_from_here(request) or _has_key(request)):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Now(read_figures(now=database_now())))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_from_here(request: HttpRequest) -> bool:
    """
    Tell whether a process of this machine asks for itself.

    A proxy on this machine asks from loopback too: it says for whom, or at least for which name.
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback and _name_of(request.get_host()) in OWN_NAMES


def _name_of(host: str) -> str:
    """Return a host without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _has_key(request: HttpRequest) -> bool:
    try:
        found = ApiKeyAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    # A key of single cohorts has no business with figures of everybody.
    return found is not None and METRICS in found[1].scopes and found[1].cohort_ids is None


class _Now(Collector):
    """The figures of one moment as metrics."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Give each figure its name and a sentence."""
        found = self._figures
        if found.tick_age_seconds is not None:
            yield _gauge("tick_age_seconds", "Seconds since the nudge engine last looked.", found.tick_age_seconds)
        yield _gauge("engine_paused", "1 while somebody holds all messages back.", found.is_paused)
        yield _gauge("engine_driven", "1 while a worker holds the engine's lease.", found.is_driven)
        yield _gauge("nudges_lag_seconds", "How long the oldest due message has waited.", found.lag_seconds)
        yield _gauge("nudges_due", "Messages that wait to be sent now, counted up to 10,000.", found.due)
        yield _by_state("nudges_open", "Messages that have not ended, up to 100,000 each.", found.open_messages)
        yield _by_state("nudges_ended_last_hour", "Messages that ended in the last hour.", found.ended_recently)
        yield CounterMetricFamily("waymark_events", "Events that got their place in the feed.", value=found.events)
        yield _gauge("events_unsequenced", "Events that wait for a place, up to 100,000.", found.unsequenced)
        yield _gauge("enrollments_to_arm", "People whose dates the engine has yet to see.", found.to_arm)
        yield _by("status", "enrollments", "People by status; above 50,000 an estimate.", found.enrollments)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"waymark_{name}", words, value=float(value))


def _by_state(name: str, words: str, values: Mapping[str, int]) -> Metric:
    return _by("state", name, words, values)


def _by(label: str, name: str, words: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"waymark_{name}", words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
