"""What only the bytes of a picture file tell: metadata, delays, a missing end; and JPEG's part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import CutShortError

END_OF_JPEG = b"\xff\xd9"
FIRST_SCAN = b"\xff\xda"
COMMENT = b"\xff\xfe"
APPLICATION_MARKERS = frozenset(bytes((0xFF, 0xE0 + number)) for number in range(16))
WITHOUT_LENGTH = frozenset(bytes((0xFF, marker)) for marker in (0x01, *range(0xD0, 0xD9)))
NEUTRAL = (
    b"\xff\xe0JFIF\0",
    b"\xff\xe0JFXX\0",
    b"\xff\xe1Exif\0",  # weighed tag by tag elsewhere, as orientation alone is harmless
    b"\xff\xe2ICC_PROFILE\0",
    b"\xff\xeeAdobe",
)


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """`delays_s` has one entry a frame of an animation; `largest_px` is what its biggest frame spans.

    `end` is where the picture of a JPEG ends; None where nothing follows it.
    """

    metadata: bool = False
    delays_s: tuple[float, ...] = ()
    largest_px: int = 0
    cut_short: bool = False
    end: int | None = None


def cut_short(name: str) -> CutShortError:
    """What to tell about a file whose end is missing."""
    return CutShortError(f"{name} is cut short or damaged: copy it into the inbox again")


def jpeg_bytes(data: bytes, name: str) -> PictureBytes:
    """Raises CutShortError when the end is missing, as Pillow doesn't decode such a file either.

    Thumbnails inside EXIF have ends of their own, so the end is looked for from the first scan on, where
    FF D9 can't be anything else. What follows it (a second picture, a motion photo's video) is metadata.
    """
    at, metadata = 2, False
    while at + 4 <= len(data) and (marker := data[at : at + 2]) != FIRST_SCAN:
        if marker == b"\xff\xff":
            at += 1
        elif marker in WITHOUT_LENGTH:
            at += 2
        else:
            metadata = metadata or _tells_more(marker, data[at + 4 : at + 16])
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    end = data.find(END_OF_JPEG, at)
    if end < 0:
        raise cut_short(name)
    followed = bool(data[end + 2 :].strip(b"\0\r\n"))
    return PictureBytes(metadata=metadata or followed, end=end + 2 if followed else None)


def jpeg_picture(data: bytes) -> Iterator[bytes]:
    """What a JPEG shows, without what is told about it: its tables and scans, up to the picture's end.

    Raises ValueError when the end is missing.
    """
    at = 2
    while at + 4 <= len(data) and (marker := data[at : at + 2]) != FIRST_SCAN:
        if marker == b"\xff\xff":
            at += 1
            continue
        after = at + 2
        if marker not in WITHOUT_LENGTH:
            after += int.from_bytes(data[at + 2 : at + 4], "big")
        if marker != COMMENT and marker not in APPLICATION_MARKERS:
            yield data[at:after]
        at = after
    yield data[at : data.index(END_OF_JPEG, at)]


def _tells_more(marker: bytes, head: bytes) -> bool:
    if marker == COMMENT:
        return True
    return marker in APPLICATION_MARKERS and not (marker + head).startswith(NEUTRAL)
