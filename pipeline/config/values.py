"""YAML nodes to plain values, keeping the line and the spelling of each, and every mistake on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from pipeline.config.yaml12 import kind_of
from pipeline.errors import ConfigError

MAX_VALUES = 20_000
MAX_DEPTH = 30
KINDS = {f"tag:yaml.org,2002:{kind}": kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")}

Step: TypeAlias = str | int
KeyPath: TypeAlias = tuple[Step, ...]
Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_GLUED_COMMENT = re.compile(r"[ \t]+(#[^\s#][^\n]*)")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: its line (0: of the whole file, or `--set`), and the whole message."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands: its line, from 1 (None: `--set`), and how a scalar was written."""

    line: int | None
    written: str | None = None


def dotted(path: KeyPath) -> str:
    """A path as people write it: `destinations.whatsapp.channels[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def one_line(text: str) -> str:
    """A message in one line, whatever was quoted in it."""
    return " ".join(text.splitlines())


class Reading:
    """One pass over the nodes of a document; afterwards `marks` and `problems` are complete."""

    def __init__(self, name: str, text: str) -> None:
        self.marks: dict[KeyPath, Mark] = {}
        self.problems: list[Problem] = []
        self._name = name
        self._text = text
        self._left = MAX_VALUES

    def value(self, node: yaml.Node, path: KeyPath = ()) -> Plain:
        """The plain value of a node. Raises ConfigError when aliases make it endless."""
        self._left -= 1
        if self._left < 0 or len(path) > MAX_DEPTH:
            where = f"{self._name}:{_line(node)}"
            raise ConfigError(f"{where}: too many values or too deep; write less, and fewer aliases (*)")
        kind = KINDS.get(node.tag)
        if kind is None:
            self._complain(node, path, f"the tag {node.tag} isn't allowed; put the text in quotes")
        if isinstance(node, yaml.MappingNode):
            self.marks[path] = Mark(_line(node))
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            self.marks[path] = Mark(_line(node))
            return [self.value(entry, (*path, at)) for at, entry in enumerate(node.value)]
        self.marks[path] = Mark(_line(node), str(node.value))
        return self._scalar(node, kind or "str", path)

    def _complain(self, node: yaml.Node, path: KeyPath, what: str) -> None:
        where = f"{self._name}:{_line(node)}"
        message = f"{where}: {dotted(path)}: {what}" if path else f"{where}: {what}"
        self.problems.append(Problem(_line(node), one_line(message)))

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> Plain:
        lines: dict[str, int] = {}
        merged: dict[str, Plain] = {}
        own: dict[str, Plain] = {}
        for key, entry in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for source in self._merge_sources(entry, path):
                    merged = {**_as_dict(self.value(source, path)), **merged}
                continue
            name = self._key(key, path)
            if name in lines:
                self._complain(key, (*path, name), f"written twice, first on line {lines[name]}; keep one")
            lines.setdefault(name, _line(key))
        for key, entry in node.value:
            if key.tag != "tag:yaml.org,2002:merge":
                own[key_text(key)] = self._entry(key, entry, path)
        return {**merged, **own}

    def _entry(self, key: yaml.Node, entry: yaml.Node, path: KeyPath) -> Plain:
        value = self.value(entry, (*path, key_text(key)))
        if not isinstance(entry, yaml.ScalarNode):
            # the key's line is what people look for; a block's own value starts one line below
            self.marks[(*path, key_text(key))] = Mark(_line(key))
        return value

    def _merge_sources(self, node: yaml.Node, path: KeyPath) -> Iterator[yaml.MappingNode]:
        for source in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(source, yaml.MappingNode):
                yield source
            else:
                self._complain(source, path, "<< needs a mapping such as *name")

    def _key(self, node: yaml.Node, path: KeyPath) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._complain(node, path, "a key must be a single word")
        return key_text(node)

    def _scalar(self, node: yaml.Node, kind: str, path: KeyPath) -> Plain:
        self._warn_of_glued_comment(node, kind, path)
        if kind == "str":
            return self._string(node, path)
        if kind_of(node.value) != kind:
            self._complain(node, path, f"'{node.value}' doesn't fit the tag !!{kind}; remove the tag")
            return None
        match kind:
            case "bool":
                return bool(node.value.lower() == "true")
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
        return None

    def _string(self, node: yaml.Node, path: KeyPath) -> str:
        try:
            # "\ud83d\ude00" is how JSON escapes an emoji; YAML reads it as two halves
            value = str(node.value).encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._complain(node, path, "half a character (\\ud800 to \\udfff); write the character itself")
            return ""
        if control := _CONTROL.search(value):
            self._complain(node, path, f"the control character U+{ord(control.group()):04X} isn't allowed")
        return value

    def _warn_of_glued_comment(self, node: yaml.Node, kind: str, path: KeyPath) -> None:
        """`caption: Hello #beach` loses its hashtag and `background: #fff` all of itself, silently."""
        is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
        if not is_plain or kind not in ("str", "null"):
            return
        glued = _GLUED_COMMENT.match(self._text, node.end_mark.index)
        if glued:
            cut = glued.group(1).strip()
            whole = f"{node.value} {cut}".strip()
            advice = f'put the whole text in quotes: "{whole}" (a comment is written "# …")'
            self._complain(node, path, f"'{cut}' was read as a comment; {advice}")


def key_text(node: yaml.Node) -> str:
    """A key as it was written, whatever YAML would make of it: `no`, `1` and `on` are names."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else "?"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _as_dict(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}
