"""How dark and how light a picture is, place by place: what words on it have to be read against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.model import Tones

CELLS = 24
"""Along the longer side: 80 px of a story's height, a line of words."""

PIXELS = 8
"""A cell is looked at in so many times so many pixels."""

TENTH = 10
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
BEND, SLOPE = 0.04045, 12.92


def tones_of(frames: Sequence[Image.Image]) -> Tones:
    """Relative luminance (WCAG) in the cells of a grid, over all frames, which are all of one size."""
    width, height = frames[0].size
    longer = max(width, height)
    columns, rows = max(1, round(CELLS * width / longer)), max(1, round(CELLS * height / longer))
    cells = np.concatenate([_cells(frame, columns, rows) for frame in frames], axis=2)
    return Tones(
        columns,
        rows,
        darkest=_told(np.percentile(cells, TENTH, axis=2)),
        lightest=_told(np.percentile(cells, 100 - TENTH, axis=2)),
        mean=_told(cells.mean(axis=2)),
    )


def _cells(frame: Image.Image, columns: int, rows: int) -> NDArray[np.float64]:
    """Rows by columns by the pixels of a cell."""
    small = frame.resize((columns * PIXELS, rows * PIXELS), Image.Resampling.BOX)
    levels = np.asarray(small, dtype=np.float64) / 255
    light = np.where(levels <= BEND, levels / SLOPE, ((levels + 0.055) / 1.055) ** 2.4) @ WEIGHTS
    split: NDArray[np.float64] = light.reshape(rows, PIXELS, columns, PIXELS).swapaxes(1, 2)
    return split.reshape(rows, columns, PIXELS * PIXELS)


def _told(grid: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(level), 3) for level in grid.ravel())
