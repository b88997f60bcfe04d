"""Shortening text without tearing a word, an emoji or an accent apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"
JOINER = "\u200d"


def units(text: str) -> int:
    """Length as phones count it, in UTF-16 code units: most emoji are two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, room: int) -> str:
    """At most `room` units: whole, or cut after a word and ended with an ellipsis, or empty."""
    if units(text) <= room:
        return text
    kept = _whole_words(text, "".join(_first_graphemes(text, room - 1)))
    kept = kept.rstrip().rstrip(",;:-–—").rstrip()
    return kept + ELLIPSIS if kept else ""


def graphemes(text: str) -> Iterator[str]:
    """What people see as single characters, near enough to Unicode's UAX #29."""
    cluster = ""
    for character in text:
        if cluster and not _belongs(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _first_graphemes(text: str, room: int) -> Iterator[str]:
    for grapheme in graphemes(text):
        room -= units(grapheme)
        if room < 0:
            return
        yield grapheme


def _whole_words(text: str, kept: str) -> str:
    """`kept` without its torn last word, unless that is most of it and no address."""
    rest = text[len(kept) :]
    if not kept or rest[0].isspace() or kept[-1].isspace():
        return kept
    torn = kept.rsplit(maxsplit=1)[-1]
    word_is_long = len(torn) * 2 > len(kept)
    is_address = "://" in torn + rest.split(maxsplit=1)[0]
    return kept if word_is_long and not is_address else kept[: -len(torn)]


def _belongs(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if last in "\r\n":
        return last + character == "\r\n"
    if _extends(character) or last == JOINER:
        return True
    if _is_flag_letter(last) and _is_flag_letter(character):
        return len(cluster) % 2 == 1
    return _is_leading_jamo(last) and (_is_leading_jamo(character) or "\uac00" <= character <= "\ud7a3")


def _extends(character: str) -> bool:
    if unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    return (
        character in {JOINER, "\u200c", "\u0e33", "\u0eb3"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # flags of regions
        or "\u1160" <= character <= "\u11ff"  # Korean vowels and finals
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_leading_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u115f"
