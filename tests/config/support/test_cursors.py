"""Places in a list."""

import pytest

from config.accounts.models import Organization
from config.support.cursors import BadQuery, Cursor, fetch_page, read_cursor, take_page
from tests.factories.accounts import OrganizationFactory


@pytest.mark.parametrize("cursor", [Cursor(0), Cursor(7), Cursor(10**17, backward=True)])
def test_a_cursor_is_read_as_it_was_written(cursor):
    assert read_cursor(str(cursor)) == cursor


@pytest.mark.parametrize("token", ["x", "bm9wZQ", "bi0x", "====", "ünï", "bjE;", "bjk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_we_did_not_make_is_refused(token):
    with pytest.raises(BadQuery):
        read_cursor(token)


def test_no_cursor_is_the_beginning():
    assert read_cursor(None) is None
    assert read_cursor("") is None


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 7])
def test_every_row_is_on_one_page_in_both_directions(rows, django_assert_num_queries):
    made = [OrganizationFactory().pk for _ in range(rows)]
    token, pages = None, []
    while True:
        with django_assert_num_queries(1):
            page = fetch_page(Organization.objects.all(), token=token, limit=2)
        pages.append(page)
        if page.next is None:
            break
        token = str(page.next)

    assert [row.pk for page in pages for row in page.rows] == made
    assert pages[0].previous is None
    for before, after in zip(pages, pages[1:], strict=False):
        back = fetch_page(Organization.objects.all(), token=str(after.previous), limit=2)
        assert [row.pk for row in back.rows] == [row.pk for row in before.rows]
        assert back.next == before.next


@pytest.mark.django_db
def test_a_page_whose_rows_are_gone_is_empty_and_leads_back():
    made = [OrganizationFactory().pk for _ in range(3)]
    first = fetch_page(Organization.objects.all(), token=None, limit=2)
    Organization.objects.filter(pk=made[2]).delete()

    page = fetch_page(Organization.objects.all(), token=str(first.next), limit=2)

    assert page.rows == []
    assert page.next is None
    back = fetch_page(Organization.objects.all(), token=str(page.previous), limit=2)
    assert [row.pk for row in back.rows] == made[:2]


def test_rows_that_are_decided_one_by_one_are_asked_for_no_further_than_the_page():
    asked = []

    def rows(cursor):
        for number in range(cursor.key + 1 if cursor else 1, 100):
            asked.append(number)
            if number % 2:
                yield number

    page = take_page(rows, token=None, limit=3, id_of=int)

    assert page.rows == [1, 3, 5]
    assert page.next == Cursor(5)
    assert asked == [1, 2, 3, 4, 5, 6, 7]
