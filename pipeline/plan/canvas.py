"""Where bits are short: effort and resolution before quality, chosen by bits per pixel."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Preset, Size
from pipeline.plan.fit import has_shape_of

SMALLER_CANVAS = Size(720, 1280)

EASY: Preset = "veryfast"
EASY_CRF = 21
FILLED_AMPLE_BITS = 0.06
SURROUNDED_AMPLE_BITS = 0.04
"""Bits per pixel from which on the quickest way will do: 3.7 and 2.5 Mbit/s at 1080×1920 and 30 fps, with a
picture that fills the canvas and with one amid a blur or a colour, which costs few bits."""

THOROUGH: Preset = "medium"
THOROUGH_CRF = 18
"""With fewer: at 1.9 Mbit/s `medium` is 3.3 points of VMAF better than `veryfast`, in 1.7 times its time, and
a constant quality that a limit cuts off anyway may as well be a high one (measured 2026-11)."""

FILLED_BITS = 0.05
SURROUNDED_BITS = 0.024
"""What 1080×1920 needs to look better than 720×1280, likewise (measured 2026-11)."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a picture is encoded on and with: its canvas, x264's preset, and the quality below the ceiling."""

    canvas: Size
    preset: Preset
    crf: int


@dataclass(frozen=True, slots=True)
class Bits:
    """A ceiling in kbit/s, and the frames a second that share it."""

    kbps: int
    fps: float

    def per_pixel(self, canvas: Size) -> float:
        """How many bits there are for each pixel of each frame."""
        return self.kbps * 1000 / (canvas.width * canvas.height * self.fps)

    @property
    def in_words(self) -> str:
        """1.9 Mbit/s."""
        return f"{self.kbps / 1000:.1f} Mbit/s"


def means_for(canvas: Size, bits: Bits, *, filled: bool) -> Means:
    """The platform's canvas, or a smaller one of its shape, and the effort that so many bits are worth."""
    each = bits.per_pixel(canvas)
    if each >= (FILLED_AMPLE_BITS if filled else SURROUNDED_AMPLE_BITS):
        return Means(canvas, EASY, EASY_CRF)
    can_shrink = canvas.width > SMALLER_CANVAS.width and has_shape_of(SMALLER_CANVAS, canvas)
    shrinks = can_shrink and each < (FILLED_BITS if filled else SURROUNDED_BITS)
    return Means(SMALLER_CANVAS if shrinks else canvas, THOROUGH, THOROUGH_CRF)


def means_notes(wanted: Size, means: Means, bits: Bits) -> tuple[str, ...]:
    """What is done for want of bits, for people."""
    chosen = means.canvas
    smaller = f"{chosen.width}×{chosen.height}, as {wanted.width} would be blocky at {bits.in_words}"
    longer = f"encoded more thoroughly, which takes longer: {bits.in_words} is little"
    if chosen != wanted:
        return (smaller,)
    return (longer,) if means.preset == THOROUGH else ()
