"""Whether two files show the same though one of them was encoded once more, or by somebody else.

Finer than a hash of 64 bits: today's menu on yesterday's card is another picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.tools.dhash import first_frame
from pipeline.tools.picture import opened

COLUMNS, ROWS = 54, 96
RED, GREEN, BLUE = 0.299, 0.587, 0.114
"""Encoders keep colours at half the size, so edges between strong ones differ in colour alone."""
MOST_MEAN = 6.0
"""Of 255, over all samples: what another encoder, another size and another range of colours make of it."""
MOST_ONE = 24
"""Of 255 levels of brightness, in one sample: up to 18 after another encoder, 39 for a digit of a price."""
SAME_LENGTH_S = 1.0
NEAR_S = 0.1
"""Another encoder may have moved the middle of a film by some frames."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Small copies of a photo, or of a film's first frame and some round its middle; a photo lasts 0 s.

    The first frame alone tells little: it's black, or the same title card, in many films.
    """

    seconds: float
    first: bytes
    middle: tuple[bytes, ...] = ()


def glimpse_of(file: Path, seconds: float, scratch: Path) -> Glimpse:
    """A look at a photo, or at a film that lasts so long; `scratch` is a folder for its frames.

    Raises UnreadableError or RenderError.
    """
    if not seconds:
        return Glimpse(0, _small(file))
    moments = [max(0.0, seconds / 2 + away) for away in (0, -NEAR_S, NEAR_S)]
    first, *middle = (_frame(file, at_s, scratch) for at_s in (0.0, *moments))
    return Glimpse(seconds, first, tuple(middle))


def alike(one: Glimpse, other: Glimpse) -> bool:
    """Whether two files show the same."""
    if abs(one.seconds - other.seconds) > SAME_LENGTH_S or not _same(one.first, other.first):
        return False
    return not one.middle or any(_same(left, right) for left in one.middle for right in other.middle)


def _same(one: bytes, other: bytes) -> bool:
    differences = [left - right for left, right in zip(one, other, strict=True)]
    if sum(map(abs, differences)) > MOST_MEAN * len(differences):
        return False
    reds, greens, blues = (differences[channel::3] for channel in range(3))
    brightness = (RED * r + GREEN * g + BLUE * b for r, g, b in zip(reds, greens, blues, strict=True))
    return max(map(abs, brightness)) <= MOST_ONE


def _frame(clip: Path, at_s: float, scratch: Path) -> bytes:
    with first_frame(clip, scratch, at_s) as frame:
        return _small(frame)


def _small(file: Path) -> bytes:
    with opened(file, "") as picture:
        small: Image.Image = picture.convert("RGB").resize((COLUMNS, ROWS), Image.Resampling.BOX)
        return small.tobytes()
