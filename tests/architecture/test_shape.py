"""How our code reads: sizes, names, docstrings, typed and inline-free."""

import ast

import pytest

from tests.architecture.sources import APPS, ROOT, Source, sources

BANNED = {"utils", "helpers", "common", "misc", "manager", "base", "services"}
DOCUMENTED = {"actions", "queries", "rules", "tasks"}


def _role(source: Source) -> str:
    parts = source.path.relative_to(ROOT).with_suffix("").parts
    return next((part for part in parts[2:] if part in DOCUMENTED), "")


def test_files_stay_under_400_lines():
    long = {s.name: s.text.count("\n") for s in sources(with_tests=True) if s.text.count("\n") > 400}
    others = {
        str(path.relative_to(ROOT)): path.read_text().count("\n")
        for app in APPS
        for path in (ROOT / app).rglob("*.*")
        if path.suffix in (".html", ".css", ".js") and path.read_text().count("\n") > 400
    }

    assert long | others == {}


def test_functions_stay_under_50_lines():
    long = [
        f"{s.name}:{f.lineno} {f.name}"
        for s in sources(with_tests=True)
        for f in s.functions
        if (f.end_lineno or f.lineno) - f.lineno + 1 > 50
    ]

    assert long == []


def test_no_module_has_a_name_that_says_nothing():
    assert [s.name for s in sources(with_tests=True) if s.path.stem in BANNED] == []


def test_public_actions_queries_rules_and_tasks_say_what_they_do():
    silent = [
        f"{s.name}:{node.lineno} {node.name}"
        for s in sources()
        if _role(s)
        for node in s.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_models_and_modules_have_docstrings():
    silent = [s.name for s in sources() if s.text.strip() and not ast.get_docstring(s.tree)]

    assert silent == []


def test_nothing_is_imported_inside_a_function():
    inline = [
        f"{s.name}:{node.lineno}"
        for s in sources()
        for node in s.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(f.lineno <= node.lineno <= (f.end_lineno or f.lineno) for f in s.functions)
    ]

    assert inline == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK", "raise NotImplementedError"])
def test_nothing_is_left_to_be_done(word):
    assert [s.name for s in sources() if word in s.text] == []


def test_the_clock_is_read_at_the_edge_only():
    """rules, queries and actions get `now` as an argument; only clock.py, views, tasks and commands may read it."""
    reads = ("timezone.now(", "datetime.now(", "date.today(", "timezone.localdate(", "time.time(")
    deep = [
        s.name
        for s in sources()
        if _role(s) and any(read in s.text for read in reads) and "support/clock" not in s.name
    ]

    assert deep == []


def test_actions_take_their_time_and_send_nothing_over_the_network():
    networked = ("smtplib", "requests", "urllib.request", "http.client", "socket")
    found = [
        f"{s.name}:{node.lineno}"
        for s in sources()
        if _role(s) in {"actions", "queries", "rules"}
        for node in s.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] in networked for name in _imported(node))
    ]

    assert found == []


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""]
