"""The colours along the four sides of a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.model import Side

DEPTH_SHARE = 0.02
"""So much of the picture, from its edge inwards, counts as its side."""


KIND_BITS = 5
ALIKE = 24
"""Colours are sorted by their upper three bits; what is so near to the commonest kind belongs to it."""


def sides_of(frames: Sequence[Image.Image]) -> tuple[Side, ...]:
    """Top, right, bottom and left, over all frames: one colour however the picture moves."""
    strips = [_strips(np.asarray(frame)) for frame in frames]
    return tuple(_side(np.concatenate(same)) for same in zip(*strips, strict=True))


def _strips(levels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    deep, wide = (max(1, round(length * DEPTH_SHARE)) for length in levels.shape[:2])
    sides = (levels[:deep], levels[:, -wide:], levels[-deep:], levels[:, :wide])
    return tuple(side.reshape(-1, 3) for side in sides)


def _side(pixels: NDArray[np.uint8]) -> Side:
    """The commonest colour: a pole at the edge doesn't count, nor do yellow and blue make green."""
    _, kinds, counts = np.unique(pixels >> KIND_BITS, axis=0, return_inverse=True, return_counts=True)
    commonest = pixels[kinds.ravel() == counts.argmax()].mean(axis=0)
    alike = np.abs(pixels - commonest).max(axis=1) <= ALIKE
    colour = np.median(pixels[alike], axis=0)
    spread = float(np.abs(pixels - colour).mean())
    return Side("#" + bytes(round(level) for level in colour).hex(), round(spread, 2))
