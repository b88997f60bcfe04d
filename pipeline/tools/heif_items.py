"""The coded picture inside HEIC and AVIF files (ISO 23008-12), without what is told about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.tools.mp4 import boxes_in, top_boxes

MOST_INDEX_BYTES = 16 << 20
IN_FILE, IN_INDEX = 0, 1
NARROW, WIDE = 2, 4
"""Bytes of an item's number, by the version of the box that names it."""

FULL_BOX_BYTES = 4
"""Version and flags at the beginning of a box's body."""


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a piece of an item lies: so many bytes of the file, or of the index's own data."""

    method: int
    start: int
    length: int


@dataclass(slots=True)
class _Reader:
    """Big-endian numbers of any width, one after the other. Raises ValueError past the end."""

    data: bytes
    at: int = 0

    def number(self, width_bytes: int) -> int:
        piece = self.data[self.at : self.at + width_bytes]
        if len(piece) < width_bytes:
            raise ValueError("the list of items ends too early")
        self.at += width_bytes
        return int.from_bytes(piece, "big")


def coded_picture(path: Path) -> Iterator[bytes]:
    """The bytes of the main picture's item, or of all the tiles it is laid out of.

    Raises ValueError when the file's list of items makes no sense.
    """
    with path.open("rb") as content:
        size = content.seek(0, 2)
        meta = next((box for box in top_boxes(content, size) if box.kind == b"meta"), None)
        if meta is None or meta.end - meta.start > MOST_INDEX_BYTES:
            raise ValueError("the file has no list of items")
        content.seek(meta.start)
        index = dict(boxes_in(content.read(meta.end - meta.start), FULL_BOX_BYTES))
        places = _places(index[b"iloc"])
        for item in _shown(index):
            for extent in places[item]:
                yield _piece(content, extent, index.get(b"idat", b""))


def _shown(index: dict[bytes, bytes]) -> list[int]:
    """The main item, and what it is derived from."""
    main = index[b"pitm"]
    number = _Reader(main, FULL_BOX_BYTES).number(NARROW if main[0] == 0 else WIDE)
    return [number, *_derived_from(index.get(b"iref", b""), number)]


def _derived_from(body: bytes, item: int) -> list[int]:
    width = NARROW if body[:1] == b"\0" else WIDE
    for kind, reference in boxes_in(body, FULL_BOX_BYTES):
        reader = _Reader(reference)
        if kind == b"dimg" and reader.number(width) == item:
            return [reader.number(width) for _ in range(reader.number(2))]
    return []


def _places(body: bytes) -> dict[int, list[_Extent]]:
    """The item location box: the extents of each item."""
    version = body[0]
    offsets, lengths, bases, indexes = body[4] >> 4, body[4] & 15, body[5] >> 4, body[5] & 15
    width = WIDE if version > 1 else NARROW
    reader = _Reader(body, 6)
    places: dict[int, list[_Extent]] = {}
    for _ in range(reader.number(width)):
        item = reader.number(width)
        method = reader.number(2) & 15 if version else IN_FILE
        reader.number(2)
        base = reader.number(bases)
        places[item] = []
        for _ in range(reader.number(2)):
            reader.number(indexes if version else 0)
            start = base + reader.number(offsets)
            places[item].append(_Extent(method, start, reader.number(lengths)))
    return places


def _piece(content: BinaryIO, extent: _Extent, inside: bytes) -> bytes:
    if extent.method == IN_INDEX:
        return inside[extent.start : extent.start + extent.length]
    if extent.method != IN_FILE:
        raise ValueError("the picture is made of other items")
    content.seek(extent.start)
    return content.read(extent.length)
