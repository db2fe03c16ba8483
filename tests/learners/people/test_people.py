"""Invitations and how people want to be reached."""

from datetime import time, timedelta

import pytest

from config.accounts.models import Membership, User
from config.events.models import ActivityEvent
from config.support.errors import InvalidInput
from learners.people.actions import invite_member, pause_messages, save_preferences, set_channel_choice
from learners.people.errors import BadAddress, BadZone, OwnManager, UnknownChannel
from learners.people.models import Preferences
from learners.people.queries import channel_choices, contact_rules, get_preferences
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.learners import ChannelChoiceFactory, PreferencesFactory
from tests.learners.running import NOW

pytestmark = pytest.mark.django_db


def test_an_invited_member_has_roles_and_signs_in_by_code():
    organization = OrganizationFactory()

    person = invite_member(
        organization_id=organization.pk, email=" Ana@X.org", name="Ana", is_designer=True, actor_id=None, now=NOW
    )

    membership = Membership.objects.get()
    assert (person.email, person.has_usable_password()) == ("ana@x.org", False)
    assert (membership.is_designer, membership.is_administrator, membership.is_learner) == (True, False, True)
    assert ActivityEvent.objects.get().verb == "person.invited"


def test_one_mailed_code_is_enough_for_an_invited_person(client, mailoutbox):
    invite_member(organization_id=OrganizationFactory().pk, email="ana@x.org", now=NOW)
    client.post("/accounts/login/code/", {"email": "ana@x.org"})
    code = next(line for line in mailoutbox[0].body.splitlines() if len(line) == 9 and line[4] == "-")

    answer = client.post("/accounts/login/code/confirm/", {"code": code}, follow=True)

    assert answer.redirect_chain[-1][0] == "/"
    assert answer.context["user"].email == "ana@x.org"
    assert len(mailoutbox) == 1


def test_inviting_again_adds_roles_and_takes_none():
    member = MembershipFactory(is_designer=True)

    invite_member(
        organization_id=member.organization_id, email=member.user.email.upper(), is_administrator=True, now=NOW
    )

    member.refresh_from_db()
    assert (member.is_designer, member.is_administrator) == (True, True)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"email": "nonsense"}, BadAddress),
        ({"time_zone": "Mars/Olympus"}, BadZone),
        ({"manager_email": "A@x.org"}, OwnManager),
        ({"manager_email": "nonsense"}, BadAddress),
    ],
)
def test_invitations_that_cannot_be_used_write_nothing(values, error):
    organization = OrganizationFactory()

    with pytest.raises(error):
        invite_member(**{"organization_id": organization.pk, "email": "a@x.org", "now": NOW, **values})

    assert User.objects.count() == 0


def test_absent_preferences_are_the_defaults():
    person = UserFactory()

    preferences = get_preferences(person.pk)

    assert preferences._state.adding
    assert (preferences.quiet_from, preferences.quiet_until) == (time(19, 0), time(8, 0))


def test_preferences_are_kept_and_a_pause_survives_them():
    person = UserFactory()
    pause_messages(user_id=person.pk, until=NOW + timedelta(days=7), now=NOW)

    save_preferences(user_id=person.pk, quiet_from=time(18), quiet_until=time(9), quiet_days=[6, 5, 5], theme="dark")

    kept = get_preferences(person.pk)
    assert (kept.quiet_days, kept.theme, kept.paused_until) == ([5, 6], "dark", NOW + timedelta(days=7))
    assert pause_messages(user_id=person.pk, until=None, now=NOW).paused_until is None


@pytest.mark.parametrize(
    "values", [{"quiet_days": [7]}, {"quiet_days": list(range(7))}, {"quiet_days": ["mon"]}, {"theme": "pink"}]
)
def test_preferences_that_make_no_sense_are_refused(values):
    with pytest.raises(InvalidInput):
        save_preferences(user_id=UserFactory().pk, quiet_from=time(18), quiet_until=time(9), **values)
    assert Preferences.objects.count() == 0


def test_a_pause_into_the_past_is_refused():
    with pytest.raises(InvalidInput):
        pause_messages(user_id=UserFactory().pk, until=NOW, now=NOW)


def test_a_channel_is_switched_off_and_on():
    person = UserFactory()

    for is_on in (False, False, True):
        set_channel_choice(user_id=person.pk, category="practice", channel="email", is_on=is_on, now=NOW)

    assert channel_choices(person.pk) == {("practice", "email"): True}
    for category, channel in (("gossip", "email"), ("practice", "pigeon"), ("service", "email")):
        with pytest.raises(UnknownChannel):
            set_channel_choice(user_id=person.pk, category=category, channel=channel, is_on=False, now=NOW)


@pytest.mark.parametrize("people", [1, 3])
def test_contact_rules_cost_two_queries_whatever_the_number(people, django_assert_num_queries):
    ids = [PreferencesFactory(quiet_days=[6]).user_id for _ in range(people)]
    ids.append(UserFactory(time_zone="Asia/Tokyo").pk)
    ChannelChoiceFactory(user_id=ids[0], is_on=False)
    ChannelChoiceFactory(user_id=ids[0], category="due", is_on=True)

    with django_assert_num_queries(2):
        rules = contact_rules(ids)

    assert rules[ids[0]].off == {("practice", "email")}
    assert not rules[ids[0]].wants("practice", "email")
    assert rules[ids[0]].wants("due", "email")
    assert rules[ids[0]].quiet_days == {6}
    assert (rules[ids[-1]].zone, rules[ids[-1]].quiet_from, rules[ids[-1]].off) == ("Asia/Tokyo", time(19), frozenset())
    assert set(rules) == set(ids)
