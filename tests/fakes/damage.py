"""Ways in which a file can be damaged, each the same for the same chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\1\0\0\0")
HEADER_BYTES = 96
AFTER_A_NAME_BYTES = 48
NAMES = (
    *(b"ftyp", b"moov", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"elst", b"stsd", b"stts", b"ctts", b"stsc"),
    *(b"stsz", b"stco", b"stss", b"mvex", b"moof", b"tfhd", b"trun", b"mdat", b"avcC", b"hvcC", b"esds"),
    *(b"colr", b"pasp", b"meta", b"iloc", b"iinf", b"iprp", b"ipco", b"ispe", b"ipma", b"pixi", b"av1C"),
    *(b"avih", b"strh", b"strf", b"idx1", b"movi", b"VP8X", b"VP8 ", b"VP8L", b"ANIM", b"ANMF", b"ALPH"),
    *(b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"acTL", b"fcTL", b"fdAT", b"IDAT", b"NETSCAPE2.0"),
    *(b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xdb", b"\xff\xda", b"Exif\0\0", b"ICC_PROFILE"),
    *(b"\x1a\x45\xdf\xa3", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75", b"!\xf9\x04"),
)
"""Chunks, boxes, markers and elements after which stand the numbers that decoders believe."""

Damage = Callable[[bytearray, random.Random], bytes]


def damaged(content: bytes, kind: str, seed: str) -> bytes:
    """`content` after the damage called `kind`; `seed` decides where."""
    return KINDS[kind](bytearray(content), random.Random(seed))  # noqa: S311 - the same damage every time


def _flip(content: bytearray, chance: random.Random, start: int, end: int) -> bytes:
    for _ in range(chance.choice((1, 2, 5, 20))):
        content[chance.randrange(start, max(start + 1, end))] ^= 1 << chance.randrange(8)
    return bytes(content)


def _flip_in_header(content: bytearray, chance: random.Random) -> bytes:
    return _flip(content, chance, 0, min(HEADER_BYTES, len(content)))


def _flip_in_index(content: bytearray, chance: random.Random) -> bytes:
    start, end = _after_a_name(content, chance)
    return _flip(content, chance, start, end)


def _flip_anywhere(content: bytearray, chance: random.Random) -> bytes:
    return _flip(content, chance, 0, len(content))


def _extreme_number(content: bytearray, chance: random.Random) -> bytes:
    """A number of the index becomes as large, as small or as negative as it can be."""
    start, end = _after_a_name(content, chance)
    at, extreme = chance.randrange(start, max(start + 1, end)), chance.choice(EXTREMES)
    width = min(chance.choice((1, 2, 4, 4)), len(content) - at)
    content[at : at + width] = extreme[:width]
    return bytes(content)


def _truncate(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content[: chance.randrange(len(content))])


def _swap(content: bytearray, chance: random.Random) -> bytes:
    """Two stretches change places."""
    first, second, third, fourth = sorted(chance.randrange(len(content)) for _ in range(4))
    left, between, right = content[first:second], content[second:third], content[third:fourth]
    content[first:fourth] = right + between + left
    return bytes(content)


def _zero(content: bytearray, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    content[start:end] = bytes(end - start)
    return bytes(content)


def _noise(content: bytearray, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    content[start:end] = chance.randbytes(end - start)
    return bytes(content)


def _remove(content: bytearray, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return bytes(content[:start] + content[end:])


def _repeat(content: bytearray, chance: random.Random) -> bytes:
    start, end = _stretch(content, chance)
    return bytes(content[:end] + content[start:])


def _grow(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content) + chance.randbytes(chance.randrange(1, 5000))


def _none(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content)


def _stretch(content: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.choice((1, 4, 16, 256, 4096)))


def _after_a_name(content: bytearray, chance: random.Random) -> tuple[int, int]:
    """Where numbers of the index stand; anywhere in a file that has none of the names."""
    places = [at for name in NAMES for at in islice(_places(content, name), 8)]
    start = chance.choice(places or [chance.randrange(len(content))])
    return min(start, len(content) - 1), min(len(content), start + AFTER_A_NAME_BYTES)


def _places(content: bytearray, name: bytes) -> list[int]:
    found, at = [], content.find(name)
    while at >= 0:
        found.append(at)
        at = content.find(name, at + 1)
    return found


KINDS: dict[str, Damage] = {
    "flip-in-header": _flip_in_header,
    "flip-in-index": _flip_in_index,
    "flip-anywhere": _flip_anywhere,
    "extreme-number": _extreme_number,
    "truncate": _truncate,
    "swap": _swap,
    "zero": _zero,
    "noise": _noise,
    "remove": _remove,
    "repeat": _repeat,
    "grow": _grow,
    "wrong-extension": _none,
}
