"""Before somebody erases an account they show once more that it is theirs."""

import time
from typing import Any, Final, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from config.accounts.models import User
from config.personal_data.errors import WrongCode

STATE: Final = "waymark_proof"
TRIES: Final = 3
SALT: Final = "config.personal_data.proof"


def is_proven(request: HttpRequest) -> bool:
    """Return whether this person showed within the last minutes that it is them (allauth's time-out)."""
    records = [one for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def has_other_ways(person: User) -> bool:
    """Return whether allauth can ask for a password, an authenticator or a passkey; a mailed code is for the others."""
    return bool(get_reauthentication_flows(person))


def send_code(request: HttpRequest, person: User) -> bool:
    """Mail a code to the person's own address; False when they asked too often. Raises MailAway."""
    if not ratelimit.consume(request, action="request_login_code", key=person.email, user=person):
        return False
    code = get_adapter().generate_login_code()
    request.session[STATE] = {"digest": _digest(code), "at": time.time(), "tries": 0}
    get_adapter().send_mail("account/email/login_code", person.email, {"request": request, "code": code})
    return True


def take_code(request: HttpRequest, person: User, code: str) -> None:
    """Take the mailed code, once. Raises WrongCode for another one, an old one, and after three tries."""
    state = cast("dict[str, Any] | None", request.session.get(STATE))
    if state is None or time.time() - state["at"] > app_settings.REAUTHENTICATION_TIMEOUT or state["tries"] >= TRIES:
        request.session.pop(STATE, None)
        raise WrongCode
    if not compare_user_code(actual=_digest(code), expected=state["digest"]):
        request.session[STATE] = {**state, "tries": state["tries"] + 1}
        raise WrongCode("That code does not fit. Look again, or ask for a new one.")
    del request.session[STATE]
    record_authentication(request, person, method="code", reauthenticated=True)


def _digest(code: str) -> str:
    # A session is stored readable; the code itself is not put into it.
    return salted_hmac(SALT, normalize_user_code(code), algorithm="sha256").hexdigest()
