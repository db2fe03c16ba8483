"""A reflection's text has one way out: the rows that the reflections room hands to its readers."""

import ast
import re

import pytest
from django.apps import apps
from django.contrib.admin.sites import site

from learners.reflections.models import Reflection
from tests.architecture.sources import ROOT, Source, sources

ROOM = "learners.reflections."
# Where rows of reflections begin, and why that is no way around can_read.
BEGINNINGS = {
    # The rule itself, as a query; can_read says the same of one row.
    ("learners.reflections.queries.readers", "readable_by"),
    # The author's own, and where they have begun something, without a word of it.
    ("learners.reflections.queries.own", "_own"),
    ("learners.reflections.queries.own", "drafts_in"),
    # Writing: the text goes in.
    ("learners.reflections.actions.texts", "_current"),
    ("learners.reflections.actions.texts", "_own"),
    # How many there are, before they are erased with their author.
    ("config.personal_data.queries", "what_would_go"),
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# A row that came from the room has its text shown here; nowhere else is a text of a reflection touched.
TEXTS = {
    "learners.player.keepers",
    "learners.player.queries.own_words",
    "learners.player.views.reflections",
    "learners.reflections.actions.texts",
}


def beginnings(source: Source) -> set[tuple[str, str]]:
    """Return the functions in which a query on reflections begins."""
    if "Reflection." not in source.text:
        return set()
    return {
        (source.module, function.name)
        for function in source.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and _names(node.value, "Reflection")
    }


def _names(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name or isinstance(node, ast.Attribute) and node.attr == name


def texts(source: Source) -> bool:
    """Tell whether a file reads `.text` of something that it calls a reflection, or of a row of a note."""
    return _knows_reflections(source) and any(
        isinstance(node, ast.Attribute)
        and node.attr == "text"
        and re.fullmatch(r"reflection|row|note", _last(node.value))
        for node in source.nodes
    )


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _knows_reflections(source: Source) -> bool:
    return bool(re.search(r"learners\.reflections|player\.queries\.notebook", source.text))


def test_queries_on_reflections_begin_where_the_rule_is():
    found = {beginning for source in sources() for beginning in beginnings(source)}

    assert found == BEGINNINGS


def test_a_reflections_text_is_touched_in_few_places():
    # An inbox row shows the designer's wording of a message.
    found = {source.module for source in sources() if texts(source)} - {"learners.nudges.queries.inbox"}

    assert found == TEXTS


@pytest.mark.parametrize("way", [r"reflections__text", r"\.reflections\b(?!\.)", r"learners_reflection\b"])
def test_no_other_way_leads_to_the_column(way):
    hits = [source.name for source in sources() if re.search(way, _code(source)) and ROOM not in source.module]

    assert hits == []


def _code(source: Source) -> str:
    """Return a file without its imports, which name the room."""
    return "\n".join(line for line in source.text.splitlines() if not re.match(r"\s*(from|import) ", line))


def test_no_page_of_the_administration_shows_reflections():
    assert not site.is_registered(Reflection)
    inlines = {inline.model for page in site._registry.values() for inline in page.inlines}
    assert Reflection not in inlines


def test_nothing_else_keeps_a_text_of_a_reflection():
    """One column of one table, without a history beside it."""
    columns = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if "reflection" in model.__name__.lower() and getattr(field, "get_internal_type", str)() == "TextField"
    ]

    assert columns == ["Reflection.prompt", "Reflection.text"]


def test_templates_show_the_text_of_rows_that_passed_the_rule():
    shown = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/*/templates/**/*.html")
        if re.search(r"(reflection|note\.row)\.text", path.read_text())
    }

    assert shown == {
        "learners/board/templates/learners/board/_shared.html",
        "learners/player/templates/learners/player/_note_line.html",
        "learners/player/templates/learners/player/reflection.html",
    }
