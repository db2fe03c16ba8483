"""What a production start decides: cookies, hashes, https; and Django's own list finds nothing."""

import subprocess
import sys

import pytest
from django.middleware.csrf import get_token
from django.test import RequestFactory

from tests.config.safety.production import ENVIRONMENT, ROOT, production_settings
from tests.factories.accounts import MembershipFactory

PASSWORD = "seven quiet herons"


def test_djangos_own_list_finds_nothing():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**ENVIRONMENT, "PATH": ""},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_passwords_are_hashed_with_argon2_and_checked_for_strength():
    found = production_settings()

    assert found["PASSWORD_HASHERS"][0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    checks = [validator["NAME"].rsplit(".", 1)[1] for validator in found["AUTH_PASSWORD_VALIDATORS"]]
    assert {"MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator"} <= set(checks)


@pytest.mark.parametrize("missing", ["SECRET_KEY"])
def test_a_missing_secret_stops_the_start_in_one_line(missing):
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env={name: value for name, value in ENVIRONMENT.items() if name != missing} | {"PATH": ""},
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_cookies_stay_on_https_and_away_from_scripts(browser):
    person = MembershipFactory().user
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    client = browser()

    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert answer.status_code == 302
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (bool(session["secure"]), bool(session["httponly"]), session["samesite"]) == (True, True, "Lax")
    assert (bool(csrf["secure"]), csrf["samesite"]) == (True, "Lax")


def test_a_token_for_forms_is_new_in_every_page():
    request = RequestFactory().get("/")

    assert get_token(request) != get_token(request)
