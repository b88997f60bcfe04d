"""Small photos, animations and clips of every kind, made on the spot."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from PIL import Image, ImageDraw

MARK = (230, 40, 40)
GROUND = (40, 90, 200)


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A blue ground with a red mark in the top left corner, so that every turn and flip shows."""
    image = Image.new("RGB", size, GROUND)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 4), fill=MARK)
    return image.convert(mode)


def save_photo(path: Path, image: Image.Image | None = None, **options: Any) -> Path:
    """A photo in the format of its suffix; `options` are Pillow's."""
    if path.suffix.lower() in {".heic", ".heif"}:
        learn_heif()
    (image or picture()).save(path, **options)
    return path


@cache
def learn_heif() -> None:
    """Teach Pillow to write HEIC."""
    import pillow_heif

    pillow_heif.register_heif_opener()


def save_animation(path: Path, delays_ms: Sequence[int], size: tuple[int, int] = (32, 24)) -> Path:
    """A GIF, APNG, WebP or AVIF by its suffix, with a frame for each delay."""
    frames = [
        Image.new("RGB", size, (index * 37 % 256, 255 - index * 23 % 256, 90))
        for index in range(len(delays_ms))
    ]
    options: dict[str, Any] = {"duration": list(delays_ms), "loop": 0}
    if path.suffix == ".apng":
        options["format"] = "PNG"
    frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    return path


def exif(orientation: int = 1, **tags: str) -> Image.Exif:
    """An EXIF block; `tags` may hold `make` and `model`."""
    block = Image.Exif()
    block[0x0112] = orientation
    for name, number in (("make", 0x010F), ("model", 0x0110)):
        if name in tags:
            block[number] = tags[name]
    return block


@dataclass(frozen=True, slots=True)
class Clip:
    """What a clip should be; `coding` and `muxing` are further ffmpeg output options."""

    size: tuple[int, int] = (96, 64)
    seconds: float = 1.0
    fps: int = 25
    sound: bool = True
    filters: str = "null"
    coding: tuple[str, ...] = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    muxing: tuple[str, ...] = ()


PLAIN = Clip()


def save_clip(path: Path, clip: Clip = PLAIN) -> Path:
    """A test pattern, with a tone where it has sound, in the container of its suffix."""
    width, height = clip.size
    pattern = f"testsrc=size={width}x{height}:rate={clip.fps}:duration={clip.seconds},{clip.filters}"
    tone = ("-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={clip.seconds}")
    ffmpeg("-f", "lavfi", "-i", pattern, *(tone if clip.sound else ()), *clip.coding, *clip.muxing, path)
    return path


def ffmpeg(*arguments: str | Path) -> bytes:
    """Run ffmpeg, overwriting its output; gives what it wrote to stdout."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def first_frame(path: Path) -> Image.Image:
    """The first frame as ffmpeg would show it, turned upright."""
    ppm = path.with_suffix(".first.ppm")
    ffmpeg("-i", path, "-frames:v", "1", ppm)
    with Image.open(ppm) as frame:
        return frame.copy()
