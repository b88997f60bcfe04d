"""Where the picture goes: what is cut from the source and where that lands on the canvas."""

from __future__ import annotations

from pipeline.model import Fit, Rect, Size
from pipeline.plan.terms import CENTRE
from pipeline.values import dataclass

SLIVER = 0.01
"""A shape this close to the canvas's fills it: losing a sliver is better than showing one."""

SOFT_SCALE = 1.5
"""Enlarged beyond this, a picture looks soft on a phone."""

SMALL_SHARE = 0.5
"""Where less of a picture is seen, people are told."""


@dataclass(frozen=True, slots=True)
class Placement:
    """`crop` in pixels of the upright source, scaled onto `frame` in pixels of the canvas."""

    crop: Rect
    frame: Rect

    def fills(self, canvas: Size) -> bool:
        """Whether nothing of the canvas is left for a background."""
        return self.frame == whole(canvas)


def whole(size: Size) -> Rect:
    """All of it."""
    return Rect(0, 0, size.width, size.height)


def place(source: Size, canvas: Size, fit: Fit, focal: tuple[float, float] = CENTRE) -> Placement:
    """Crop and frame; `focal` (fractions of the source) only matters where something is cut off."""
    if fit == "cover" or has_shape_of(source, canvas):
        return Placement(_covering_crop(source, canvas, focal), whole(canvas))
    return Placement(whole(source), _contained_frame(source, canvas))


def has_shape_of(source: Size, canvas: Size) -> bool:
    """Whether the two have the same shape, but for a sliver."""
    return abs(source.width * canvas.height / (source.height * canvas.width) - 1) <= SLIVER


def enlargement_note(source: Size, placement: Placement) -> str | None:
    """A warning for people when the picture is blown up."""
    scale = placement.frame.width / placement.crop.width
    if scale <= SOFT_SCALE:
        return None
    return f"enlarged {scale:.1f}×: the source is only {source.width}×{source.height}, it will look soft"


def crop_note(source: Size, placement: Placement) -> str | None:
    """A warning for people when less than half of the picture is seen."""
    share = placement.crop.width * placement.crop.height / (source.width * source.height)
    return f"cropped: {share:.0%} of the picture is seen" if share < SMALL_SHARE else None


def _contained_frame(source: Size, canvas: Size) -> Rect:
    if source.width * canvas.height > canvas.width * source.height:
        height = _even(canvas.width * source.height / source.width, canvas.height)
        return Rect(0, _even_offset((canvas.height - height) / 2), canvas.width, height)
    width = _even(canvas.height * source.width / source.height, canvas.width)
    return Rect(_even_offset((canvas.width - width) / 2), 0, width, canvas.height)


def _covering_crop(source: Size, canvas: Size, focal: tuple[float, float]) -> Rect:
    if source.width * canvas.height > canvas.width * source.height:
        width = _even(source.height * canvas.width / canvas.height, source.width)
        return Rect(_around(focal[0], width, source.width), 0, width, source.height)
    if source.width * canvas.height == canvas.width * source.height:
        return whole(source)
    height = _even(source.width * canvas.height / canvas.width, source.height)
    return Rect(0, _around(focal[1], height, source.height), source.width, height)


def _around(focal: float, length: int, whole_length: int) -> int:
    """Where a stretch begins that has the focal point in its middle, as far as it can."""
    start = focal * whole_length - length / 2
    return _even_offset(min(max(start, 0), whole_length - length))


def _even(length: float, most: int) -> int:
    """The nearest even length: 4:2:0 video halves its colour planes."""
    return min(max(2, round(length / 2) * 2), most)


def _even_offset(offset: float) -> int:
    return int(offset / 2) * 2
