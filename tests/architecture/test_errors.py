"""The tree of failures, as it is drawn and as it is."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from fakes.sources import modules, tree_of_module

from pipeline import errors
from pipeline.errors import Interrupted, StoryrelayError

DRAWN = re.compile(r"^(?P<depth>[│├└─ ]*)(?P<name>\w+)(?:\s{2,}(?P<code>[\d/]+))?\s{2,}\S")


def drawn() -> Iterator[tuple[str, str, int | None]]:
    """Each class in the module's docstring: its name, its parent's, and its exit code where one is given."""
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines()[2:]:
        found = DRAWN.match(line)
        assert found, line
        depth = len(found["depth"]) // 4
        parents[depth:] = [found["name"]]
        code = None if found["code"] in (None, "130/143") else int(found["code"])
        yield found["name"], parents[depth - 1] if depth else "Exception", code


def classes() -> dict[str, type[StoryrelayError]]:
    return {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, StoryrelayError)
    }


def test_every_error_is_drawn_and_every_drawing_is_an_error() -> None:
    assert sorted(name for name, _, _ in drawn()) == sorted(classes())


@pytest.mark.parametrize(("name", "parent", "code"), list(drawn()))
def test_an_error_is_what_its_drawing_says(name: str, parent: str, code: int | None) -> None:
    kind = classes()[name]
    assert kind.__base__ is not None
    assert kind.__base__.__name__ == parent
    if code is not None:
        assert kind.exit_code == code
    elif kind is not Interrupted:
        assert kind.exit_code == classes()[parent].exit_code


@pytest.mark.parametrize(("signum", "code"), [(2, 130), (15, 143)])
def test_an_interruption_ends_with_the_signals_own_code(signum: int, code: int) -> None:
    assert Interrupted(signum).exit_code == code


def test_every_error_says_what_it_means() -> None:
    assert [name for name, kind in classes().items() if not kind.__doc__] == []


def test_nobody_else_adds_to_the_tree() -> None:
    stray = {
        f"{module}:{node.name}"
        for module in modules()
        if str(module) != "errors.py"
        for node in ast.walk(tree_of_module(module))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in classes() for base in node.bases)
    }
    assert stray == set()
