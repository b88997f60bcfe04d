"""Where the camera looks: windows in a picture that is larger than what is shown, from start to end."""

from __future__ import annotations

import math

from pipeline.model import Size, Take
from pipeline.reformat.compose.planes import Window


def window_at(take: Take, canvas: Size, share: float) -> Window:
    """What is seen of the take's canvas after so much of its time, which is never beyond its edges.

    It starts and ends at rest: half a wave of the cosine.
    """
    share = (1 - math.cos(math.pi * min(1.0, max(0.0, share)))) / 2
    wide, close = _wide(take, canvas), _close(take, canvas)
    match take.motion:
        case "zoom-in":
            return _between(wide, close, share)
        case "zoom-out":
            return _between(close, wide, share)
        case "pan":
            return _between(*_ends(take, close), share)
        case "none":
            return wide


def _wide(take: Take, canvas: Size) -> Window:
    """As much as has the canvas's shape."""
    scale = min(take.canvas.width / canvas.width, take.canvas.height / canvas.height)
    return _around_focal(take, canvas.width * scale, canvas.height * scale)


def _close(take: Take, canvas: Size) -> Window:
    """Pixel for pixel: closer would be soft."""
    if canvas.width > take.canvas.width or canvas.height > take.canvas.height:
        return _wide(take, canvas)
    return _around_focal(take, canvas.width, canvas.height)


def _around_focal(take: Take, width: float, height: float) -> Window:
    left = _clamped(take.focal[0] * take.canvas.width - width / 2, take.canvas.width - width)
    top = _clamped(take.focal[1] * take.canvas.height - height / 2, take.canvas.height - height)
    return left, top, left + width, top + height


def _clamped(start: float, most: float) -> float:
    return min(max(start, 0.0), max(most, 0.0))


def _ends(take: Take, close: Window) -> tuple[Window, Window]:
    """Along the side with more room, from left to right or from top to bottom."""
    left, top, right, bottom = close
    width, height = right - left, bottom - top
    free_x, free_y = take.canvas.width - width, take.canvas.height - height
    if free_x >= free_y:
        return (0.0, top, width, bottom), (free_x, top, free_x + width, bottom)
    return (left, 0.0, right, height), (left, free_y, right, free_y + height)


def _between(start: Window, end: Window, share: float) -> Window:
    left, top, right, bottom = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return left, top, right, bottom
