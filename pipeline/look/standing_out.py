"""What stands out from calm ground, told strip by strip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONGEST_SIDE_PX = 128
STEP = 20
"""Of 255: a smaller step between two neighbours at this size is texture, light or noise."""

STRIPS = 32


def strips_of(frames: Sequence[Image.Image]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """For columns and rows of equal width, the share of their pixels that stand out, over all frames."""
    masks = [_mask(frame) for frame in frames]
    across = np.mean([_strips(mask.mean(axis=0)) for mask in masks], axis=0)
    down = np.mean([_strips(mask.mean(axis=1)) for mask in masks], axis=0)
    return _rounded(across), _rounded(down)


def _mask(frame: Image.Image) -> NDArray[np.bool_]:
    """True where the picture changes abruptly in any colour, to the right or downwards."""
    scale = min(1.0, LONGEST_SIDE_PX / max(frame.size))
    size = (max(2, round(frame.width * scale)), max(2, round(frame.height * scale)))
    levels = np.asarray(frame.resize(size, Image.Resampling.BOX), dtype=np.int16)
    across = np.abs(np.diff(levels, axis=1)).max(axis=2)[:-1]
    down = np.abs(np.diff(levels, axis=0)).max(axis=2)[:, :-1]
    mask: NDArray[np.bool_] = np.maximum(across, down) > STEP
    return mask


def _strips(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Averages over strips of equal width, however many pixels they are made of."""
    sums = np.concatenate([[0.0], np.cumsum(shares)])
    edges = np.linspace(0, len(shares), STRIPS + 1)
    strips: NDArray[np.float64] = np.diff(np.interp(edges, np.arange(len(sums)), sums))
    return strips * STRIPS / len(shares)


def _rounded(shares: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(share), 4) for share in shares)
