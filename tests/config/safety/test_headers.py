"""Every kind of answer carries the guards, and none of them lets inline code in."""

import pytest
from django.urls import path

from config.urls import urlpatterns as ours
from content.activities.actions import store_asset
from tests.config.personal_data.person import NOW
from tests.content.activities.files import picture, upload
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def _broken(request):
    raise RuntimeError("for this test")


urlpatterns = [path("broken/", _broken), path("api/v1/broken/", _broken), *ours]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ANSWERS = {
    "/accounts/login/": 200,
    "/help/": 200,
    "/": 302,
    "/admin/": 302,
    "/nowhere/": 404,
    "/broken/": 500,
    "/healthz": 200,
    "/readyz": 200,
    "/static/css/base.css": 200,
    "/static/favicon.svg": 200,
    "/static/nowhere.css": 404,
    "/api/v1/docs/": 200,
    "/api/v1/schema/": 200,
    "/api/v1/cohorts/": 401,
    "/api/v1/cohorts": 301,
    "/api/v1/nowhere/": 404,
    "/api/v1/broken/": 500,
    "/identity/o/api/token": 405,
    "/sign-off/not-signed/": 404,
    "/unsubscribe/not-signed/": 404,
    "/demo/mail/": 404,
}
SIGNED_IN = {
    "/": 200,
    "/privacy/": 200,
    "/privacy/export/": 200,
    "/accounts/email/": 200,
    "/accounts/2fa/": 200,
    "/admin/": 200,
    "/admin/accounts/user/": 200,
    "/admin/studio/": 200,
}


def policy_of(response):
    parts = [part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


def assert_guarded(response):
    policy = policy_of(response)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert_headers(response)


def assert_headers(response):
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.fixture(autouse=True)
def _own_addresses(settings):
    settings.ROOT_URLCONF = __name__
    settings.WHITENOISE_USE_FINDERS = True


@pytest.mark.parametrize(("address", "status"), ANSWERS.items())
def test_every_kind_of_answer_is_guarded(browser, address, status):
    response = browser().get(address)

    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.parametrize(("address", "status"), SIGNED_IN.items())
def test_pages_of_signed_in_people_are_guarded(browser, address, status):
    client = browser()
    client.force_login(MembershipFactory(is_administrator=True, user=UserFactory(is_superuser=True)).user)

    response = client.get(address)

    assert response.status_code == status
    assert_guarded(response)


def test_a_refused_form_is_guarded(browser):
    response = browser(enforce_csrf_checks=True).post("/accounts/login/", {})

    assert response.status_code == 403
    assert_guarded(response)


def test_a_redirect_to_https_is_guarded(browser):
    response = browser().get("/help/", headers={"x-forwarded-proto": "http"})

    assert (response.status_code, response["Location"]) == (301, "https://waymark.example/help/")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_a_file_that_somebody_uploaded_can_run_nothing(browser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    member = MembershipFactory()
    asset = store_asset(organization_id=member.organization_id, name="x", file=upload(picture(), "x"), now=NOW)
    client = browser()
    client.force_login(member.user)

    response = client.get(f"/assets/{asset.uuid}/")

    assert policy_of(response) == {"default-src": "'none'", "sandbox": ""}
    assert_headers(response)
    assert client.get(f"/media/{asset.file}").status_code == 404


def test_nothing_private_is_kept_by_caches_on_the_way(browser):
    client = browser()
    client.force_login(MembershipFactory().user)

    for address in ("/", "/reflections/", "/privacy/", "/privacy/export/"):
        kept = client.get(address).get("Cache-Control", "")
        assert "public" not in kept
