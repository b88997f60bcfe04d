"""Where everything goes on a contact sheet: arithmetic in pixels, without a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.model import Rect, SafeArea, Size

FRAME = Size(240, 426)
FRAME_GAP_PX = 8
TIME_PX = 22
LINE_PX = 24
LINES = 5
WORDS_GAP_PX = 10
CARD_PADDING_PX = 14
CARD_GAP_PX = 20
MARGIN_PX = 32
TITLE_PX = 84
WIDEST_CARD_FRAMES = 5
MOST_PX = 80_000_000
"""A sheet takes three bytes a pixel while it is drawn."""


@dataclass(frozen=True, slots=True)
class Card:
    """The place of one rendition: all of it, each frame, and the words below them."""

    place: Rect
    frames: tuple[Rect, ...]
    words: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: its size, and its cards in the order of the renditions."""

    size: Size
    cards: tuple[Card, ...]


def card_size(frames: int) -> Size:
    """What a rendition with so many frames takes."""
    inner = frames * FRAME.width + (frames - 1) * FRAME_GAP_PX
    height = FRAME.height + TIME_PX + WORDS_GAP_PX + LINES * LINE_PX
    return Size(inner + 2 * CARD_PADDING_PX, height + 2 * CARD_PADDING_PX)


WIDEST_ROW_PX = card_size(WIDEST_CARD_FRAMES).width + CARD_GAP_PX + card_size(1).width
NARROWEST_ROW_PX = 3 * card_size(1).width + 2 * CARD_GAP_PX
"""The title needs so much."""


def lay_out(frames: Sequence[int]) -> Layout:
    """A sheet for renditions with so many frames each, row after row as words are set.

    Raises ConfigError when it would become too large.
    """
    cards: list[Card] = []
    x = row = 0
    widest = NARROWEST_ROW_PX
    for number in frames:
        taken = card_size(number)
        if x and x + taken.width > WIDEST_ROW_PX:
            x, row = 0, row + 1
        cards.append(_card(x, row, number))
        widest = max(widest, x + taken.width)
        x += taken.width + CARD_GAP_PX
    size = Size(widest + 2 * MARGIN_PX, _top_of(row + 1) - CARD_GAP_PX + MARGIN_PX)
    if size.width * size.height > MOST_PX:
        raise ConfigError(f"{len(frames)} renditions are too many for one sheet: name fewer files, or --html")
    return Layout(size, tuple(cards))


def _top_of(row: int) -> int:
    return MARGIN_PX + TITLE_PX + row * (card_size(1).height + CARD_GAP_PX)


def _card(x: int, row: int, frames: int) -> Card:
    taken, left, top = card_size(frames), MARGIN_PX + x, _top_of(row)
    inner_left, inner_top = left + CARD_PADDING_PX, top + CARD_PADDING_PX
    step = FRAME.width + FRAME_GAP_PX
    below = FRAME.height + TIME_PX + WORDS_GAP_PX
    width = taken.width - 2 * CARD_PADDING_PX
    return Card(
        place=Rect(left, top, taken.width, taken.height),
        frames=tuple(
            Rect(inner_left + number * step, inner_top, FRAME.width, FRAME.height) for number in range(frames)
        ),
        words=Rect(inner_left, inner_top + below, width, LINES * LINE_PX),
    )


def contained(inner: Size, outer: Rect) -> Rect:
    """The largest rectangle of the inner one's shape in the middle of the outer one."""
    scale = min(outer.width / inner.width, outer.height / inner.height)
    width, height = max(1, round(inner.width * scale)), max(1, round(inner.height * scale))
    return Rect(outer.x + (outer.width - width) // 2, outer.y + (outer.height - height) // 2, width, height)


def safe_rect(canvas: Rect, area: SafeArea) -> Rect:
    """What of a canvas on the sheet the apps leave free."""
    left, top = round(canvas.width * area.left), round(canvas.height * area.top)
    right, bottom = round(canvas.width * area.right), round(canvas.height * area.bottom)
    return Rect(
        canvas.x + left,
        canvas.y + top,
        max(1, canvas.width - left - right),
        max(1, canvas.height - top - bottom),
    )
