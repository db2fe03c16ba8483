"""Mails that somebody waits for while they sign in."""

import pytest
from allauth.account.models import EmailAddress

from tests.factories.accounts import MembershipFactory
from tests.learners.nudges.smtp_sink import free_port, smtp_sink, use_server

pytestmark = pytest.mark.django_db
ASK = "/accounts/login/code/"


@pytest.fixture
def no_server(settings):
    use_server(settings, free_port())


@pytest.fixture(params=["member@x.org", "nobody@x.org"])
def address(request):
    """Somebody's, or nobody's: the answer must not tell which."""
    user = MembershipFactory(user__email="member@x.org").user
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return request.param


def test_a_code_that_cannot_be_mailed_is_told_on_the_page_it_was_asked_on(client, no_server, address):
    page = client.post(ASK, {"email": address}, headers={"Referer": f"http://testserver{ASK}"}, follow=True)

    assert page.redirect_chain == [(f"http://testserver{ASK}", 302)]
    assert "We cannot send mail at the moment" in page.content.decode()


def test_without_a_page_to_go_back_to_the_refusal_is_one(client, no_server, address):
    page = client.post(ASK, {"email": address})

    assert page.status_code == 503
    assert page.content.decode().count("We cannot send mail at the moment") == 2, "In the title and as the heading."


def test_a_server_that_refuses_the_address_is_told_as_well(client, settings, address):
    with smtp_sink(settings) as sink:
        sink.to_recipient[address] = "550 5.1.1 no such mailbox"

        page = client.post(ASK, {"email": address})

    assert page.status_code == 503


def test_a_password_that_was_set_stays_though_nobody_can_be_told(client, no_server):
    user = MembershipFactory(user__email="member@x.org").user
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.force_login(user)

    page = client.post("/accounts/password/set/", dict.fromkeys(("password1", "password2"), "Wanderweg-27-Stein"))

    user.refresh_from_db()
    assert page.status_code == 302
    assert user.check_password("Wanderweg-27-Stein")
