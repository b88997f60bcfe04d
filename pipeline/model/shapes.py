"""Measures of pictures: sizes, rectangles, margins, and the choices that are made about them."""

from __future__ import annotations

from typing import Literal

from pipeline.values import dataclass

Fit = Literal["blur", "contain", "cover"]
Focal = Literal["auto"] | tuple[float, float]
"""The point that a crop keeps, as fractions of the upright picture, or "auto": what matters in it."""

Action = Literal["passthrough", "remux", "transcode", "image"]
Preset = Literal["veryfast", "faster", "fast", "medium"]
"""How much effort x264 makes, by its own names; the slower ones aren't worth it for a story."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels; x and y are its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of a picture, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class SafeArea:
    """Margins that an app's own chrome covers, as fractions of the canvas."""

    left: float
    right: float
    top: float
    bottom: float
