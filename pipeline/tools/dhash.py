"""A picture as 64 bits that stay nearly the same when it is scaled or compressed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from PIL import Image

from pipeline.errors import RenderError
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import run_ffmpeg
from pipeline.tools.picture import opened

COLUMNS, ROWS = 9, 8
BITS = (COLUMNS - 1) * ROWS
PATIENCE = Limits(seconds=30, memory_mb=2000)


def dhash(path: Path) -> int:
    """The difference hash of a picture: one bit for each pair of neighbours, set where it gets brighter.

    Raises UnreadableError when it can't be decoded.
    """
    with opened(path, "") as picture:
        grey = picture.convert("L").resize((COLUMNS, ROWS), Image.Resampling.LANCZOS)
        levels = grey.tobytes()
    bits = 0
    for row in range(ROWS):
        line = levels[row * COLUMNS : (row + 1) * COLUMNS]
        for left, right in pairwise(line):
            bits = bits << 1 | (right > left)
    return bits


def dhash_of_clip(clip: Path, scratch: Path) -> int:
    """The hash of a clip's first frame; `scratch` is a folder for it. Raises RenderError when it has none."""
    with first_frame(clip, scratch) as frame:
        return dhash(frame)


@contextmanager
def first_frame(clip: Path, scratch: Path, at_s: float = 0.0) -> Iterator[Path]:
    """A clip's first frame from a moment on, as a picture in `scratch` while it's needed.

    Raises RenderError when there is none.
    """
    frame = scratch / f"{clip.stem}-first.bmp"
    seek = ("-ss", f"{at_s:.3f}") if at_s else ()
    done = run_ffmpeg((*seek, "-i", str(clip), "-frames:v", "1", "-update", "1", str(frame)), PATIENCE)
    if not frame.exists():
        raise RenderError(f"{clip.name} has no frame to look at: {' '.join(done.errors)}")
    try:
        yield frame
    finally:
        frame.unlink()


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    return (one ^ other).bit_count()
