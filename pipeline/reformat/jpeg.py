"""JPEG without its metadata, segment by segment: the compressed picture isn't touched."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import UnreadableError

START, END, SCAN = 0xD8, 0xD9, 0xDA
COMMENT = 0xFE
APPLICATION = range(0xE0, 0xF0)
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
NEEDED = ((0xE0, b"JFIF\0"), (0xEE, b"Adobe"))
"""Both tell decoders how to read the colours."""

THUMBNAIL_AT = 12
"""In a JFIF segment's body: the sizes of a small copy, which may show what was edited away."""


def without_metadata(data: bytes, name: str) -> bytes:
    """Everything but EXIF, XMP, ICC, comments, thumbnails and what follows the picture.

    Raises UnreadableError when `data` isn't a whole JPEG.
    """
    if data[:2] != b"\xff\xd8":
        raise UnreadableError(f"{name} is damaged: it doesn't begin like a JPEG")
    return b"\xff\xd8" + b"".join(_kept(data, name))


def _kept(data: bytes, name: str) -> Iterator[bytes]:
    for marker, segment in _segments(data, name):
        if marker == APPLICATION.start and segment[4:9] == b"JFIF\0":
            yield _without_thumbnail(segment)
        elif not _is_metadata(marker, segment):
            yield segment


def _segments(data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """Each marker with all its bytes, up to and including the end of the picture; scans with their data."""
    at, marker = 2, START
    while marker != END:
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 2 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - every marker starts with FF
            raise UnreadableError(f"{name} is damaged or cut short: copy it into the inbox again")
        marker = data[at + 1]
        until = _end_of(data, at, marker)
        yield marker, data[at:until]
        at = until


def _end_of(data: bytes, at: int, marker: int) -> int:
    if marker == END or marker in WITHOUT_LENGTH:
        return at + 2
    until = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return _end_of_scan(data, until) if marker == SCAN else until


def _end_of_scan(data: bytes, at: int) -> int:
    """Compressed data goes on over FF 00 (a plain FF) and restart markers."""
    while (at := data.find(b"\xff", at)) >= 0:
        following = data[at + 1 : at + 2]
        if following and following[0] not in {0x00, 0xFF, *WITHOUT_LENGTH}:
            return at
        at += 1
    return len(data)


def _is_metadata(marker: int, segment: bytes) -> bool:
    if any(marker == kind and segment[4:].startswith(start) for kind, start in NEEDED):
        return False
    return marker in APPLICATION or marker == COMMENT


def _without_thumbnail(segment: bytes) -> bytes:
    body = segment[4 : 4 + THUMBNAIL_AT] + b"\0\0"
    return segment[:2] + (len(body) + 2).to_bytes(2, "big") + body
