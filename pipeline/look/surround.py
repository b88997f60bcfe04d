"""The colours along the four sides of a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.model import Side

DEPTH_SHARE = 0.02
"""So much of the picture, from its edge inwards, counts as its side."""


def sides_of(frames: Sequence[Image.Image]) -> tuple[Side, ...]:
    """Top, right, bottom and left, over all frames: one colour however the picture moves."""
    strips = [_strips(np.asarray(frame)) for frame in frames]
    return tuple(_side(np.concatenate(same)) for same in zip(*strips, strict=True))


def _strips(levels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    deep, wide = (max(1, round(length * DEPTH_SHARE)) for length in levels.shape[:2])
    sides = (levels[:deep], levels[:, -wide:], levels[-deep:], levels[:, :wide])
    return tuple(side.reshape(-1, 3) for side in sides)


def _side(pixels: NDArray[np.uint8]) -> Side:
    """The median: a pole or a hand that reaches to the edge doesn't colour it."""
    colour = np.median(pixels, axis=0)
    spread = float(np.abs(pixels - colour).mean())
    return Side("#" + bytes(round(level) for level in colour).hex(), round(spread, 2))
