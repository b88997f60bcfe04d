"""A text in its characters as people see them, its paragraphs, and the pieces that lines break between."""

from __future__ import annotations

import re
import unicodedata

JOINER = "\u200d"
SOFT_HYPHEN = "\u00ad"
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs; the latter can't even be given to ICU."""

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point: nothing is seen where a font lacks them."""


def cleaned(text: str) -> str:
    """Without what can't be drawn, every end of a line as a line feed, tabs as spaces."""
    return UNDRAWABLE.sub(lambda found: "\n" if found[0] == "\n" else "", with_plain_ends(text))


def with_plain_ends(text: str) -> str:
    """Every end of a line as a line feed, tabs as spaces."""
    return LINE_ENDS.sub("\n", text).replace("\t", " ")


def graphemes(text: str) -> list[str]:
    """The characters as people see them, each with its marks and joiners."""
    if text.isascii():
        return list(text)
    from icu4py.breakers import CharacterBreaker

    return [part for part in CharacterBreaker(text, "root") if part]


def pieces(paragraph: str) -> list[str]:
    """What may stand on a line of its own, by Unicode's rules and the dictionaries of Thai and CJK.

    Those would also part an address from its "https://"; here it stays.
    """
    from icu4py.breakers import LineBreaker

    parts = list[str]()
    for part in LineBreaker(paragraph, "root"):
        if parts and parts[-1].endswith("://"):
            parts[-1] += part
        elif part:
            parts.append(part)
    return parts


def visible(text: str) -> str:
    """Without the characters that nothing is seen of."""
    return _IGNORABLE.sub("", text)


def is_common(grapheme: str) -> bool:
    """Whether it belongs to no script: digits, punctuation, spaces, or nothing to be seen."""
    seen = visible(grapheme)
    return not seen or unicodedata.category(seen[0])[0] in "NPSZ"
