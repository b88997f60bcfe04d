"""What is drawn over a picture: words, panels, pictures and codes, each with its place on the canvas."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipeline.model.shapes import Rect, Size
from pipeline.values import dataclass

Align = Literal["left", "center", "right"]
Animation = Literal["none", "fade", "slide", "typewriter"]
"""How words come in; all but "none" need a video."""

Motion = Literal["none", "zoom-in", "zoom-out", "pan"]
"""How a camera moves over a photo: towards the focal point, away from it, or across the picture."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """`family` is sans, serif, display or hand, or a name that the config gives a font file."""

    family: str = "sans"
    weight: int = 600


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of so many pixels round every letter, outside of it."""

    colour: str
    width_px: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text in lines as they are drawn; all ink, outline included, lies inside `box`.

    The first baseline is `ascent_px` below the top of the box, each further one `line_px` lower.
    `part` None means that every part of the story shows it.
    """

    lines: tuple[str, ...]
    box: Rect
    typeface: Typeface
    size_px: int
    ascent_px: int
    line_px: int
    colour: str
    align: Align = "center"
    outline: Outline | None = None
    shadow: bool = False
    animation: Animation = "none"
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle with round corners, of one colour; with `fade` it is clear on one side.

    "down" is clear at its top and full at its bottom, "up" the other way round.
    """

    box: Rect
    colour: str
    opacity: float = 1.0
    radius_px: int = 0
    fade: Literal["none", "up", "down"] = "none"
    part: int | None = None
    animation: Animation = "none"


@dataclass(frozen=True, slots=True)
class Decal:
    """A picture file laid over the story: a sticker, a logo, a watermark; scaled to fill `box`."""

    path: Path
    sha256: str
    box: Rect
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of `payload`, with its quiet zone inside the square `box`."""

    box: Rect
    payload: str
    dark: str = "#000000"
    light: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything drawn over a story, in pixels of `canvas`: first panels, then decals, codes and words.

    `fonts` names the very font files that were measured with, so that others make another recipe; `fallback`
    are the person's own among them, for what a typeface lacks.
    """

    canvas: Size
    fonts: str = ""
    fallback: tuple[Path, ...] = ()
    panels: tuple[Panel, ...] = ()
    decals: tuple[Decal, ...] = ()
    codes: tuple[Code, ...] = ()
    words: tuple[Words, ...] = ()
