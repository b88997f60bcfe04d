"""Moving pictures: a camera gliding over a still, leaves swaying before the window, ffmpeg to encode."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from PIL import Image

from field import noise
from ground import leaf_shade
from light import Film, Lit, develop, to_image


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees of a still, as shares of its width: left and top corner, and width."""

    left: float
    top: float
    width: float


@dataclass(frozen=True, slots=True)
class Glide:
    """A camera move from one view to another."""

    start: View
    end: View

    def at(self, share: float) -> View:
        """The view on the way; it starts and stops gently."""
        eased = share + (share * share * (3 - 2 * share) - share) * 0.5
        first, last = self.start, self.end
        return View(
            first.left + (last.left - first.left) * eased,
            first.top + (last.top - first.top) * eased,
            first.width + (last.width - first.width) * eased,
        )


@dataclass(frozen=True, slots=True)
class Sunny:
    """A table in full sun and the same one in the shade; leaves decide where which is seen."""

    sun: Image.Image
    shade: Image.Image


def sunny(lit: Lit, film: Film) -> Sunny:
    """Both developments of a lit table."""
    return Sunny(develop(lit.under(), film), develop(lit.under(0.10), film))


def shot(still: Image.Image, view: View, size: tuple[int, int]) -> Image.Image:
    """What the camera sees, smooth to fractions of a pixel."""
    left, top, width = view.left * still.width, view.top * still.width, view.width * still.width
    box = (left, top, left + width, top + width * size[1] / size[0])
    return still.resize(size, Image.Resampling.BICUBIC, box)


def swaying(table: Sunny, view: View, size: tuple[int, int], seconds: float) -> Image.Image:
    """The table from `view`, with the leaves where they are at this second."""
    sway = float(np.sin(seconds * 1.1) + 0.5 * np.sin(seconds * 1.9 + 1))
    columns, rows = table.sun.width // 4, table.sun.height // 4
    gate = np.asarray(leaf_shade((rows, columns), sway), np.float32)
    mask = Image.fromarray((gate * 255).astype(np.uint8)).resize(table.sun.size, Image.Resampling.BILINEAR)
    return shot(Image.composite(table.sun, table.shade, mask), view, size)


class Steam:
    """Steam over a cup: two layers of noise drifting apart."""

    def __init__(self, size: tuple[int, int], seed: int = 3) -> None:
        shape = size[1], size[0]
        self.size = size
        self._low = noise(shape, (5, 7), seed, 3)
        self._high = noise(shape, (7, 6), seed + 1, 3)

    def over(
        self, picture: Image.Image, centre_px: tuple[float, float], reach_px: float, seconds: float
    ) -> Image.Image:
        """The picture with steam rising from a place."""
        rows, columns = self._low.shape
        drift = [int(seconds * rows * speed) % rows for speed in (0.085, 0.13)]
        wisps = np.roll(self._low, -drift[0], 0) + np.roll(self._high, -drift[1], 0)
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        up = (centre_px[1] - y) / reach_px
        spread = 0.42 + 0.16 * np.clip(up, 0, 2)
        room = np.exp(-(((x - centre_px[0]) / reach_px / spread) ** 2) - ((up - 0.35) / 0.75) ** 2)
        mask = to_image((np.clip(1 - np.abs(wisps) * 1.7, 0, 1) ** 1.6 * room * 0.40).astype(np.float32))
        return Image.composite(Image.new("RGB", self.size, (255, 247, 236)), picture, mask)


BT709 = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=color_primaries=bt709:color_trc=bt709"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a clip is encoded; `crf` is x264's quality, lower is better."""

    size: tuple[int, int]
    fps: int
    crf: int
    audio_kbps: int
    tags: tuple[tuple[str, str], ...] = ()


def encode(frames: Iterable[Image.Image], music: Path, target: Path, encoding: Encoding) -> None:
    """Write an MP4 of the frames and the music. Raises CalledProcessError when ffmpeg fails."""
    tags = [word for key, text in encoding.tags for word in ("-metadata", f"{key}={text}")]
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "{}x{}".format(*encoding.size),
        "-r", str(encoding.fps), "-i", "-",
        "-i", str(music), "-map", "0:v", "-map", "1:a", "-shortest",
        "-vf", BT709,
        "-c:v", "libx264", "-preset", "medium", "-crf", str(encoding.crf), "-threads", "2",
        "-c:a", "aac", "-b:a", f"{encoding.audio_kbps}k", "-movflags", "+faststart",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", *tags, str(target),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        if ffmpeg.stdin is None:
            raise BrokenPipeError("ffmpeg takes no frames")
        for frame in frames:
            ffmpeg.stdin.write(frame.convert("RGB").tobytes())
        ffmpeg.stdin.close()
    if ffmpeg.returncode:
        raise subprocess.CalledProcessError(ffmpeg.returncode, command)


def encode_sound(music: Path, target: Path, kbps: int) -> None:
    """Write an M4A of the music. Raises CalledProcessError when ffmpeg fails."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(music),
        "-c:a", "aac", "-b:a", f"{kbps}k", "-movflags", "+faststart", "-fflags", "+bitexact", str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True)
