"""Lists of people as spreadsheet programs write them."""

import pytest

from learners.cohorts.rules.enrollment_list import MAX_ROWS, EnrollmentRow, read_day, read_enrollment_csv


def rows_of(text, encoding="utf-8"):
    found = read_enrollment_csv(text.encode(encoding))
    assert found.faults == ()
    return list(found.rows)


def fault_of(data):
    found = read_enrollment_csv(data if isinstance(data, bytes) else data.encode())
    assert found.rows == ()
    (fault,) = found.faults
    return str(fault)


def test_columns_are_found_in_any_order_by_any_usual_heading():
    rows = rows_of(
        "Manager e-mail,TIME ZONE,Start date,Full name,E-Mail Address\nbo@x.org,Asia/Tokyo,2027-04-01,Ana,a@x.org\n"
    )

    assert rows == [EnrollmentRow(2, "a@x.org", "Ana", "Asia/Tokyo", "bo@x.org", "2027-04-01")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_and_foreign_letters_are_read(encoding):
    assert rows_of("e-mail,name\nelif@x.org,Elif Yıldız\n", encoding) == [EnrollmentRow(2, "elif@x.org", "Elif Yıldız")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_told_apart(separator):
    text = f"e-mail{separator}name\na@x.org{separator}Ana\n"

    assert rows_of(text) == [EnrollmentRow(2, "a@x.org", "Ana")]


def test_quotes_line_ends_and_blank_lines_keep_their_line_numbers():
    text = 'e-mail,name\r\n\r\na@x.org,"Silva, Ana"\r\n"b@x.org","two\r\nlines"\r\n , \r\nc@x.org\r\n'

    assert [(row.line, row.email, row.name) for row in rows_of(text)] == [
        (3, "a@x.org", "Silva, Ana"),
        (4, "b@x.org", "two\r\nlines"),
        (7, "c@x.org", ""),
    ]


def test_headings_that_are_not_known_are_told():
    found = read_enrollment_csv(b"e-mail,shoe size,\na@x.org,43,x\n")

    assert found.ignored == ("shoe size",)
    assert found.rows == (EnrollmentRow(2, "a@x.org"),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"e-mail,name\n", "nobody below the headings"),
        (b"name,zone\nAna,UTC\n", "There is no column “e-mail”"),
        (b"a@x.org,Ana\nb@x.org,Bo\n", "The first line names the columns"),
        (b"e-mail,mail\na@x.org,b@x.org\n", "Two columns mean the same"),
        (b'e-mail,name\na@x.org,"Ana\n', "not a CSV file"),
        (b"e-mail,name\na@x.org,An\xe1\n", "Line 2: A letter cannot be read"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"e-mail\n" + b"a" * 5_000_000, "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data, words):
    assert words in fault_of(data)


def test_a_list_that_is_too_long_is_refused_whole():
    assert "fit at once" in fault_of("e-mail\n" + "a@x.org\n" * (MAX_ROWS + 1))


def test_a_day_is_read_in_one_way_only():
    assert read_day("") is None
    assert str(read_day(" 2027-03-03 ")) == "2027-03-03"
    for text in ("3.3.2027", "03/04/2027", "2027-02-30", "soon"):
        with pytest.raises(ValueError, match="Write it as 2027-03-03"):
            read_day(text)
