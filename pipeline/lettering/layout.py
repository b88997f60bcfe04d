"""Where each run of a line goes and how far its ink reaches, in whole pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault
from pipeline.lettering.choice import Fonts, Run, runs
from pipeline.lettering.files import FontFile

if TYPE_CHECKING:
    from PIL.ImageFont import Axis, FreeTypeFont

EMOJI_SIZE, EMOJI_ADVANCE = 1.15, 1.25
"""In sizes of the letters: an emoji is as high as a line, with some air at its sides."""

_MODEL = "Hp"
"""A line takes at least the room of these, so that lines of small letters keep their distance from edges."""


@dataclass(frozen=True, slots=True)
class Face:
    """All fonts of a text at one weight and size."""

    fonts: Fonts
    weight: int
    size_px: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How wide a run or line is, and how far its ink goes from the baseline and beyond both sides."""

    width: int = 0
    up: int = 0
    down: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """The runs of a line with the places where they begin, and the extent of all."""

    runs: tuple[tuple[int, Run], ...]
    extent: Extent


@lru_cache(maxsize=48)
def loaded(file: FontFile, weight: int, size_px: int) -> FreeTypeFont:
    """A font at a size and, if it is variable, a weight; the one for CJK takes 1.8 MB at each size."""
    from PIL import ImageFont, features

    if not features.check("raqm"):  # Pillow would set letters one by one, without a word
        raise EnvironmentFault("this Pillow can't shape text (no Raqm): pip install --force-reinstall pillow")
    font = ImageFont.truetype(str(file.path), size_px, file.index, layout_engine=ImageFont.Layout.RAQM)
    try:
        axes = font.get_variation_axes()
    except OSError:
        return font  # it has one weight only
    font.set_variation_by_axes([_value(axis, weight) for axis in axes])
    return font


def _value(axis: Axis, weight: int) -> float:
    wanted = weight if axis["name"] == b"Weight" else axis["default"] or 0
    return min(max(wanted, axis["minimum"] or 0), axis["maximum"] or wanted)


def lay(text: str, face: Face) -> Line:
    """A line, laid out from its left end."""
    placed, at, up, down, beyond = [], 0, 0, 0, 0
    line = runs(text, face.fonts)
    extents = [_extent(run, face) for run in line]
    for run, extent in zip(line, extents, strict=True):
        placed.append((at, run))
        beyond = max(beyond, extent.beyond - at)
        up, down = max(up, extent.up), max(down, extent.down)
        at += extent.width
    return Line(tuple(placed), Extent(at, up, down, beyond))


def _extent(run: Run, face: Face) -> Extent:
    if isinstance(run.source, tuple):
        top = emoji_top_px(face)
        return Extent(
            ceil(EMOJI_ADVANCE * face.size_px) * len(run.source), top, emoji_size_px(face.size_px) - top
        )
    font = loaded(run.source, face.weight, face.size_px)
    box = font.getbbox(run.text, direction=direction(run), anchor="ls")
    left, top, right, bottom = (int(edge) for edge in box)  # its right edge is never left of the advance
    return Extent(right, max(0, -top), max(0, bottom), max(0, -left))


def advance(text: str, face: Face) -> float:
    """How wide a text is, without regard to its ink."""
    return sum(
        EMOJI_ADVANCE * face.size_px * len(run.source)
        if isinstance(run.source, tuple)
        else loaded(run.source, face.weight, face.size_px).getlength(run.text, direction=direction(run))
        for run in runs(text, face.fonts)
    )


def direction(run: Run) -> str:
    """As Raqm names it."""
    return "rtl" if run.level % 2 else "ltr"


def emoji_size_px(size_px: int) -> int:
    """The side of the square an emoji is drawn in."""
    return round(EMOJI_SIZE * size_px)


@lru_cache(maxsize=256)
def emoji_top_px(face: Face) -> int:
    """How far above the baseline an emoji begins: its middle is that of the capitals."""
    return (emoji_size_px(face.size_px) + model(face).up) // 2


@lru_cache(maxsize=256)
def model(face: Face) -> Extent:
    """The room that every line takes."""
    return lay(_MODEL, face).extent


@dataclass(frozen=True, slots=True)
class Rim:
    """What is drawn round the letters, in pixels on each side."""

    outline_px: int = 0
    blur_px: int = 0
    drop_px: int = 0

    @property
    def side_px(self) -> int:
        return self.outline_px + self.blur_px

    @property
    def above_px(self) -> int:
        return self.outline_px + max(0, self.blur_px - self.drop_px)

    @property
    def below_px(self) -> int:
        return self.outline_px + self.blur_px + self.drop_px


BLUR, DROP, SIGMAS = 0.04, 0.05, 2.5
"""Of a shadow, in sizes: its softness (one sigma), how far below it lies; 2.5 sigmas hold 99 % of it."""


def rim(size_px: int, outline_px: int, *, shadow: bool) -> Rim:
    """The rim at a size."""
    if not shadow:
        return Rim(outline_px)
    return Rim(outline_px, ceil(SIGMAS * BLUR * size_px), round(DROP * size_px))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines one below the other: how far the first reaches up and the last down, and their distance."""

    width_px: int
    ascent_px: int
    line_px: int
    height_px: int
    pad_px: int


def block(lines: Sequence[Line], face: Face, around: Rim, leading: float) -> Block:
    """Lines as near as `leading` says, but never so that one's ink meets the next one's."""
    least = model(face)
    ups = [max(line.extent.up, least.up) for line in lines]
    downs = [max(line.extent.down, least.down) for line in lines]
    gaps = (down + up + around.outline_px for down, up in zip(downs, ups[1:], strict=False))
    line_px = (
        max(round(face.size_px * leading), *gaps, 0) if len(lines) > 1 else round(face.size_px * leading)
    )
    pad = pad_px(lines, around)
    ascent = ups[0] + around.above_px
    height = ascent + line_px * (len(lines) - 1) + downs[-1] + around.below_px
    return Block(max(line.extent.width for line in lines) + 2 * pad, ascent, line_px, height, pad)


def pad_px(lines: Sequence[Line], around: Rim) -> int:
    """What a block needs at both sides beyond the widths of its lines."""
    return max((line.extent.beyond for line in lines), default=0) + around.side_px
