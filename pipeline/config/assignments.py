"""`--set key=value` from the command line, laid over a document."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

from pipeline.config.document import Document, read_anything
from pipeline.config.values import KeyPath, Mark, Problem
from pipeline.errors import ConfigError

COMMAND_LINE = Mark(line=None)


def overlay(document: Document, assignments: Sequence[str]) -> Document:
    """The document with every assignment made, in order; their mistakes join its problems."""
    value = copy.deepcopy(document.value)
    marks = dict(document.marks)
    problems = list(document.problems)
    for assignment in assignments:
        try:
            path, assigned, written = _read(assignment)
        except ConfigError as invalid:
            problems += [Problem(0, problem) for problem in invalid.problems]
            continue
        marks = {known: mark for known, mark in marks.items() if known[: len(path)] != path}
        marks |= dict.fromkeys(_put(value, path, assigned), COMMAND_LINE)
        marks |= {(*path, *below): mark for below, mark in written.items()}
    return dataclasses.replace(document, value=value, marks=marks, problems=tuple(problems))


def _read(assignment: str) -> tuple[KeyPath, Any, dict[KeyPath, Mark]]:
    key, equals, text = assignment.partition("=")
    steps = key.strip().split(".")
    if not equals or not all(steps):
        raise ConfigError(f"--set {assignment}: write it as key=value, such as limits.jobs=2")
    if text.lstrip().startswith("#"):  # a colour: nobody writes a comment here
        return tuple(steps), text.strip(), {(): Mark(None, text.strip())}
    name = f"--set {key.strip()}"
    try:
        value, document = read_anything(text, name)
        problems = [problem.message for problem in document.problems]
    except ConfigError as invalid:
        problems = list(invalid.problems)
    if problems:  # a line number says nothing on the command line
        raise ConfigError(*(problem.replace(f"{name}:1:", f"{name}:", 1) for problem in problems))
    written = {path: Mark(None, mark.written) for path, mark in document.marks.items()}
    return tuple(steps), value, written or {(): Mark(None, "")}


def _put(value: dict[str, Any], path: KeyPath, assigned: Any) -> list[KeyPath]:
    """Assign, and return the paths of the groups that had to be made for it."""
    made: list[KeyPath] = []
    for at, step in enumerate(path[:-1], start=1):
        below = value.get(str(step))
        if not isinstance(below, dict):
            below = value[str(step)] = {}
            made.append(path[:at])
        value = below
    value[str(path[-1])] = assigned
    return made
