"""A YAML document as plain values that know their lines, and its validation with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.config.problems import sentence
from pipeline.config.values import KeyPath, Mark, Problem, Reading, dotted, one_line
from pipeline.config.yaml12 import compose
from pipeline.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says. `problems` are mistakes that don't hide the rest; `validate` reports them."""

    name: str
    value: dict[str, Any]
    marks: Mapping[KeyPath, Mark] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def mark_of(self, path: KeyPath) -> Mark:
        """The mark of the value at `path`, or of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return Mark(1)

    def line_of(self, path: KeyPath) -> int:
        """The line, from 1, where the value at `path` (or the nearest around it) is written."""
        return self.mark_of(path).line or 1

    def written(self, path: KeyPath) -> str | None:
        """The scalar at `path` exactly as the person typed it; None for anything else."""
        return self.marks[path].written if path in self.marks else None

    def problem(self, path: KeyPath, what: str) -> str:
        """One line for people: `storyrelay.yaml:14: destinations.whatsapp.fit: …` or `--set …`."""
        line = self.mark_of(path).line
        where = f"--set {dotted(path)}" if line is None else f"{self.name}:{line}: {dotted(path)}"
        return one_line(f"{where}: {what}" if path else f"{where}{what}")


def read_anything(text: str, name: str) -> tuple[Any, Document]:
    """The value of a YAML text, whatever it is, and a Document (with no value) of its marks and problems."""
    node = compose(text, name)
    if node is None:
        return None, Document(name, {})
    reading = Reading(name, text)
    try:
        value = reading.value(node)
    except RecursionError:  # a mapping that merges itself
        raise ConfigError(f"{name}: an alias (*) that holds itself can't be read") from None
    return value, Document(name, {}, reading.marks, tuple(reading.problems))


def read_document(text: str, name: str) -> Document:
    """Read a YAML mapping; an empty text is an empty one. `name` stands before every problem.

    Raises ConfigError when it isn't valid YAML, isn't a mapping, or multiplies by aliases.
    """
    value, document = read_anything(text, name)
    if value is None:
        value = {}
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a single text"
        where = f"{name}:{document.line_of(())}"
        raise ConfigError(f"{where}: this is {kind}; lines such as `key: value` belong here")
    return Document(name, value, document.marks, document.problems)


def validate(model_class: type[Model], document: Document, context: object = None) -> Model:
    """The document as an instance of `model_class`. Raises ConfigError with all problems, by line."""
    problems = list(document.problems)
    try:
        valid = model_class.model_validate(document.value, context=context)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            path, what = sentence(error, model_class, document.written)
            problems.append(Problem(document.mark_of(path).line or 0, document.problem(path, what)))
    else:
        if not problems:
            return valid
    raise ConfigError(*(problem.message for problem in sorted(set(problems))))
