"""Words as they are typed: how far each line is seen after so many characters, nothing of it in motion."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from pipeline.lettering import Typesetter, is_rtl, typesetter
from pipeline.lettering.texts import graphemes
from pipeline.model import Overlay, Rect, Words

LONGEST_S = 2.0
USUAL_S = 0.06
"""A character, as somebody types who is in no hurry; long texts are typed faster."""

DESCENT, ASCENT = 0.27, 0.9
"""In sizes of the letters: between one line's lowest and the next one's highest, the line ends."""

FAR = 10_000


@dataclass(frozen=True, slots=True)
class Band:
    """A line: its room from top to bottom, and where it is cut after each of its characters."""

    top: float
    bottom: float
    edges: tuple[float, ...]
    rtl: bool

    def seen(self, count: int) -> tuple[float, float]:
        """From where to where; after the last character, all of it."""
        edge = self.edges[count - 1]
        if count == len(self.edges):
            return -FAR, FAR
        return (edge, FAR) if self.rtl else (-FAR, edge)


@dataclass(frozen=True, slots=True)
class Strokes:
    """The lines, in order."""

    bands: tuple[Band, ...]

    @property
    def count(self) -> int:
        """How many characters there are."""
        return sum(len(band.edges) for band in self.bands)

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return min(LONGEST_S, USUAL_S * self.count)

    def mask(self, size: tuple[int, int], corner: tuple[int, int], age_s: float) -> Image.Image:
        """What is seen, white on black, of a picture of this size whose corner lies there."""
        mask = Image.new("L", size)
        pen = ImageDraw.Draw(mask)
        left = int(age_s / self.seconds * self.count) + 1
        x, y = corner
        for band in self.bands:
            seen = min(left, len(band.edges))
            left -= seen
            if seen:
                start, end = band.seen(seen)
                pen.rectangle((start - x, band.top - y, end - x - 1, band.bottom - y - 1), fill=255)
        return mask


def strokes_of(words: Words, overlay: Overlay, scale: float) -> Strokes:
    """Of words of an overlay that is drawn `scale` times as large as it says."""
    setter = typesetter(overlay.fallback)
    below = (words.line_px - (ASCENT - DESCENT) * words.size_px) / 2
    base = words.box.y + words.ascent_px
    last = len(words.lines) - 1
    bands = []
    for number, line in enumerate(words.lines):
        top = base + (number - 1) * words.line_px + below if number else -FAR
        bottom = base + number * words.line_px + below if number < last else FAR
        edges = tuple(edge * scale for edge in _edges(setter, words, line))
        bands.append(Band(top * scale, bottom * scale, edges, is_rtl(line)))
    return Strokes(tuple(bands))


def _edges(setter: Typesetter, words: Words, line: str) -> Iterator[float]:
    """Measured by what is drawn of the line's beginnings: letters that join are as wide as they look."""
    ink = setter.ink(_alone(words, line))
    if ink is None:
        return
    beginning = ""
    for character in graphemes(line):
        beginning += character
        seen = setter.ink(_alone(words, beginning))
        width = seen.width if seen else 0
        yield ink.x + ink.width - width if is_rtl(line) else ink.x + width


def _alone(words: Words, line: str) -> Words:
    box = Rect(words.box.x, words.box.y, words.box.width, words.ascent_px + words.line_px)
    return dataclasses.replace(words, lines=(line,), box=box)
