"""Words and panels that come in over a film: faded, risen, or letter by letter; each drawn once before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

from pipeline.model import Animation, Composition, Overlay, Panel, Rect, Size, Words
from pipeline.reformat.compose.planes import Cutting, Layer, cutting, layer_at
from pipeline.reformat.compose.strokes import Strokes, strokes_of
from pipeline.reformat.compose.timeline import Segment
from pipeline.reformat.overlay import drawn

FIRST_S = 0.3
APART_S = 0.25
PANEL_BEFORE_S = 0.1
FADE_S = 0.4
SLIDE_S = 0.5
RISE_SHARE = 40 / 1920
"""Of the canvas's height."""

ANY_PART = 1

LayersAt = Callable[[float], Sequence[Layer]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that comes in at a moment, cut from the canvas at an even place; `settled` is what stays."""

    animation: Animation
    begin_s: float
    cut: Cutting
    settled: Layer
    rise_px: float = 0.0
    strokes: Strokes | None = None

    @property
    def lasts_s(self) -> float:
        """How long it takes to come in."""
        seconds = {"none": 0.0, "fade": FADE_S, "slide": SLIDE_S, "typewriter": 0.0}[self.animation]
        return self.strokes.seconds if self.strokes else seconds


def drawing(overlay: Overlay, size: Size) -> Image.Image:
    """All of an overlay that isn't of another part."""
    return drawn(overlay, size, ANY_PART)


def captions_of(composition: Composition, segments: tuple[Segment, ...]) -> LayersAt | None:
    """What lies over the takes at a moment of the film; None when nothing ever does."""
    overlay = composition.animated
    if overlay is None:
        return None
    first_s = takes_first(segments)
    pieces = list(_pieces(overlay, composition.canvas, first_s + FIRST_S))

    def layers_at(at_s: float) -> list[Layer]:
        shown = (_layer(piece, at_s - piece.begin_s) for piece in pieces)
        return [layer for layer in shown if layer]

    return layers_at


def takes_first(segments: tuple[Segment, ...]) -> float:
    """When the first take begins."""
    return next(segment.start_s for segment in segments if segment.is_take)


def _pieces(overlay: Overlay, size: Size, from_s: float) -> Iterator[Piece]:
    """In the order they are drawn: what doesn't move is there from the first."""
    still = dataclasses.replace(
        overlay,
        panels=tuple(panel for panel in overlay.panels if panel.animation == "none"),
        words=tuple(words for words in overlay.words if words.animation == "none"),
    )
    yield from _piece(still, size, "none", 0.0)
    bare = dataclasses.replace(overlay, panels=(), words=(), decals=(), codes=())
    starts = dict(_starts(overlay, from_s))
    for panel in overlay.panels:
        if panel.animation != "none":
            alone = dataclasses.replace(bare, panels=(panel,))
            yield from _piece(alone, size, _of_a_panel(panel), _with_its_words(panel, starts, from_s))
    scale = size.width / overlay.canvas.width
    for words, begin_s in starts.items():
        typed = words.animation == "typewriter"
        strokes = strokes_of(words, overlay, scale) if typed else None
        for piece in _piece(dataclasses.replace(bare, words=(words,)), size, words.animation, begin_s):
            yield dataclasses.replace(piece, strokes=strokes)


def _starts(overlay: Overlay, from_s: float) -> Iterator[tuple[Words, float]]:
    moving = (words for words in overlay.words if words.animation != "none")
    for number, words in enumerate(moving):
        yield words, from_s + APART_S * number


def _of_a_panel(panel: Panel) -> Animation:
    """There is nothing to type in one."""
    return "fade" if panel.animation == "typewriter" else panel.animation


def _with_its_words(panel: Panel, starts: dict[Words, float], from_s: float) -> float:
    """Just before the first words inside it."""
    inside = [begin_s for words, begin_s in starts.items() if _meets(panel.box, words.box)]
    return max(0.0, min(inside, default=from_s) - PANEL_BEFORE_S)


def _meets(panel: Rect, words: Rect) -> bool:
    """Whether the middle of the words lies in the panel."""
    x, y = words.x + words.width / 2, words.y + words.height / 2
    return panel.x <= x <= panel.x + panel.width and panel.y <= y <= panel.y + panel.height


def _piece(overlay: Overlay, size: Size, animation: Animation, begin_s: float) -> Iterator[Piece]:
    cut = cutting(drawing(overlay, size))
    if cut:
        yield Piece(animation, begin_s, cut, layer_at(cut), size.height * RISE_SHARE)


def _layer(piece: Piece, age_s: float) -> Layer | None:
    """How it looks so long after it began to come in."""
    if age_s < 0 and piece.animation != "none":
        return None
    if age_s >= piece.lasts_s:
        return piece.settled
    if piece.strokes:
        return layer_at(_typed(piece.cut, piece.strokes, age_s))
    share = min(1.0, age_s / FADE_S)
    if piece.animation == "slide":
        return _faded(layer_at(_lowered(piece.cut, piece.rise_px * (1 - age_s / SLIDE_S) ** 3)), share)
    return _faded(piece.settled, share)


def _typed(cut: Cutting, strokes: Strokes, age_s: float) -> Cutting:
    picture = cut.picture.copy()
    mask = strokes.mask(picture.size, (cut.x, cut.y), age_s)
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return dataclasses.replace(cut, picture=picture)


def _lowered(cut: Cutting, by_px: float) -> Cutting:
    """Lower by parts of a pixel too, or its last steps would jerk."""
    whole = int(by_px / 2) * 2
    width, height = cut.picture.size
    room = Image.new("RGBA", (width, height + 4))
    room.paste(cut.picture, (0, 2))
    above = 2 - (by_px - whole)
    moved = room.resize((width, height + 2), Image.Resampling.BILINEAR, (0, above, width, above + height + 2))
    return Cutting(moved, cut.x, cut.y + whole)


def _faded(layer: Layer, share: float) -> Layer:
    table = [round(value * share) for value in range(256)]
    return dataclasses.replace(
        layer, alpha=layer.alpha.point(table), half_alpha=layer.half_alpha.point(table)
    )
