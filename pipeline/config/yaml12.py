"""YAML text to nodes the way people expect it: `no`, `9:16`, `0777`, `+49…` and dates stay text."""

from __future__ import annotations

import re

import yaml

from pipeline.errors import ConfigError

MAX_CHARACTERS = 1_000_000
"""1,000 accounts with their secrets take 300,000; reading as many as this takes some 3 s."""
QUOTES_HELP = "a text with : # @ * & ! % [ { or quotes in it needs quotes around the whole of it"


# Up to 18 digits: more isn't a quantity, and int() refuses thousands of them.
_WHOLE = "(?:0|[1-9][0-9]{0,17})"
_MEANINGS = (
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ("~", "n", "N", "")),
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), tuple("tTfF")),
    ("int", re.compile(rf"^-?{_WHOLE}$"), tuple("-0123456789")),
    ("float", re.compile(rf"^-?{_WHOLE}?\.[0-9]{{1,18}}$"), tuple("-.0123456789")),
    ("merge", re.compile(r"^<<$"), ("<",)),
)


class PlainLoader(yaml.SafeLoader):
    """Resolves as YAML 1.2 does, and leaves out what people mean as text: octal, sexagesimal, dates."""


PlainLoader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first_characters in _MEANINGS:
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _pattern, list(_first_characters))


def kind_of(text: str) -> str:
    """What `text` without quotes is read as: "str", "int", "float", "bool", "null" or "merge"."""
    return next((kind for kind, pattern, _ in _MEANINGS if pattern.fullmatch(text)), "str")


def compose(text: str, name: str) -> yaml.Node | None:
    """The one document in `text` as nodes, or None if it is empty; `name` is for messages.

    Raises ConfigError with one problem when it isn't YAML or is larger than any config is.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConfigError(f"{name}: more than {MAX_CHARACTERS} characters; this can't be the right file")
    try:
        return PlainLoader(text).get_single_node()
    except yaml.reader.ReaderError as unreadable:
        line = text.count("\n", 0, unreadable.position) + 1
        code = f"U+{ord(text[unreadable.position]):04X}"
        raise ConfigError(f"{name}:{line}: the character {code} isn't allowed in YAML; remove it") from None
    except yaml.MarkedYAMLError as invalid:
        raise ConfigError(_syntax_problem(invalid, name)) from None
    except RecursionError:
        raise ConfigError(f"{name}: nested too deeply to be read") from None


def _syntax_problem(invalid: yaml.MarkedYAMLError, name: str) -> str:
    problem = invalid.problem or "unreadable"
    mark = invalid.problem_mark
    if "end of stream" in problem and invalid.context_mark:
        mark = invalid.context_mark  # where the quote was opened says more than where the file ends
    where = f"{name}:{mark.line + 1}" if mark else name
    return f"{where}: not valid YAML: {problem}; {_advice(problem)}"


def _advice(problem: str) -> str:
    if "'\\t'" in problem:
        return "indent with spaces, not with tabs"
    if "another document" in problem or "single document" in problem:
        return "only one document belongs in a file: remove the line ---"
    if "end of stream" in problem:
        return "a closing quote or bracket is missing"
    return QUOTES_HELP
