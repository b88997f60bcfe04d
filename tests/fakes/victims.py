"""A small whole file of every kind that phones and people make, to be damaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fakes.media import Clip, exif, picture, save_animation, save_clip, save_photo
from PIL import Image, ImageCms

CANVAS = (90, 160)
DELAYS_MS = (100, 70, 130)
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8")
MPEG4 = ("-c:v", "mpeg4")
BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
FRAGMENTED = ("-movflags", "+frag_keyframe+empty_moov")

Make = Callable[[Path], Path]


def _photo(mode: str = "RGB", size: tuple[int, int] = (64, 48), **options: Any) -> Make:
    return lambda path: save_photo(path, _busy(size).convert(mode), **options)


def _busy(size: tuple[int, int]) -> Image.Image:
    """Something to compress: a plain picture leaves hardly any payload to be damaged."""
    return Image.blend(picture(size), Image.effect_noise(size, 60).convert("RGB"), 0.3)


def _clip(*coding: str, **changes: Any) -> Make:
    usual: dict[str, Any] = {"size": (96, 64), "seconds": 0.5}
    clip = Clip(coding=coding, **(usual | changes))
    return lambda path: save_clip(path, clip)


def _moving(path: Path) -> Path:
    return save_animation(path, DELAYS_MS)


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


PHOTOS: Mapping[str, Make] = {
    "plain.jpg": _photo(),
    "tagged.jpg": _photo(exif=exif(6, make="Ours"), icc_profile=_srgb()),
    "progressive.jpg": _photo(progressive=True, quality=90),
    "fitting.jpg": _photo(size=CANVAS),
    "fitting-tagged.jpg": _photo(size=CANVAS, exif=exif(1, make="Ours")),
    "cmyk.jpg": _photo("CMYK"),
    "plain.png": _photo(),
    "palette.png": _photo("P", transparency=3),
    "deep.png": _photo("I;16"),
    "lossy.webp": _photo(exif=exif(3)),
    "lossless.webp": _photo("RGBA", lossless=True),
    "plain.heic": _photo(),
    "plain.avif": _photo(),
    "plain.tiff": _photo(),
    "packed.tiff": _photo(compression="tiff_lzw"),
    "plain.bmp": _photo(),
    "still.gif": _photo("P"),
}
ANIMATIONS: Mapping[str, Make] = {
    "moving.gif": _moving,
    "moving.apng": _moving,
    "moving.webp": _moving,
    "moving.avif": _moving,
}
CLIPS: Mapping[str, Make] = {
    "h264.mp4": _clip(*X264),
    "fitting.mp4": _clip(
        *(*X264, "-profile:v", "high", "-bf", "0"),
        size=CANVAS,
        filters=BT709,
        sound=False,
        muxing=("-movflags", "+faststart"),
    ),
    "fragmented.mp4": _clip(*X264, muxing=FRAGMENTED),
    "phone.mov": _clip(*X264, muxing=("-metadata", "title=ours")),
    "hevc.mp4": _clip(*X265),
    "mpeg4.mp4": _clip(*MPEG4),
    "vp9.webm": _clip(*VP9, muxing=("-c:a", "libopus")),
    "h264.mkv": _clip(*X264),
    "h264.ts": _clip(*X264),
    "mpeg4.avi": _clip(*MPEG4, muxing=("-c:a", "libmp3lame")),
    "h263.3gp": _clip("-c:v", "h263", size=(128, 96), sound=False),
}
EVERYTHING: Mapping[str, Make] = {**PHOTOS, **ANIMATIONS, **CLIPS}
