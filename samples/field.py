"""Fields of numbers to paint with: noise, smooth steps, blur and resizing of float arrays."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field: TypeAlias = NDArray[np.floating[Any]]
"""Either rows × columns, or rows × columns × 3 of linear light."""
Colour: TypeAlias = tuple[float, float, float]


def linear(hex_colour: str) -> Colour:
    """A "#rrggbb" of the screen as linear light."""
    levels = [int(hex_colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        (level + 0.055) ** 2.4 / 1.055**2.4 if level > 0.04 else level / 12.92 for level in levels
    )
    return red, green, blue


def smoothstep(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, an S between; turned round when `low` is above `high`."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def hump(share: Field) -> Field:
    """A half wave: 0 at both ends, 1 in the middle, never below 0."""
    return np.asarray(np.clip(np.sin(np.pi * share), 0, 1), np.float32)


def mix(first: Field | Colour, second: Field | Colour, share: Field) -> Field:
    """Colours between two others, pixel by pixel."""
    weight = share[..., None]
    mixed = np.asarray(first, np.float32) * (1 - weight) + np.asarray(second, np.float32) * weight
    return np.asarray(mixed, np.float32)


def resize(field: Field, shape: tuple[int, ...], how: Image.Resampling = Image.Resampling.BICUBIC) -> Field:
    """The field stretched to other rows and columns."""
    if field.shape[:2] == shape[:2]:
        return field
    planes = field[..., None] if field.ndim == 2 else field
    size = (shape[1], shape[0])
    stretched = [
        np.asarray(Image.fromarray(planes[..., k]).resize(size, how)) for k in range(planes.shape[2])
    ]
    return stretched[0] if field.ndim == 2 else np.stack(stretched, axis=-1)


def blur(field: Field, sigma_px: float) -> Field:
    """Gaussian blur; wide ones are done small and stretched back, which nobody can see."""
    if sigma_px < 0.3:
        return field
    step = max(1, int(sigma_px / 3))
    if step == 1:
        return _convolve(field, sigma_px)
    rows, columns = (max(2, round(extent / step)) for extent in field.shape[:2])
    small = resize(field, (rows, columns), Image.Resampling.BOX)
    return resize(_convolve(small, sigma_px / step), field.shape)


def _convolve(field: Field, sigma_px: float) -> Field:
    reach = max(1, round(sigma_px * 2.6))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        padding = [(reach, reach) if axis == side else (0, 0) for side in range(field.ndim)]
        padded = np.pad(field, padding, mode="edge")
        extent = field.shape[axis]
        total = np.zeros_like(field)
        for offset, weight in enumerate(weights):
            window = padded[offset : offset + extent] if axis == 0 else padded[:, offset : offset + extent]
            total += np.float32(weight) * window
        field = total
    return field


def noise(shape: tuple[int, ...], cells: tuple[float, float], seed: int, octaves: int = 1) -> Field:
    """Smooth noise around 0 (about -1…1) with `cells` bumps down and across, finer ones added by octave."""
    rng = np.random.default_rng(seed)
    total = np.zeros(shape[:2], np.float32)
    for octave in range(octaves):
        rows, columns = (min(int(count * 2**octave) + 2, 4096) for count in cells)
        bumps = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
        total += resize(bumps, shape) * np.float32(0.55**octave)
    return total


def sample(texture: Field, rows: Field, columns: Field) -> Field:
    """The texture read at fractional places, repeating beyond its edges."""
    top, left = np.floor(rows).astype(np.int32), np.floor(columns).astype(np.int32)
    down, right = (rows - top).astype(np.float32), (columns - left).astype(np.float32)
    height, width = texture.shape[:2]
    above, below = top % height, (top + 1) % height
    west, east = left % width, (left + 1) % width
    upper = texture[above, west] * (1 - right) + texture[above, east] * right
    lower = texture[below, west] * (1 - right) + texture[below, east] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)
