"""Nobody fills the memory or the disk of the server, signed in or not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.support.middleware import LARGEST_BODY, LARGEST_UPLOAD
from tests.api.world import with_key
from tests.factories.accounts import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nowhere/", "/sign-off/x/"])
def test_a_visitor_cannot_leave_large_files_behind(address, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    huge = SimpleUploadedFile("x.csv", b"x" * (LARGEST_UPLOAD + 1))

    answer = Client().post(address, {"file": huge})

    assert answer.status_code == 413
    assert "at most 8,000,000 bytes" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []


def test_an_api_body_has_a_largest_size_too():
    key = with_key(OrganizationFactory())

    answer = key.post("/cohorts/", data=b'"' + b"x" * LARGEST_BODY + b'"', content_type="application/json")

    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:waymark:problem:too_large"


@pytest.mark.parametrize("length", ["-1", "many", "9" * 30])
def test_a_length_that_is_none_is_refused(length):
    answer = Client().post("/accounts/login/", CONTENT_LENGTH=length)

    assert answer.status_code in (400, 413)


def test_very_many_fields_are_refused():
    answer = Client().post("/accounts/login/", {f"f{n}": "x" for n in range(4_001)})

    assert answer.status_code in (400, 413)


def test_a_list_of_people_of_the_largest_size_is_let_through():
    answer = Client().post("/accounts/login/", {"file": SimpleUploadedFile("x.csv", b"x" * 5_000_000)})

    assert answer.status_code == 200
