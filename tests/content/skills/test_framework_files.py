"""Files of frameworks: what is read, and every fault with its row and what to do."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.skills.rules.case import read_case
from content.skills.rules.esco import read_esco
from content.skills.rules.framework_change import FrameworkChange, change_of
from content.skills.rules.framework_file import MAX_BYTES, MAX_FAULTS, AlignmentEntry, FrameworkFile, SkillEntry
from tests.content.skills.files import BASE, HEADINGS, ROWS, case, esco, item, link
from tests.journeys.schedule.strategies import steady


def _row(uri="x", label="skill", **cells):
    values = {"conceptUri": f"{BASE}{uri}" if uri else "", "preferredLabel": label, **cells}
    return ",".join(values.get(name, "") for name in HEADINGS.split(","))


def test_a_csv_of_esco_is_read():
    found = read_esco(esco())

    assert found.skills[0] == SkillEntry(
        uri=f"{BASE}listen",
        title="listen closely",
        description="Says back what was said.",
        other_names=("hear somebody out", "listen well"),
        skill_type="skill/competence",
        reuse_level="transversal",
    )
    assert [skill.title for skill in found.skills] == ["listen closely", "ask openly", "knots"]
    assert found.left_out == ()


def test_columns_may_stand_in_any_order_with_any_separator_and_byte_order_mark():
    text = f"\ufeffpreferredlabel;CONCEPTURI;mine\nknots;{BASE}knots;x\n\n;;\n"

    assert read_esco(text.encode()).skills == (SkillEntry(uri=f"{BASE}knots", title="knots"),)


def test_a_collection_keeps_what_is_broader():
    headings = "conceptType,conceptUri,preferredLabel,broaderConceptUri,broaderConceptPT"
    row = f"KnowledgeSkillCompetence,{BASE}knots,knots,{BASE}a | {BASE}b,Group A | Group B"

    (skill,) = read_esco(esco(row, headings=headings)).skills

    assert skill.alignments == (
        AlignmentEntry(f"{BASE}a", "Group A", "broad"),
        AlignmentEntry(f"{BASE}b", "Group B", "broad"),
    )


def test_reuse_levels_choose_and_what_is_obsolete_stays_out():
    found = read_esco(esco(*ROWS, _row(status="obsolete")), levels=["transversal", "cross-sector"])

    assert [skill.title for skill in found.skills] == ["listen closely", "ask openly"]
    assert found.left_out == ("1 obsolete", "1 of other reuse levels")


@pytest.mark.parametrize(
    ("data", "place", "piece"),
    [
        (b"", "row 1", "empty"),
        (b"name\nx\n", "row 1", "no column conceptUri and none preferredLabel"),
        (esco(_row(), headings=f"{HEADINGS},conceptUri"), "row 1", "twice"),
        (esco(ROWS[0], _row(uri="")), "row 3", "conceptUri is missing"),
        (esco(_row(conceptUri="javascript:alert(1)")), "row 2", "no address"),
        (esco(_row(conceptUri=BASE + "x" * 300)), "row 2", "at most 300"),
        (esco(_row(label="")), "row 2", "preferredLabel is missing"),
        (esco(_row(label="x" * 201)), "row 2", "at most 200"),
        (esco(ROWS[0], ROWS[1], ROWS[0]), "row 4", "Row 2 has this conceptUri too"),
        (esco(_row(conceptType="Occupation")), "row 2", "type Occupation, and not a skill"),
        (esco(_row(skillType="x" * 33)), "row 2", "Shorten the skillType"),
        (esco(_row(description="x" * 10_001)), "row 2", "Shorten the description"),
        (esco(_row() + ",one,two"), "row 2", "more cells"),
        (esco(_row(status="obsolete")), "", "No row is a skill"),
        (esco('"open'), "", "no CSV that can be read"),
        (esco(_row(description="x" * 200_000)), "", "no CSV that can be read"),
        (esco()[:-20] + b"\xff\n", "line 5", "CSV UTF-8"),
        (b"\x00\x00", "", "no text"),
        (bytes(MAX_BYTES + 1), "", "larger than 20 MB"),
        (esco(*(_row(f"x{n}") for n in range(501))), "", "501 skills, and 500 are taken"),
        (esco(*(_row(f"x{n}") for n in range(20_002))), "", "more than 20,000 rows"),
    ],
)
def test_a_csv_that_cannot_be_taken_says_where_and_what_to_do(data, place, piece):
    faults = read_esco(data)

    assert [fault.pointer for fault in faults] == [place]
    assert piece in faults[0].detail


def test_very_many_faults_are_counted():
    faults = read_esco(esco(*(_row(uri="") for _ in range(150))))

    assert len(faults) == MAX_FAULTS + 1
    assert "50 more" in faults[-1].detail


def test_a_case_package_is_read_in_the_order_of_its_tree():
    found = read_case(case())

    assert [skill.title for skill in found.skills] == [
        "Talking with people",
        "Asks what and how",
        "Saying back",
        "Ties a bowline",
    ]
    assert found.skills[2].description == "Says back what was said, in own words"
    assert found.skills[2].alignments == (AlignmentEntry(f"{BASE}talk", "Talking with people", "broad"),)
    assert AlignmentEntry(f"{BASE}elsewhere", "Elsewhere", "exact") in found.skills[1].alignments
    assert (found.skills[3].description, found.skills[3].other_names) == ("Behind the back.", ("knots",))
    assert (found.title, found.version, found.license) == ("Harbor skills", "2.1", "CC-BY-4.0")
    assert found.source_uri == f"{BASE}document"


def test_a_circle_of_parents_loses_no_item():
    found = read_case(case(CFAssociations=[link("hear", "isChildOf", "ask"), link("ask", "isChildOf", "hear")]))

    assert sorted(skill.uri for skill in found.skills) == sorted(f"{BASE}{n}" for n in ("hear", "talk", "tie", "ask"))


def test_a_long_statement_becomes_a_title_and_a_description():
    statement = "word " * 60

    (skill,) = read_case(case(CFItems=[item("x", statement)], CFAssociations=None)).skills

    assert len(skill.title) <= 200
    assert skill.title.endswith("word…")
    assert skill.description == statement.strip()


@pytest.mark.parametrize(
    ("data", "place", "piece"),
    [
        (b"{", "line 1", "no JSON"),
        (b"[]", "", "no CASE package"),
        (b"[" * 200_000, "", "cannot be read"),
        (b"{}", "/CFDocument", "names no document"),
        (case(CFItems=[]), "/CFItems", "no items"),
        (case(CFItems=["x"]), "/CFItems", "no list of objects"),
        (case(CFAssociations={"x": 1}), "/CFAssociations", "no list of objects"),
        (case(CFItems=[item("x", " ")]), "/CFItems/0/fullStatement", "no fullStatement"),
        (case(CFItems=[item("x", "a"), item("x", "b")]), "/CFItems/1/uri", "/CFItems/0 has this uri too"),
        (case(CFItems=[{**item("x", "a"), "uri": "ftp://x"}]), "/CFItems/0/uri", "no address"),
        (case(CFAssociations=[{"associationType": "isChildOf"}]), "/CFAssociations/0/originNodeURI", "no uri"),
        (case(CFItems=[item(str(n), "x") for n in range(501)]), "", "501 skills"),
        (b"{" + bytes(8_000_000), "", "larger than 8 MB"),
        (b"\xff{}", "", "UTF-8"),
    ],
)
def test_a_package_that_cannot_be_taken_says_where_and_what_to_do(data, place, piece):
    faults = read_case(data)

    assert faults[0].pointer == place
    assert piece in faults[0].detail


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["identifier", "uri", "title", "fullStatement", "associationType", "originNodeURI", "destinationNodeURI"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(steady, max_examples=30)
@given(st.dictionaries(st.sampled_from(["CFDocument", "CFItems", "CFAssociations"]), anything))
def test_any_package_is_read_or_refused_in_words(package):
    found = read_case(json.dumps(package).encode())

    assert isinstance(found, FrameworkFile) or all(fault.detail for fault in found)


def test_a_change_names_what_is_new_changed_and_gone():
    old = (
        SkillEntry("u:1", "Listening", "Old."),
        SkillEntry("u:2", "Asking", reuse_level="transversal"),
        SkillEntry("", "By hand"),
    )
    new = (SkillEntry("u:1", "Close listening", "New."), SkillEntry("u:3", "Knots"))

    assert change_of(old, new) == FrameworkChange(
        added=("Knots",),
        changed=("“Listening” is now called “Close listening”.", "“Close listening” has a new description."),
        gone=("Asking", "By hand"),
    )
    assert not change_of(new, new)
