"""What the media benchmark works on: realistic footage, drawn once into its folder."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.media_hard import hard_frames
from fakes.media import ffmpeg
from PIL import Image, ImageCms

from pipeline.tools.ffmpeg import find_ffmpeg

SAMPLES = Path(__file__).parents[2] / "samples" / "inbox"
STILL, PORTRAIT = SAMPLES / "02-landscape-window.jpg", SAMPLES / "01-portrait-latte.jpg"
FPS = 30
LIKE_A_PHONE = ("-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-pix_fmt", "yuv420p")
HDR_OF_PHONES = (
    *("-c:v", "libx265", "-preset", "ultrafast", "-profile:v", "main10", "-pix_fmt", "yuv420p10le"),
    *("-tag:v", "hvc1", "-x265-params", "log-level=error"),
)
HLG = "setparams=range=tv:color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"
BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
P3_PRIMARIES = {
    b"rXYZ": (0.515, 0.241, -0.001),
    b"gXYZ": (0.292, 0.692, 0.042),
    b"bXYZ": (0.157, 0.067, 0.784),
}
PHOTOS = 4
MEGAPIXELS_12 = (4000, 3000)


@dataclass(frozen=True, slots=True)
class Shot:
    """A hand-held camera over a still: size, length, Mbit/s and what else ffmpeg is told."""

    width: int
    height: int
    seconds: float
    mbps: float
    still: Path = STILL
    coding: tuple[str, ...] = ()
    sound: bool = True
    tags: str = BT709


SHOTS: Mapping[str, Shot] = {
    "wide.mp4": Shot(1920, 1080, 4, 15),
    "short.mp4": Shot(1920, 1080, 1.5, 15),
    "wide-4k.mp4": Shot(3840, 2160, 1, 45),
    "fitting.mp4": Shot(1080, 1920, 4, 4, PORTRAIT, ("-bf", "0", "-movflags", "+faststart"), sound=False),
    "wide-4k-hdr.mp4": Shot(3840, 2160, 1, 45, coding=HDR_OF_PHONES, tags=HLG),
}
HARD = {"hard-full.mp4": (1080, 1920), "hard-wide.mp4": (1920, 1080)}
HARD_STILLS = (SAMPLES / "03-rotated-dahlias.jpg", PORTRAIT, STILL)
HARD_SCENE_FRAMES = 45
"""So that six scenes last nine seconds."""


def make_footage(folder: Path, *, quick: bool) -> None:
    """All clips and photos that the contenders read."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, shot in SHOTS.items():
        film(folder / name, shot, min(shot.seconds, 2) if quick else shot.seconds)
    for name, size in HARD.items():
        _film_what_is_hard(folder / name, size, HARD_SCENE_FRAMES // (3 if quick else 1))
    for number in range(PHOTOS):
        photograph(folder / f"photo{number}.jpg", number)


def make_clips(folder: Path, names: Iterable[str]) -> list[Path]:
    """Only some of the shots."""
    for name in names:
        film(folder / name, SHOTS[name], SHOTS[name].seconds)
    return [folder / name for name in names]


def film(path: Path, shot: Shot, seconds: float) -> None:
    """Frames are cut out of a large still along a shaky path, with grain, and piped to the encoder."""
    width, height = shot.width, shot.height
    with Image.open(shot.still) as still:
        scale = 1.25 * max(width / still.width, height / still.height)
        ground = still.resize((round(still.width * scale), round(still.height * scale)))
    pixels = np.asarray(ground.convert("RGB"))
    tone = f"sine=frequency=330:sample_rate=48000:duration={seconds}" if shot.sound else None
    rate = ("-b:v", f"{shot.mbps}M", "-maxrate", f"{shot.mbps}M", "-bufsize", f"{shot.mbps}M")
    places = _path_of(pixels.shape[1] - width, pixels.shape[0] - height, round(seconds * FPS))
    frames = (pixels[y : y + height, x : x + width].tobytes() for x, y in places)
    look = f"noise=alls=6:allf=t,scale=out_color_matrix=bt709:out_range=tv,{shot.tags}"
    _encode(path, Raw(width, height, look, tone), frames, (*LIKE_A_PHONE, *rate, *shot.coding))


def _film_what_is_hard(path: Path, size: tuple[int, int], each: int) -> None:
    """Nearly without loss, as it's the source that results are compared with."""
    tone = f"sine=frequency=330:sample_rate=48000:duration={6 * each / FPS}"
    frames = (frame.tobytes() for frame in hard_frames(HARD_STILLS, size, (each, FPS)))
    look = f"scale=out_color_matrix=bt709:out_range=tv,{BT709}"
    _encode(path, Raw(*size, look, tone), frames, (*LIKE_A_PHONE, "-crf", "10"))


@dataclass(frozen=True, slots=True)
class Raw:
    """Frames as bytes, how they are filtered, and the tone that goes with them."""

    width: int
    height: int
    look: str
    tone: str | None


def _encode(path: Path, raw: Raw, frames: Iterable[bytes], coding: Sequence[str]) -> None:
    given = f"-f rawvideo -pix_fmt rgb24 -s {raw.width}x{raw.height} -r {FPS} -i -".split()
    tone = ("-f", "lavfi", "-i", raw.tone) if raw.tone else ()
    command = [find_ffmpeg(), "-v", "error", "-y", *given, *tone, "-vf", raw.look, *coding, str(path)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    with encoder:
        assert encoder.stdin is not None
        for frame in frames:
            encoder.stdin.write(frame)
    assert encoder.returncode == 0


def _path_of(room_x: int, room_y: int, frames: int) -> list[tuple[int, int]]:
    """A slow pan with the trembling of a hand."""
    share, tremble = np.linspace(0, 1, frames), np.random.default_rng(1).normal(0, 1.2, (2, frames))
    shake = np.cumsum(tremble, axis=1) - np.linspace(0, 1, frames) * tremble.sum(axis=1, keepdims=True)
    x = np.clip(room_x * (0.15 + 0.7 * share) + shake[0], 0, room_x).astype(int)
    y = np.clip(room_y * (0.5 + 0.3 * np.sin(share * 5)) + shake[1], 0, room_y).astype(int)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def photograph(path: Path, number: int) -> None:
    """12 megapixels with grain and Display P3 embedded, like a phone's."""
    with Image.open(STILL) as still:
        large = np.asarray(still.convert("RGB").resize(MEGAPIXELS_12), dtype=np.int16)
    grain = np.random.default_rng(number).normal(0, 4, (MEGAPIXELS_12[1], MEGAPIXELS_12[0], 1))
    picture = Image.fromarray(np.clip(large + grain.astype(np.int16), 0, 255).astype(np.uint8))
    picture.save(path, quality=92, icc_profile=display_p3())


def display_p3() -> bytes:
    """sRGB's profile with other primaries: that is what Display P3 is (values adapted to D50)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12):
        primary = P3_PRIMARIES.get(bytes(profile[at : at + 4]))
        if primary:
            start = int.from_bytes(profile[at + 4 : at + 8], "big") + 8
            numbers = b"".join(round(part * 65536).to_bytes(4, "big", signed=True) for part in primary)
            profile[start : start + 12] = numbers
    return bytes(profile)


def ready_frames(source: Path, graph: str, target: Path) -> None:
    """The frames that a filter graph makes, uncompressed: all that is left is to encode them."""
    ffmpeg("-noautorotate", "-i", source, "-filter_complex", graph, "-map", "[v]", "-f", "rawvideo", target)


def tagged(source: Path, target: Path) -> None:
    """The same clip with a title: all that is wrong is its wrapping."""
    ffmpeg("-i", source, "-c", "copy", "-movflags", "+faststart", "-metadata", "title=Ours", target)
