"""The project's own source files, parsed once."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "content", "journeys", "learners")


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text, its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)


@cache
def sources(*, with_tests: bool = False) -> tuple[Source, ...]:
    """Return every Python file of the apps (and of the tests), migrations left out."""
    folders = (*APPS, "tests") if with_tests else APPS
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    kept = (path for path in paths if "migrations" not in path.parts)
    return tuple(Source(path, text := path.read_text(), ast.parse(text)) for path in kept)


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function in a tree, methods and nested ones included."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
