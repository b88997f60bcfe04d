"""Lines as full as their width allows; a word is never broken inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.lettering.directions import is_rtl, marked
from pipeline.lettering.texts import SOFT_HYPHEN, pieces

CLOSE = 0.02
"""Widths that differ by less, in sizes of the letters, look alike."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays together: its width with and without the space that ends it, in sizes of the letters."""

    text: str
    width: float
    bare: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between two line ends of the text."""

    pieces: tuple[Piece, ...]
    rtl: bool


def paragraphs(text: str, width_of: Callable[[str], float]) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, measured; each word once."""
    known: dict[str, float] = {"": 0.0}

    def measured(part: str) -> float:
        if part not in known:
            known[part] = width_of(part)
        return known[part]

    def piece(part: str) -> Piece:
        bare = part.rstrip()
        width = measured(bare)
        return Piece(part, width + (len(part) - len(bare)) * measured(" "), width)

    return tuple(
        Paragraph(tuple(piece(part) for part in pieces(paragraph)), is_rtl(paragraph))
        for paragraph in text.split("\n")
    )


def wrapped(text: Sequence[Paragraph], width: float, *, balanced: bool = False) -> tuple[str, ...] | None:
    """Lines of this width in sizes at most, or None when a piece is wider."""
    widest = max((piece.bare for paragraph in text for piece in paragraph.pieces), default=0.0)
    if widest > width:
        return None
    lines = _filled(text, width)
    return _filled(text, _narrowest(text, (widest, width), len(lines))) if balanced else lines


def _narrowest(text: Sequence[Paragraph], between: tuple[float, float], count: int) -> float:
    """The least width that needs no more lines: they get about equally long."""
    low, high = between
    while high - low > CLOSE:
        middle = (low + high) / 2
        if len(_filled(text, middle)) > count:
            low = middle
        else:
            high = middle
    return high


def _filled(text: Sequence[Paragraph], width: float) -> tuple[str, ...]:
    return tuple(
        line for paragraph in text for line in marked(_lines(paragraph.pieces, width), rtl=paragraph.rtl)
    )


def _lines(parts: Sequence[Piece], width: float) -> list[str]:
    lines, used = [list[Piece]()], 0.0
    for part in parts:
        if lines[-1] and used + part.bare > width:
            lines.append([])
            used = 0.0
        lines[-1].append(part)
        used += part.width
    _keep_company(lines, width)
    whole = ["".join(part.text for part in line) for line in lines]
    return [line.rstrip() for line in (*map(_hyphened, whole[:-1]), whole[-1])]


def _keep_company(lines: list[list[Piece]], width: float) -> None:
    """An emoji that would be alone on the last line takes the word before it along."""
    before, last = lines[-2:] if len(lines) > 1 else ([], lines[-1])
    alone = len(last) == 1 and len(before) > 1 and not _is_word(last[0])
    if alone and _is_word(before[-1]) and before[-1].width + last[0].bare <= width:
        last.insert(0, before.pop())


def _is_word(piece: Piece) -> bool:
    return any(character.isalnum() for character in piece.text)


def _hyphened(line: str) -> str:
    """A soft hyphen is seen where a line is broken at it."""
    return f"{line}-" if line.endswith(SOFT_HYPHEN) else line
