"""The project's own source files, parsed once."""

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "content", "journeys", "learners")


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text, its tree."""

    path: Path
    text: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, in the order of ast.walk."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def functions(self) -> "tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]":
        """Every function, methods and nested ones included."""
        return tuple(node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

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
    return tuple(_source(path) for path in kept)


@cache
def _source(path: Path) -> Source:
    """Read and parse a file once, whoever asks for it."""
    return Source(path, text := path.read_text(), ast.parse(text))
