"""Messages and the engine in the admin: who sees what, and the one switch."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from config.accounts.models import User
from learners.nudges.models import EngineState, NudgeDelivery, Suppression
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.learners import CohortStaffFactory
from tests.factories.nudges import DeliveryEventFactory, NudgeDeliveryFactory, NudgeTimerFactory, SuppressionFactory
from tests.learners.nudges.world import THURSDAY

pytestmark = pytest.mark.django_db

RECORDS = ["nudgetimer", "nudgedelivery", "deliveryevent"]


def browser(user):
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def boss_of(organization):
    return browser(MembershipFactory(organization=organization, is_administrator=True).user)


def operator():
    return browser(User.objects.create_superuser("root@example.com"))


def address(model, page="changelist", *args):
    return reverse(f"admin:learners_{model}_{page}", args=args)


def one_of_each(name):
    delivery = NudgeDeliveryFactory(
        state="suppressed",
        reason="cap",
        detail="The week was full",
        enrollment__user__name=name,
        enrollment__user__email=f"{name}@x.org",
        enrollment__cohort__name=f"Cohort of {name}",
    )
    NudgeTimerFactory(enrollment=delivery.enrollment, recipient=delivery.recipient)
    DeliveryEventFactory(delivery=delivery)
    return delivery


@pytest.mark.parametrize("model", RECORDS)
def test_administrators_see_their_own_organization_and_no_other(model):
    ours, theirs = one_of_each("Ours"), one_of_each("Theirs")

    page = boss_of(ours.organization).get(address(model)).content.decode()

    assert "Ours" in page
    assert "Theirs" not in page
    assert theirs.cohort.name not in page
    other = NudgeDelivery.objects.get(pk=theirs.pk)
    answer = boss_of(ours.organization).get(address("nudgedelivery", "change", other.pk))
    assert answer.status_code in (302, 404)


def test_messages_are_filtered_in_words():
    held = one_of_each("Ours")
    one_of_each("Theirs")

    page = BeautifulSoup(boss_of(held.organization).get(address("nudgedelivery")).content, "html.parser")

    offered = [link.get_text() for link in page.select("#changelist-filter a")]
    assert "The person had as many messages as one day or week allows" in offered
    assert "cap" not in offered
    assert held.category not in offered


def test_timers_are_filtered_in_words():
    armed = one_of_each("Ours")
    NudgeTimerFactory(enrollment=armed.enrollment, recipient=armed.recipient, rule_key="resting", due_at=None)
    browse = boss_of(armed.organization)

    page = browse.get(address("nudgetimer")).content.decode()

    assert "Nothing armed" in page
    assert "Not empty" not in page
    resting = browse.get(address("nudgetimer"), {"due_at__isempty": "1"}).context["cl"].result_list
    assert [timer.rule_key for timer in resting] == ["resting"]


@pytest.mark.parametrize("model", [*RECORDS, "suppression", "enginestate"])
def test_people_without_the_role_see_nothing(model):
    delivery = one_of_each("Ours")
    colleague = MembershipFactory(organization=delivery.organization).user
    designer = MembershipFactory(organization=delivery.organization, is_designer=True).user
    staff = CohortStaffFactory(cohort=delivery.cohort, user=MembershipFactory(organization=delivery.organization).user)

    for user in (delivery.recipient, colleague, designer, staff.user):
        assert browser(user).get(address(model)).status_code in (302, 403)


@pytest.mark.parametrize("model", ["suppression", "enginestate"])
def test_what_belongs_to_the_installation_is_for_its_operator(model):
    SuppressionFactory()

    assert boss_of(OrganizationFactory()).get(address(model)).status_code == 403
    assert operator().get(address(model)).status_code == 200


@pytest.mark.parametrize("model", RECORDS)
def test_records_cannot_be_written(model):
    delivery = one_of_each("Ours")
    boss = boss_of(delivery.organization)

    assert boss.get(address(model, "add")).status_code == 403
    assert boss.post(address("nudgedelivery", "delete", delivery.pk), {"post": "yes"}).status_code == 403
    boss.post(address("nudgedelivery", "change", delivery.pk), {"state": "sent"})
    delivery.refresh_from_db()
    assert delivery.state == "suppressed"


def test_a_message_says_in_a_sentence_what_became_of_it():
    delivery = one_of_each("Ours")

    page = boss_of(delivery.organization).get(address("nudgedelivery", "change", delivery.pk)).content.decode()

    assert "Not sent. The week was full." in page
    assert "every Thursday, at 16:00" in page


@pytest.mark.parametrize(("words", "found"), [("ours@", True), ("Ours", True), ("theirs", False)])
def test_messages_are_found_by_learner(words, found):
    delivery = one_of_each("Ours")

    page = boss_of(delivery.organization).get(address("nudgedelivery"), {"q": words}).content.decode()

    assert ("Not sent. The week was full." in page) is found


def test_the_operator_pauses_and_resumes():
    root = operator()
    root.get(address("enginestate"))
    choose = {"_selected_action": ["1"], "index": "0"}

    root.post(address("enginestate"), {"action": "pause", **choose})
    state = EngineState.objects.get()
    assert state.is_paused is True
    assert "root@example.com" in state.pause_reason
    page = root.get(address("enginestate", "change", 1)).content.decode()
    assert "planned 0 = sent 0 + not sent 0 (none) + failed 0 + unknown 0 + open 0" in page

    root.post(address("enginestate"), {"action": "resume", **choose})
    assert EngineState.objects.get().is_paused is False


def test_an_administrator_of_one_organization_cannot_pause_everybody():
    EngineState.objects.create(pk=1)

    boss_of(OrganizationFactory()).post(address("enginestate"), {"action": "pause", "_selected_action": ["1"]})

    assert EngineState.objects.get().is_paused is False


def test_deleting_a_suppression_lets_messages_go_there_again():
    row = SuppressionFactory()

    operator().post(address("suppression", "delete", row.pk), {"post": "yes"})

    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("messages", [1, 3])
def test_list_queries_do_not_grow(django_assert_max_num_queries, messages):
    first = one_of_each("Ours")
    for number in range(messages - 1):
        NudgeDeliveryFactory(enrollment=first.enrollment, rule_key=f"other-{number}", send_after=THURSDAY)
    boss = boss_of(first.organization)
    boss.get(address("nudgedelivery"))

    with django_assert_max_num_queries(14):
        boss.get(address("nudgedelivery"))
