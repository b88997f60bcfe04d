"""The measures of the code card: short files, short functions, few parameters."""

from __future__ import annotations

import ast
import statistics

from fakes.sources import PACKAGE, Function, functions, modules, tree_of_module

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 10
MOST_PARAMETERS = 5


def length(function: Function) -> int:
    """Lines from `def` to the end, decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    """How many a caller sees."""
    seen = function.args
    names = [argument.arg for argument in (*seen.posonlyargs, *seen.args, *seen.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_no_file_is_too_long() -> None:
    lines = {str(module): len((PACKAGE / module).read_text().splitlines()) for module in modules()}
    assert {module: count for module, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {f"{module}:{function.name}": length(function) for module, function in functions()}
    assert {name: count for name, count in lengths.items() if count > LONGEST_FUNCTION} == {}


def test_most_functions_are_short() -> None:
    assert statistics.median(length(function) for _, function in functions()) <= MEDIAN_FUNCTION


def test_no_function_takes_too_much() -> None:
    counts = {f"{module}:{function.name}": parameters(function) for module, function in functions()}
    assert {name: count for name, count in counts.items() if count > MOST_PARAMETERS} == {}


def test_every_module_begins_with_a_sentence() -> None:
    filled = [module for module in modules() if tree_of_module(module).body]
    assert [str(module) for module in filled if not ast.get_docstring(tree_of_module(module))] == []
