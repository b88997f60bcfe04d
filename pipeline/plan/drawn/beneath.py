"""What lies beneath a place on the canvas: how dark and how light the picture is there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Recipe, Rect, Size, Tones

ANYTHING = (0.0, 1.0)
MARGIN = 0.12
"""A picture that the camera moves over is looked at so much further round, as a fraction of the canvas."""


@dataclass(frozen=True, slots=True)
class Beneath:
    """A picture as its recipe places it; `tones` None when it wasn't looked at.

    `canvas` is what places are told on; `moves` says that the camera does.
    """

    tones: Tones | None
    source: Size
    recipe: Recipe
    canvas: Size
    moves: bool = False

    def luminance(self, place: Rect) -> tuple[float, float]:
        """The darkest and the lightest that is seen there, from 0 to 1 (WCAG's relative luminance)."""
        if self.tones is None:
            return ANYTHING
        seen = [self._at(x, y, self.tones) for x, y in _points(self._widened(place))]
        return min(dark for dark, _ in seen), max(light for _, light in seen)

    def _widened(self, place: Rect) -> Rect:
        if not self.moves:
            return place
        by = round(self.canvas.width * MARGIN)
        return Rect(place.x - by, place.y - by, place.width + 2 * by, place.height + 2 * by)

    def _at(self, x: float, y: float, tones: Tones) -> tuple[float, float]:
        recipe = self.recipe
        x, y = (
            min(max(x * recipe.canvas.width / self.canvas.width, 0), recipe.canvas.width - 1),
            min(max(y * recipe.canvas.height / self.canvas.height, 0), recipe.canvas.height - 1),
        )
        frame, crop = recipe.frame, recipe.crop
        across, down = (x - frame.x) / frame.width, (y - frame.y) / frame.height
        if 0 <= across < 1 and 0 <= down < 1:
            cell = self._cell(crop.x + across * crop.width, crop.y + down * crop.height, tones)
            return tones.darkest[cell], tones.lightest[cell]
        if recipe.background:
            level = luminance_of(recipe.background)
            return level, level
        cell = self._cell(*self._behind(x, y), tones)
        return tones.mean[cell], tones.mean[cell]

    def _behind(self, x: float, y: float) -> tuple[float, float]:
        """Where in the source the blurred copy that fills the canvas is from."""
        canvas, source = self.recipe.canvas, self.source
        scale = max(canvas.width / source.width, canvas.height / source.height)
        return (
            (x - canvas.width / 2) / scale + source.width / 2,
            (y - canvas.height / 2) / scale + source.height / 2,
        )

    def _cell(self, x: float, y: float, tones: Tones) -> int:
        column = min(max(math.floor(x / self.source.width * tones.columns), 0), tones.columns - 1)
        row = min(max(math.floor(y / self.source.height * tones.rows), 0), tones.rows - 1)
        return row * tones.columns + column


def luminance_of(colour: str) -> float:
    """WCAG's relative luminance of a colour "#rrggbb", from 0 to 1."""
    red, green, blue = (linear(level / 255) for level in bytes.fromhex(colour.removeprefix("#")))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(level: float) -> float:
    """SRGB's level, from 0 to 1, as light."""
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def encoded(light: float) -> float:
    """The reverse of `linear`."""
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055  # noqa: PLR2004


STEPS = 12


def _points(place: Rect) -> Iterator[tuple[float, float]]:
    for row in range(STEPS):
        for column in range(STEPS):
            yield (
                place.x + place.width * (column + 0.5) / STEPS,
                place.y + place.height * (row + 0.5) / STEPS,
            )
