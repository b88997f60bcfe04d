"""With what words are set: fonts, and pixels of the canvas for those of a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Align, Size, TextStyle, Typeface

if TYPE_CHECKING:
    from pipeline.lettering import Typesetter

DESIGNED_FOR = 1080
"""Sizes in a look are pixels of a canvas so wide."""

PADDING = (0.034, 0.022)
"""Across and down, between words and the edge of their box, as fractions of the canvas's width."""

LEAN: Mapping[Align, float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""How much of the spare width lies to the left of words."""


@dataclass(frozen=True, slots=True)
class Type:
    """A typesetter, the font files of a person's own families by name, and the canvas."""

    setter: Typesetter
    fonts: Mapping[str, Path]
    canvas: Size

    def px(self, designed: float) -> int:
        """Pixels of this canvas."""
        return max(1, round(designed * self.canvas.width / DESIGNED_FOR))

    def share(self, fraction: float) -> int:
        """A fraction of the canvas's width in pixels."""
        return round(fraction * self.canvas.width)

    @property
    def padding(self) -> tuple[int, int]:
        """Across and down, on each side of a text."""
        return self.share(PADDING[0]), self.share(PADDING[1])

    @property
    def fallback(self) -> tuple[Path, ...]:
        """A person's own fonts, for what others lack."""
        return tuple(self.fonts.values())

    def face(self, style: TextStyle) -> Typeface:
        """The typeface of a style."""
        return Typeface(str(self.fonts.get(style.family, style.family)), style.weight)
