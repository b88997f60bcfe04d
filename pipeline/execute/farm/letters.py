"""What goes to a worker and comes back: lines of JSON, so that no class of ours binds two computers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.model import Rendition, Sidecar
from pipeline.reformat import Order
from pipeline.tools.plain import from_plain, to_plain

A_PATH, PATHS, A_FAMILY = "path", "fallback", "family"
"""The keys under which an order names files: sources and decals, fonts that help out, fonts of a look."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An order as it travels: `files` are the SHA-256 of all it needs, by the path each has at home.

    `key` is what its rendition is called in the share. `likeness` is what the sender is made of: nobody
    else makes the same bytes.
    """

    order: Order
    files: Mapping[str, str]
    key: str
    share: str
    threads: int
    encode_minutes: float
    child_memory_mb: int
    likeness: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a letter: a rendition in the share, or why there is none.

    `failed` names an AssetError and `words` is its message; with `damaged` a file in the share isn't what its
    name says; with `likeness` the worker is made of other parts than the sender, and did nothing.
    """

    by: str
    rendition: Rendition | None = None
    failed: str | None = None
    words: str = ""
    damaged: str | None = None
    likeness: Mapping[str, str] = field(default_factory=dict)


def sealed(letter: Letter | Answer) -> str:
    """As one line of ASCII; a path that isn't UTF-8 survives."""
    return json.dumps(to_plain(letter))


def opened_letter(text: str) -> Letter:
    """The reverse."""
    return from_plain(Letter, json.loads(text))


def opened_answer(text: str) -> Answer:
    """The reverse."""
    return from_plain(Answer, json.loads(text))


def slim(order: Order) -> Order:
    """Without what no rendition is made of: what the person wrote stays at home."""
    asset = dataclasses.replace(
        order.asset, sidecar=Sidecar(), scene=None, other_half=None, materials=(), dated=None
    )
    return dataclasses.replace(order, asset=asset, called=order.name)


def files_of(order: Order) -> dict[str, str | None]:
    """Every file that an order needs, with its SHA-256 where the order knows it."""
    known: dict[str, str | None] = {}
    for path, sha256 in _files(to_plain(order)):
        known[path] = sha256 or known.get(path)
    return known


def _files(plain: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(plain, list):
        for entry in plain:
            yield from _files(entry)
    if not isinstance(plain, dict):
        return
    if isinstance(plain.get(A_PATH), str):
        yield plain[A_PATH], plain.get("sha256")
    for font in (plain.get(A_FAMILY), *plain.get(PATHS, ())):
        if isinstance(font, str) and Path(font).is_absolute():
            yield font, None
    for entry in plain.values():
        yield from _files(entry)


def moved(order: Order, places: Mapping[str, Path]) -> Order:
    """The same order of files that lie elsewhere."""
    return from_plain(Order, _moved(to_plain(order), places))


def _moved(plain: Any, places: Mapping[str, Path], key: str = "") -> Any:
    if isinstance(plain, dict):
        return {name: _moved(entry, places, name) for name, entry in plain.items()}
    if isinstance(plain, list):
        return [_moved(entry, places, key) for entry in plain]
    if key in (A_PATH, PATHS, A_FAMILY) and plain in places:
        return str(places[plain])
    return plain
