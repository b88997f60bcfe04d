"""Whether two pictures show the same though one of them was encoded once more, or by somebody else.

Finer than a hash of 64 bits: today's menu on yesterday's card is another picture.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from pipeline.tools.dhash import first_frame
from pipeline.tools.picture import opened

COLUMNS, ROWS = 54, 96
MOST_MEAN = 6.0
"""Of 255, over all samples: what another encoder, another size and another range of colours make of it."""
MOST_ONE = 40
"""Of 255, in a single sample: a letter or a price that differs."""


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
    differences = [abs(left - right) for left, right in zip(one, other, strict=True)]
    return max(differences) <= MOST_ONE and sum(differences) <= MOST_MEAN * len(differences)


def _small(file: Path) -> bytes:
    with opened(file, "") as picture:
        small: Image.Image = picture.convert("RGB").resize((COLUMNS, ROWS), Image.Resampling.BOX)
        return small.tobytes()
