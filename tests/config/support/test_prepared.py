"""Reads whose SQL is written down once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.transaction import TransactionManagementError
from django.db.utils import DEFAULT_DB_ALIAS

from config.accounts.models import Membership, Organization
from config.support.prepared import Prepared, PreparedUpdate, moment, text, texts, unique, whole, wholes
from learners.cohorts.models import Enrollment
from learners.progress.models import Completion
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.learners import CompletionFactory, EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_a_prepared_read_gives_what_its_queryset_gives(django_assert_num_queries):
    mine, other = MembershipFactory(), MembershipFactory()
    read = Prepared(
        lambda: Membership.objects.filter(
            organization_id=whole("organization"), organization__uuid=unique("uuid"), user__name=text("name")
        ).select_related("organization", "user")
    )

    for one in (mine, other, mine):
        with django_assert_num_queries(1):
            found = read(organization=one.organization_id, uuid=one.organization.uuid, name=one.user.name)
            assert [(row.user, row.organization.name) for row in found] == [(one.user, one.organization.name)]
    assert read(organization=mine.organization_id, uuid=other.organization.uuid, name=mine.user.name) == []


def test_every_run_reads_the_rows_as_they_are_then():
    organization = OrganizationFactory(name="Before")
    read = Prepared(lambda: Organization.objects.filter(pk=whole("id")))
    before = read.first(id=organization.pk)
    Organization.objects.filter(pk=organization.pk).update(name="After")

    after = read.first(id=organization.pk)

    assert (before.name, after.name) == ("Before", "After")
    organization.delete()
    assert read.first(id=after.pk) is None


def test_instants_are_compared_and_read_as_the_orm_does():
    completion = CompletionFactory()
    read = Prepared(
        lambda: Completion.objects.filter(completed_at__lte=moment("until")).values_list("pk", "completed_at")
    )

    assert read(until=completion.completed_at) == [(completion.pk, completion.completed_at)]
    assert read(until=completion.completed_at - timedelta(microseconds=1)) == []


def test_several_values_are_one_parameter():
    made = [OrganizationFactory() for _ in range(3)]
    by_id = Prepared(
        lambda: Organization.objects.filter(pk__in=wholes("ids")).order_by("pk").values_list("pk", flat=True)
    )
    by_slug = Prepared(lambda: Organization.objects.filter(slug__in=texts("slugs")).order_by("pk"))

    assert by_id(ids=[made[2].pk, made[0].pk]) == [made[0].pk, made[2].pk]
    assert by_id(ids=[]) == []
    assert by_slug(slugs={made[1].slug, 'with "quotes", {braces} and a \\'}) == [made[1]]


def test_annotations_over_other_tables_are_set_on_the_rows():
    with_people, empty = MembershipFactory().organization, OrganizationFactory()
    read = Prepared(
        lambda: Organization.objects.filter(pk=whole("id")).annotate(
            has_people=Exists(Membership.objects.filter(organization=OuterRef("pk")))
        )
    )

    assert [vars(read.first(id=one.pk))["has_people"] for one in (with_people, empty)] == [True, False]


def test_a_value_that_sql_would_compare_otherwise_is_refused():
    read = Prepared(lambda: Organization.objects.filter(pk=whole("id")))

    with pytest.raises(TypeError, match="id with None"):
        read(id=None)
    with pytest.raises(KeyError):
        read()


@pytest.mark.django_db(transaction=True)
def test_a_read_that_locks_is_refused_outside_of_a_transaction():
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite locks the whole file at the start of a transaction, and Django writes no clause")
    enrollment = EnrollmentFactory()
    read = Prepared(lambda: Enrollment.objects.select_for_update().filter(pk=whole("id")))
    with transaction.atomic():
        assert read(id=enrollment.pk) == [enrollment]

    with pytest.raises(TransactionManagementError):
        read(id=enrollment.pk)


def test_a_thread_writes_its_own_sql_on_its_own_connection():
    written = []

    def build():
        written.append(threading.get_ident())
        return Organization.objects.filter(pk=whole("id"))

    read = Prepared(build)
    read(id=0)
    read(id=0)

    def elsewhere():
        try:
            read(id=0)
        finally:
            connection.close()

    other = threading.Thread(target=elsewhere)
    other.start()
    other.join()

    assert connection.alias == DEFAULT_DB_ALIAS
    assert len(written) == len(set(written)) == 2


def test_an_update_writes_its_fields_of_one_row_and_no_others():
    mine, other = EnrollmentFactory(), EnrollmentFactory()
    write = PreparedUpdate(Enrollment, ["module_states", "status", "next_due_at", "current_module"])
    mine.module_states, mine.next_due_at, mine.status = {"first": "open"}, mine.enrolled_at, "active"
    mine.required = 7

    write(mine)

    kept = Enrollment.objects.get(pk=mine.pk)
    assert (kept.module_states, kept.next_due_at, kept.status) == ({"first": "open"}, mine.enrolled_at, "active")
    assert kept.required == 0
    assert Enrollment.objects.get(pk=other.pk).module_states == other.module_states
    with pytest.raises(LookupError):
        write(Enrollment(pk=0, status="active"))
