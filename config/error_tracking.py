"""Reports of unexpected errors to a Sentry of the operator's choice; nothing is sent unless SENTRY_DSN names one."""

from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def start(dsn: str) -> None:
    """
    Send unexpected errors of this process to `dsn`, without what people wrote or who they are; "" does nothing.

    Raises ImproperlyConfigured where the optional package is missing: an operator who set a DSN relies on the reports.
    """
    if not dsn:
        return
    try:
        # Four megabytes that only an installation with reports should carry.
        sentry_sdk = import_module("sentry_sdk")
    except ImportError as error:
        missing = "SENTRY_DSN is set, but sentry-sdk is missing. Run: pip install waymark[production]"
        raise ImproperlyConfigured(missing) from error
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        # Bodies, variables and log lines may hold a reflection or an address.
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=_without_people,
    )


def _without_people(event: Any, hint: dict[str, Any]) -> Any:
    """Return the event with kind, place and view of the error, and without its message and everything personal."""
    if "exception" not in event:
        return None
    # The address may hold what somebody searched for, or a signed link; `transaction` names the view.
    event["request"] = {"method": (event.get("request") or {}).get("method")}
    for name in ("user", "extra", "breadcrumbs", "logentry"):
        event.pop(name, None)
    for error in event["exception"].get("values", []):
        # A constraint's message quotes the row that broke it.
        error["value"] = ""
    return event
