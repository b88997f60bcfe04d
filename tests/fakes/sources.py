"""The program's own sources, parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pipeline"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every module of the program, by its path inside the package."""
    return sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@cache
def tree_of_module(module: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> set[str]:
    """The full names that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def functions() -> Iterator[tuple[Path, Function]]:
    """Every function and method, with its module."""
    for module in modules():
        for node in ast.walk(tree_of_module(module)):
            if isinstance(node, Function):
                yield module, node
