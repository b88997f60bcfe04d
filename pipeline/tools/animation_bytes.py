"""The frames of GIF, PNG and WebP files, told by their bytes: exact delays without decoding a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from pipeline.errors import UnreadableError
from pipeline.tools.picture_bytes import PictureBytes, cut_short

# How long ffmpeg 9 shows a frame that gives no delay, measured 2026-11.
DEFAULT_DELAY_S = 0.1
DEFAULT_APNG_DELAY_S = 1 / 15
SHORTEST_WEBP_DELAY_MS = 11
READ_BYTES = 1 << 16
PNG_METADATA = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
WEBP_METADATA = frozenset({b"EXIF", b"XMP "})
GIF_FRAME, GIF_EXTENSION, GIF_END = b",", b"!", b";"
GIF_TIMING, GIF_COMMENT, GIF_APPLICATION = b"!\xf9", b"!\xfe", b"!\xff"
GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(slots=True)
class _Walk:
    """How far a walk through a file has come."""

    at: int
    delay_s: float = DEFAULT_DELAY_S
    delays_s: list[float] = field(default_factory=list)
    metadata: bool = False
    largest_px: int = 0


def gif_bytes(data: bytes, name: str) -> PictureBytes:
    """Raises UnreadableError when the blocks make no sense; what is `cut_short` may be too large as well."""
    walk, cut = _Walk(at=13), False
    try:
        walk.at += _palette_bytes(data[10])
        while (kind := data[walk.at : walk.at + 1]) not in {GIF_END, b""}:
            if kind == GIF_EXTENSION:
                _gif_extension(data, walk)
            elif kind == GIF_FRAME:
                _gif_frame(data, walk)
            else:
                raise UnreadableError(f"{name} is damaged after {len(walk.delays_s)} frames")
    except (IndexError, struct.error):
        cut = True
    return PictureBytes(walk.metadata, tuple(walk.delays_s), walk.largest_px, cut)


def _gif_extension(data: bytes, walk: _Walk) -> None:
    label = data[walk.at : walk.at + 2]
    if label == GIF_TIMING:
        hundredths = int.from_bytes(data[walk.at + 4 : walk.at + 6], "little")
        walk.delay_s = hundredths / 100 or DEFAULT_DELAY_S
    elif label == GIF_COMMENT:
        walk.metadata = True
    elif label == GIF_APPLICATION:
        walk.metadata = walk.metadata or data[walk.at + 3 : walk.at + 14] not in GIF_LOOPS
    walk.at = _after_blocks(data, walk.at + 2)


def _gif_frame(data: bytes, walk: _Walk) -> None:
    x, y, width, height, flags = struct.unpack_from("<4HB", data, walk.at + 1)
    walk.largest_px = max(walk.largest_px, (x + width) * (y + height))
    walk.delays_s.append(walk.delay_s)
    walk.delay_s = DEFAULT_DELAY_S
    walk.at = _after_blocks(data, walk.at + 11 + _palette_bytes(flags))


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def png_bytes(content: BinaryIO, name: str) -> PictureBytes:
    """Raises CutShortError when the end is missing, UnreadableError when the picture can't be inflated."""
    delays: list[float] = []
    metadata, inflation = False, _Inflation(name)
    for kind, length in _png_chunks(content, name):
        if kind == b"IHDR":
            width, height = struct.unpack(">II", content.read(8))
            inflation.room = 9 * (width + 8) * (height + 8)
        elif kind == b"fcTL":
            delays.append(_apng_delay_s(content.read(length)))
        elif kind == b"IDAT":
            inflation.feed(content, length)
        metadata = metadata or kind in PNG_METADATA
    inflation.check_end()
    return PictureBytes(metadata, tuple(delays))


def _png_chunks(content: BinaryIO, name: str) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each chunk, with `content` placed at its body."""
    at, kind, size = 8, b"", content.seek(0, 2)
    while kind != b"IEND":
        content.seek(at)
        header = content.read(8)
        length, kind = int.from_bytes(header[:4], "big"), header[4:]
        at += 12 + length
        if not kind or at > size:
            raise cut_short(name)
        yield kind, length


class _Inflation:
    """Checks that picture data can be inflated, a little at a time and keeping nothing of it.

    `room` is more than any picture of that size needs, so that a bomb isn't inflated to its end.
    """

    def __init__(self, name: str) -> None:
        self.room = 0
        self._name = name
        self._zlib = zlib.decompressobj()

    def feed(self, content: BinaryIO, length: int) -> None:
        try:
            while length > 0 and self.room > 0 and not self._zlib.eof:
                packed = content.read(min(length, READ_BYTES))
                length -= len(packed)
                self._inflate(packed)
        except zlib.error as fault:
            raise UnreadableError(f"{self._name} is damaged: its picture can't be inflated") from fault

    def _inflate(self, packed: bytes) -> None:
        while packed and self.room > 0 and not self._zlib.eof:
            self.room -= len(self._zlib.decompress(packed, READ_BYTES * 16))
            packed = self._zlib.unconsumed_tail

    def check_end(self) -> None:
        if self.room > 0 and not self._zlib.eof:
            raise UnreadableError(f"{self._name} is damaged: its picture breaks off")


def _apng_delay_s(control: bytes) -> float:
    numerator, denominator = struct.unpack_from(">HH", control, 20)
    return float(numerator / (denominator or 100)) or DEFAULT_APNG_DELAY_S


def webp_bytes(content: BinaryIO, name: str) -> PictureBytes:
    """Raises CutShortError when the end is missing."""
    header, size = content.read(12), content.seek(0, 2)
    walk, end = _Walk(at=12), 8 + int.from_bytes(header[4:8], "little")
    if end > size:
        raise cut_short(name)
    while walk.at + 8 <= end:
        content.seek(walk.at)
        kind, length = struct.unpack("<4sI", content.read(8))
        body = content.read(16)
        walk.largest_px = max(walk.largest_px, _webp_px(kind, body))
        if kind == b"ANMF":
            shown_ms = int.from_bytes(body[12:15], "little")
            shown_s = shown_ms / 1000 if shown_ms >= SHORTEST_WEBP_DELAY_MS else DEFAULT_DELAY_S
            walk.delays_s.append(shown_s)
        walk.metadata = walk.metadata or kind in WEBP_METADATA
        walk.at += 8 + length + length % 2
    return PictureBytes(walk.metadata or size > end + 1, tuple(walk.delays_s), walk.largest_px)


def _webp_px(kind: bytes, body: bytes) -> int:
    """Pixels of a canvas or a picture, from the start of its chunk; 0 for any other chunk."""
    if kind == b"VP8X":
        return (1 + int.from_bytes(body[4:7], "little")) * (1 + int.from_bytes(body[7:10], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return width * height
    return 0
