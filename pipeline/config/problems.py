"""What pydantic found wrong, in sentences for people: what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pipeline.config.nearest import did_you_mean
from pipeline.config.values import KeyPath

TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
SENTENCES = {
    "missing": "is missing",
    "int_type": "{shown} is not a whole number{hint}",
    "int_from_float": "{shown} is not a whole number",
    "float_type": "{shown} is not a number{hint}",
    "finite_number": "{shown} is not a number",
    "greater_than_equal": "{shown} is too small: at least {ge:g}",
    "greater_than": "{shown} is too small: more than {gt:g}",
    "less_than_equal": "{shown} is too large: at most {le:g}",
    "less_than": "{shown} is too large: less than {lt:g}",
    "dict_type": "{shown} stands where keys belong, one a line and indented",
    "mapping_type": "{shown} stands where keys belong, one a line and indented",
    "model_type": "{shown} stands where keys belong, one a line and indented",
    "tuple_type": "{shown} is not a list such as [a, b]",
    "multiple_of": "{shown} must be a multiple of {multiple_of:g}",
    "too_short": "is empty: at least one is needed",
}
SHOWN_CHARACTERS = 60
NO_STEPS = frozenset({"[key]", "[text]", "[secret]"})
"""What pydantic adds to the keys of a place: that it's about a key, or which of two forms was written."""
Written = Callable[[KeyPath], str | None]


def sentence(error: ErrorDetails, model: type[BaseModel], written: Written) -> tuple[KeyPath, str]:
    """Where the problem is and what it is; `written` gives a scalar as the person typed it."""
    path = tuple(step for step in error["loc"] if step not in NO_STEPS)
    path += error.get("ctx", {}).get("at", ())
    if error["type"] == "extra_forbidden":
        return path, _unknown_key(str(path[-1]), keys_at(model, path[:-1]))
    return path, _what(error, written(path))


def keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that are allowed below `path`."""
    for step in path:
        # a step that names no section is a name in a mapping of sections, or an index: same section
        inner = model.model_fields.get(str(step))
        model = (inner and _section_in(inner.annotation)) or model
    return list(model.model_fields)


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_section_in, get_args(annotation))), None)


def _unknown_key(key: str, known: list[str]) -> str:
    return f"unknown key; {did_you_mean(key, known)}"


def _what(error: ErrorDetails, written: str | None) -> str:
    context = error.get("ctx", {})
    shown = _shown(error["input"], written)
    match error["type"]:
        case "literal_error":
            return f"{shown} is not one of {_options(context['expected'])}"
        case "bool_type":
            return f"{shown} is not true or false: write {_truth(written)}"
        case "string_type":
            return _text(error["input"], shown, written)
        case "value_error":
            return str(context["error"])
    sentence = SENTENCES.get(error["type"])
    return sentence.format(shown=shown, hint=_leading_zero(written), **context) if sentence else error["msg"]


def _shown(value: object, written: str | None) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "nothing"
    text = written if written is not None else str(value)
    return f"'{text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + '…'}'"


def _options(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "")


def _truth(written: str | None) -> str:
    return TRUTH.get((written or "").lower(), "true or false")


def _text(value: object, shown: str, written: str | None) -> str:
    if value is None:
        return 'is empty: write "" for no text'
    if written is not None and not isinstance(value, str):
        return f'{shown} is not a text: put it in quotes: "{written}"'
    return f"{shown} stands where a text belongs"


def _leading_zero(written: str | None) -> str:
    bare = (written or "").lstrip("0")
    return f": write {bare}" if written and written != bare and bare.isdecimal() else ""
