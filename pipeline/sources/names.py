"""Which files of a folder elsewhere count, as in the inbox, and which of their names can be trusted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum

from pipeline.load.names import (
    MATERIALS,
    MEDIA_SUFFIXES,
    SIDECAR_SUFFIXES,
    TEMPORARY_SUFFIXES,
    left_out,
    sidecar_key,
    sidecar_names,
    suffix_of,
)

LONGEST_PATH = 1000
"""Bytes below the source's folder, which has a path itself; a disk takes 4095."""
BREAKING = frozenset({"Cc", "Zl", "Zp"})
"""Control characters, and what ends a line or a paragraph."""


class Kind(IntEnum):
    """What a file is, in the order in which it's pulled: a story's file comes when all it needs is there."""

    MATERIAL = 0
    SIDECAR = 1
    MEDIA = 2


def as_bytes(name: str) -> bytes:
    """A name as a disk keeps it; signs that no disk can keep are replaced, and such a name is refused."""
    try:
        return name.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return name.encode(errors="replace")


def as_text(name: bytes) -> str:
    """The same in return."""
    return name.decode(errors="surrogateescape")


def is_hidden(name: str) -> bool:
    """Whether a file or folder is passed over without a word."""
    return name.startswith(".") or name.endswith("~")


def is_entered(folder: str) -> bool:
    """Whether a folder is looked into: materials too, as sidecars name files there."""
    encoded = as_bytes(folder)
    return not is_hidden(folder) and (not left_out(encoded) or is_materials(folder))


def is_materials(folder: str) -> bool:
    """Whether a folder holds what belongs to stories without being one."""
    return as_bytes(folder).lower() == MATERIALS


def kind_of(name: str, *, among_materials: bool) -> Kind | None:
    """What a file is by its name; None for what nobody needs, or what isn't finished."""
    suffix = suffix_of(as_bytes(name))
    if is_hidden(name) or suffix in TEMPORARY_SUFFIXES:
        return None
    if among_materials:
        return Kind.MATERIAL
    if suffix in SIDECAR_SUFFIXES:
        return Kind.SIDECAR
    return Kind.MEDIA if suffix in MEDIA_SUFFIXES else None


def problem_of(name: str) -> str | None:
    """Why a name that a server gave for something in one of its folders can't be trusted."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        return "its name leads out of its folder"
    if as_text(as_bytes(name)) != name:
        return "its name isn't UTF-8"
    if any(unicodedata.category(sign) in BREAKING for sign in name):
        return "its name holds control characters"
    return None


def path_problem(path: str) -> str | None:
    """The same of a whole path below the source's folder."""
    if len(as_bytes(path)) > LONGEST_PATH:
        return f"its path is longer than {LONGEST_PATH} bytes"
    return None


def clashing(paths: Iterable[str]) -> dict[str, str]:
    """Paths that a disk takes for another one if it doesn't tell a from A: which one, by the later path."""
    first: dict[str, str] = {}
    return {
        path: other
        for path in sorted(paths)
        if (other := first.setdefault(unicodedata.normalize("NFC", path).casefold(), path)) != path
    }


def sidecars_of(path: str, there: dict[str, str]) -> Iterator[str]:
    """The sidecars of a file among those `there`, by `sidecar_place`."""
    folder, slash, name = path.rpartition("/")
    for keys in sidecar_names(as_bytes(name)):
        hits = (folder + slash + as_text(key) for key in keys)
        yield from (there[hit] for hit in hits if hit in there)


def sidecar_place(path: str) -> str:
    """A sidecar's path with its suffix in lower case, under which its story's file finds it."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + as_text(sidecar_key(as_bytes(name)))
