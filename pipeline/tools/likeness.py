"""Whether two pictures show the same though one of them was encoded once more, or by somebody else.

Finer than a hash of 64 bits: today's menu on yesterday's card is another picture.
"""

from __future__ import annotations

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


def sample_of(file: Path, scratch: Path, *, is_clip: bool) -> bytes:
    """A small copy of a photo, or of a clip's first frame; `scratch` is a folder for that.

    Raises UnreadableError or RenderError.
    """
    if not is_clip:
        return _small(file)
    with first_frame(file, scratch) as frame:
        return _small(frame)


def alike(one: bytes, other: bytes) -> bool:
    """Whether two samples show the same."""
    differences = [left - right for left, right in zip(one, other, strict=True)]
    if sum(map(abs, differences)) > MOST_MEAN * len(differences):
        return False
    reds, greens, blues = (differences[channel::3] for channel in range(3))
    brightness = (RED * r + GREEN * g + BLUE * b for r, g, b in zip(reds, greens, blues, strict=True))
    return max(map(abs, brightness)) <= MOST_ONE


def _small(file: Path) -> bytes:
    with opened(file, "") as picture:
        small: Image.Image = picture.convert("RGB").resize((COLUMNS, ROWS), Image.Resampling.BOX)
        return small.tobytes()
