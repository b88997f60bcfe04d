"""Faces, by the detector that dlib brings along; the one place that knows it."""

from __future__ import annotations

import platform
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.model import Box

PACKAGE = "dlib"
CPU_FLAGS = Path("/proc/cpuinfo")
ENLARGED = 1
"""Doubled once, it finds faces of 40 px instead of 80."""

SURE = 0.3
"""By its own measure. Of 9 photos with faces it found all, at 0.8 and more, and nothing in 75 without
(2026-11); OpenCV's cascades found 7 and were wrong in 6."""

_one_at_a_time = threading.Lock()
"""A detector keeps the picture it works on."""


def can_find_faces() -> bool:
    """Whether the detector is installed and this processor can run it."""
    return is_installed() and has_cpu_for_faces()


def is_installed() -> bool:
    """Whether the extra is there; it isn't loaded."""
    return find_spec(PACKAGE) is not None


@cache
def has_cpu_for_faces() -> bool:
    """The wheels for x86 are built for AVX; without it, as on small network disks, they would kill us."""
    if platform.machine().lower() not in {"x86_64", "amd64"} or not CPU_FLAGS.exists():
        return True
    return " avx " in CPU_FLAGS.read_text()


def faces_in(frames: Sequence[Image.Image]) -> tuple[tuple[Box, ...], ...] | None:
    """The faces of each frame, in fractions of it; None when nothing here can find them."""
    if not can_find_faces():
        return None
    return tuple(tuple(_faces(frame)) for frame in frames)


def _faces(frame: Image.Image) -> list[Box]:
    grey = np.asarray(frame.convert("L"))
    with _one_at_a_time:
        found, _scores, _which = _detector().run(grey, ENLARGED, SURE)
    return [_box(place, frame.width, frame.height) for place in found]


def _box(place: Any, width: int, height: int) -> Box:
    """A face may go beyond the picture's edge."""
    return Box(
        left=_fraction(place.left(), width),
        top=_fraction(place.top(), height),
        right=_fraction(place.right() + 1, width),
        bottom=_fraction(place.bottom() + 1, height),
    )


def _fraction(at_px: int, length_px: int) -> float:
    return round(min(max(at_px / length_px, 0.0), 1.0), 4)


@cache
def _detector() -> Any:
    """Takes 0.9 s to unpack, so once and only when there is a picture to search."""
    import dlib  # an extra

    return dlib.get_frontal_face_detector()
