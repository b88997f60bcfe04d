"""Frames of a rendition as small JPEGs: one call of ffmpeg for all of a clip, Pillow for a photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.errors import RenderError
from pipeline.model import Rendition, Size
from pipeline.report.preview.sight import Shot, instants_s
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import run_ffmpeg
from pipeline.tools.picture import opened

SHOT = Size(540, 960)
"""Sharp enough for a phone's screen drawn half as large."""

QUALITY = 84
LAST_STRETCH_S = 1.0
SMALLER = f"scale={SHOT.width}:{SHOT.height}:force_original_aspect_ratio=decrease:force_divisible_by=2"


@dataclass(frozen=True, slots=True)
class Darkroom:
    """Where frames are put, and what their taking goes by."""

    folder: Path
    limits: Limits
    stop: Callable[[], bool] | None = None


def shots_of(rendition: Rendition, darkroom: Darkroom, name: str) -> tuple[Shot, ...]:
    """The first frame, those at the quarter points and the last one, as `name`-0.jpg and so on.

    Raises RenderError when there are none, Interrupted when `stop` asks for it.
    """
    instants = instants_s(rendition.duration_s)
    if not instants:
        return (Shot(_small(rendition.path, darkroom.folder / f"{name}-0.jpg"), None),)
    raw = [darkroom.folder / f"{name}-{number}.bmp" for number in range(len(instants))]
    _take(rendition.path, instants, raw, darkroom)
    if not raw[-1].exists():  # the last frame may be shown for longer than the stretch that was looked at
        _run([*_from(rendition.path, 0), *_last(0, raw[-1])], darkroom)
    if not raw[-1].exists():
        raise RenderError("no frame of it can be read")
    taken = [one if one.exists() else raw[-1] for one in raw]
    shots = tuple(
        Shot(_small(one, darkroom.folder / f"{name}-{number}.jpg"), at_s)
        for number, (one, at_s) in enumerate(zip(taken, instants, strict=True))
    )
    _clear(raw)
    return shots


def first_shot(rendition: Rendition, darkroom: Darkroom, name: str) -> Path:
    """Its first frame alone. Raises as `shots_of` does."""
    small = darkroom.folder / f"{name}-first.jpg"
    if not rendition.duration_s:
        return _small(rendition.path, small)
    raw = darkroom.folder / f"{name}.bmp"
    _run([*_from(rendition.path, 0), *_one(0, raw)], darkroom)
    if not raw.exists():
        raise RenderError("no frame of it can be read")
    _small(raw, small)
    _clear([raw])
    return small


def _take(clip: Path, instants: Sequence[float], raw: Sequence[Path], darkroom: Darkroom) -> None:
    """Each instant is an input of its own, found by seeking, so that a long clip takes no longer."""
    last = len(instants) - 1
    starts = (*instants[:last], max(0.0, instants[last] - LAST_STRETCH_S))
    inputs = [word for start_s in starts for word in _from(clip, start_s)]
    outputs = [word for number in range(last) for word in _one(number, raw[number])]
    _run([*inputs, *outputs, *_last(last, raw[last])], darkroom)


def _from(clip: Path, start_s: float) -> list[str]:
    return ["-threads", "1", "-ss", f"{start_s:.6f}", "-i", f"file:{clip.absolute()}"]


def _one(source: int, raw: Path) -> list[str]:
    return ["-map", f"{source}:V:0", "-frames:v", "1", *_picture(raw)]


def _last(source: int, raw: Path) -> list[str]:
    """Every frame to the end, each over the one before."""
    return ["-map", f"{source}:V:0", *_picture(raw)]


def _picture(raw: Path) -> list[str]:
    return ["-vf", SMALLER, "-update", "1", f"file:{raw.absolute()}"]


def _run(arguments: list[str], darkroom: Darkroom) -> None:
    finished = run_ffmpeg(arguments, darkroom.limits, stop=darkroom.stop)
    if finished.returncode != 0:
        said = finished.errors[0] if finished.errors else f"code {finished.returncode}"
        raise RenderError(f"its frames can't be read: {said}")


def _small(source: Path, target: Path) -> Path:
    with opened(source, "") as picture:
        picture.draft("RGB", (SHOT.width, SHOT.height))
        small = picture.convert("RGB")
        small.thumbnail((SHOT.width, SHOT.height), Image.Resampling.LANCZOS)
    small.save(target, "JPEG", quality=QUALITY)  # outside: a full disk is no damaged picture
    return target


def _clear(raw: Sequence[Path]) -> None:
    """Ten times the size of the JPEGs, and there are five for every clip."""
    for one in raw:
        one.unlink(missing_ok=True)
