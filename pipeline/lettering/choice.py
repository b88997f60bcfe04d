"""Which font draws which character: the family's, the person's own, the script's, and at last any."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from pipeline.lettering import files
from pipeline.lettering.directions import is_rtl, levels, on_screen
from pipeline.lettering.emoji import Picture, pictures, wants_picture
from pipeline.lettering.files import FontFile
from pipeline.lettering.texts import graphemes, is_common, visible

_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")
_NAME_WORD = re.compile("[A-Z]+")
_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
MOST_LACKING = 0.05
"""Of a text's letters; in Vietnamese 19 % are such as Caveat lacks."""

_IDEOGRAPHIC = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "BOPOMOFO", "FULLWIDTH"})

Source = FontFile | tuple[Picture, ...] | None
"""What draws a character: a font, pictures, or nothing here can."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of one text, in the order they are tried."""

    family: FontFile
    own: tuple[FontFile, ...] = ()
    colour: FontFile | None = None
    cjk_index: int = files.CHINESE


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours on a line that are drawn in one go: of one font and level, or one emoji."""

    text: str
    source: FontFile | tuple[Picture, ...]
    level: int


def fonts_for(text: str, family: str, own: tuple[Path, ...]) -> Fonts:
    """The fonts for a text; its kana or hangul tell how its ideographs are written."""
    index = files.KOREAN if _HANGUL.search(text) else files.CHINESE
    index = files.JAPANESE if _KANA.search(text) else index
    theirs = [FontFile(path) for path in own]
    plain = tuple(file for file in theirs if files.colour_strike_px(file) is None)
    colour = next((file for file in theirs if file not in plain), None)
    chosen = files.family_file(family)
    return Fonts(files.family_file("sans") if _is_patchy(text, chosen) else chosen, plain, colour, index)


def _is_patchy(text: str, file: FontFile) -> bool:
    """Whether a font made for these letters lacks so many that every other word would look different.

    Caveat has ò but not ở: it may draw a sentence with one name from Vietnam, but none in Vietnamese.
    """
    if text.isascii():
        return False
    letters = [
        part
        for part in unicodedata.normalize("NFC", text)
        if part.isalpha() and unicodedata.name(part, "").startswith(_ALPHABETS)
    ]
    lacking = sum(not has(file, part) for part in letters)
    return MOST_LACKING * len(letters) < lacking < len(letters)


@lru_cache(maxsize=8192)
def source_of(grapheme: str, fonts: Fonts) -> Source:
    """What draws a character; one that could be text or emoji is text where a font has it."""
    found = pictures(grapheme, fonts.colour)
    if found and wants_picture(grapheme):
        return found
    return font_of(grapheme, fonts) or found or None


def drawable(grapheme: str, fonts: Fonts) -> str:
    """A character, or the plain letter for what is no other letter but a fancy one that no font has.

    People make their captions bold or cursive with letters meant for mathematics.
    """
    if grapheme.isascii() or source_of(grapheme, fonts):
        return grapheme
    plain = unicodedata.normalize("NFKC", grapheme)
    return plain if source_of(plain, fonts) else grapheme


def font_of(text: str, fonts: Fonts) -> FontFile | None:
    """The first font that has all of it: composed as far as it can be, or else in parts."""
    candidates = tuple(_candidates(text, fonts))
    for form in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        found = next((file for file in candidates if has(file, form)), None)
        if found:
            return found
    return None


def _candidates(grapheme: str, fonts: Fonts) -> Iterator[FontFile]:
    yield fonts.family
    yield from fonts.own
    words = _NAME_WORD.findall(unicodedata.name((visible(grapheme) or " ")[0], ""))
    if _IDEOGRAPHIC.isdisjoint(words):
        yield from filter(None, map(files.script_file, words))
    else:
        yield files.cjk_file(fonts.cjk_index)
    yield from files.last_files(fonts.cjk_index)


def has(file: FontFile, text: str) -> bool:
    """Whether a font has all that is to be seen of a text."""
    return files.codepoints(file).issuperset(map(ord, visible(text)))


@lru_cache(maxsize=2048)
def runs(line: str, fonts: Fonts) -> tuple[Run, ...]:
    """A line in runs, as they are drawn from left to right; what nothing can draw is left out."""
    parts = [drawable(part, fonts) for part in graphemes(line)]
    sources = _settled(parts, fonts)
    whole = "".join(parts)
    if len(set(sources)) == 1 and isinstance(sources[0], FontFile):
        return (Run(whole, sources[0], int(is_rtl(whole))),)  # Raqm knows the order within one font itself
    level_of = levels(whole)
    starts = _starts(parts)
    marked = [(source, level_of[start]) for source, start in zip(sources, starts, strict=True)]
    return tuple(on_screen(list(_grouped(parts, marked))))


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part in parts[:-1]:
        starts.append(starts[-1] + len(part))
    return starts[: len(parts)]


def _grouped(parts: Sequence[str], marked: Sequence[tuple[Source, int]]) -> Iterator[Run]:
    """An emoji is a run of its own."""
    numbered = enumerate(zip(parts, marked, strict=True))
    for (source, level, _), group in groupby(
        numbered, lambda entry: (*entry[1][1], entry[0] if isinstance(entry[1][1][0], tuple) else -1)
    ):
        if source is not None:
            yield Run("".join(part for _, (part, _) in group), source, level)


def _settled(parts: Sequence[str], fonts: Fonts) -> list[Source]:
    """What draws each character of a line, so that what belongs together looks alike."""
    sources = [source_of(part, fonts) for part in parts]
    common = [is_common(part) for part in parts]
    if len(set(sources)) > 1:
        _unite_words(parts, sources, (common, fonts))
        _join_neighbours(parts, sources, (common, fonts))
    return sources


def _unite_words(parts: Sequence[str], sources: list[Source], given: tuple[list[bool], Fonts]) -> None:
    """A word that the family has only some letters of is drawn by one font that has them all."""
    common, fonts = given
    letters = [
        isinstance(source, FontFile) and not other for source, other in zip(sources, common, strict=True)
    ]
    for is_word, group in groupby(range(len(parts)), letters.__getitem__):
        word = list(group)
        if is_word and len({sources[at] for at in word}) > 1:
            font = font_of("".join(parts[at] for at in word), fonts)
            for at in word if font else ():
                sources[at] = font


def _join_neighbours(parts: Sequence[str], sources: list[Source], given: tuple[list[bool], Fonts]) -> None:
    """Digits, punctuation and spaces take the font of what is before them, or else after, if it has them.

    Beside a script of Noto Sans that lacks them, they come from Noto Sans too.
    """
    common, fonts = given
    loose = [isinstance(source, FontFile) and other for source, other in zip(sources, common, strict=True)]
    for step, order in ((1, range(1, len(parts))), (-1, range(len(parts) - 2, -1, -1))):
        for at in order:
            neighbour = sources[at - step]
            if loose[at] and not loose[at - step] and isinstance(neighbour, FontFile):
                sources[at], loose[at] = _alike(parts[at], neighbour, (sources[at], fonts)), False


def _alike(part: str, neighbour: FontFile, own: tuple[Source, Fonts]) -> Source:
    if has(neighbour, part):
        return neighbour
    source, fonts = own
    plain = files.family_file("sans")
    return plain if source == fonts.family != neighbour and has(plain, part) else source
