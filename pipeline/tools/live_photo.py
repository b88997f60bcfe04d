"""The mark by which Apple's Live Photos tell that a photo and a movie belong together."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

EXIF_IFD = 0x8769
MAKER_NOTE = 0x927C
APPLE = b"Apple iOS\0"
TAGS_START = 14
CONTENT_IDENTIFIER = 0x0011
ASCII = 2
ENTRY_BYTES = 12
FITS_IN_THE_ENTRY = 4
IN_A_MOVIE = "com.apple.quicktime.content.identifier"


def identifier_of_photo(exif: Image.Exif) -> str | None:
    """What an iPhone's note in EXIF says; None for other photos."""
    note = exif.get_ifd(EXIF_IFD).get(MAKER_NOTE)
    if not isinstance(note, bytes) or not note.startswith(APPLE):
        return None
    count = int.from_bytes(note[TAGS_START : TAGS_START + 2], "big")
    for number in range(count):
        start = TAGS_START + 2 + number * ENTRY_BYTES
        entry = note[start : start + ENTRY_BYTES]
        tag, kind = int.from_bytes(entry[:2], "big"), int.from_bytes(entry[2:4], "big")
        if tag == CONTENT_IDENTIFIER and kind == ASCII:
            return _text(note, entry)
    return None


def identifier_of_movie(tags: Mapping[str, str]) -> str | None:
    """What the tags of a QuickTime movie say."""
    return tags.get(IN_A_MOVIE) or None


def _text(note: bytes, entry: bytes) -> str | None:
    """Places count from the start of the note."""
    length, at = int.from_bytes(entry[4:8], "big"), int.from_bytes(entry[8:12], "big")
    text = entry[8:12] if length <= FITS_IN_THE_ENTRY else note[at : at + length]
    return text[:length].rstrip(b"\0").decode("ascii", "replace") or None
