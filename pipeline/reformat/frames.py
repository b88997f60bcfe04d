"""AVIF animations frame by frame: ffmpeg 9 gets their timing wrong, so it is given pictures and times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image

from pipeline.reformat.colour import scalable
from pipeline.reformat.playlist import Shown, write_playlist
from pipeline.tools.picture import opened

FASTEST = 1


@dataclass(frozen=True, slots=True)
class _Frame:
    name: str
    start_ms: int
    end_ms: int


def frame_by_frame(source: Path, prefix: Path, plays: int) -> Path:
    """Write every frame as a PNG beside `prefix`, and a list that shows them `plays` times."""
    with opened(source, "avif") as picture:
        frames = list(_written(picture, prefix))
    last = frames[-1]
    once = [Shown(one.name, (after.start_ms - one.start_ms) / 1000) for one, after in pairwise(frames)]
    once.append(Shown(last.name, (last.end_ms - last.start_ms) / 1000))
    return write_playlist(prefix, [*once * plays, Shown(last.name, 0.0)])  # or the last would be cut short


def _written(picture: Image.Image, prefix: Path) -> Iterator[_Frame]:
    """Start times, unlike lengths, don't drift where they are rounded to milliseconds."""
    for index in range(int(getattr(picture, "n_frames", 1))):
        picture.seek(index)
        picture.load()
        name, start_ms = f"{prefix.name}-{index}.png", int(picture.info["timestamp"])
        scalable(picture).save(prefix.with_name(name), compress_level=FASTEST, exif=b"", icc_profile=None)
        yield _Frame(name, start_ms, start_ms + int(picture.info["duration"]))
