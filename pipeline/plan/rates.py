"""Frame rates: from whatever a source has to a constant one that shows every frame equally long."""

from __future__ import annotations

import math

COMMON_FPS = (24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48.0, 50.0, 60000 / 1001, 60.0, 120.0, 240.0)
SAME = 0.0004
"""A measured average within 0.04 % of a common rate is that rate: 24 and 23.976 are 0.1 % apart."""

NEARLY = 0.01
"""Phones measure 60.06 where they mean 60: that is twice 30, not three times 20."""

VFR_FPS = 30.0
SLOWEST_FPS = 23.0
"""Instagram takes nothing slower (developers.facebook.com, IG User Media, 2026-09)."""


def nominal_fps(fps: float) -> float:
    """The common rate that a measured average stands for, or the average itself."""
    nearest = min(COMMON_FPS, key=lambda common: abs(common - fps))
    return nearest if abs(nearest - fps) <= SAME * fps else fps


def output_fps(fps: float | None, *, vfr: bool, max_fps: float) -> float:
    """A constant rate of at most `max_fps`.

    Too fast is divided and too slow multiplied by a whole number where that lands in the range
    (50 → 25, 59.94 → 29.97, 12.5 → 25), as dropping or doubling unevenly judders.
    """
    if vfr or not fps or fps <= 0:
        return min(VFR_FPS, max_fps)
    rate, slowest = nominal_fps(fps), min(SLOWEST_FPS, max_fps)
    if rate > max_fps:
        rate = min(rate / max(1, math.ceil(rate / max_fps - NEARLY)), max_fps)
    elif rate < slowest:
        rate *= math.ceil(slowest / rate)
    return rate if slowest <= rate <= max_fps else max_fps


def rate_in_words(fps: float) -> str:
    """30, 29.97, 12.5."""
    return f"{fps:.2f}".rstrip("0").rstrip(".")


def rate_note(source_fps: float | None, *, vfr: bool, fps: float) -> str | None:
    """What changes, for people, or None."""
    if vfr or source_fps is None:
        return f"variable frame rate made constant: {rate_in_words(fps)} fps"
    if rate_in_words(nominal_fps(source_fps)) == rate_in_words(fps):
        return None
    change = "lowered" if source_fps > fps else "raised"
    return f"frame rate {change} from {rate_in_words(source_fps)} to {rate_in_words(fps)} fps"
