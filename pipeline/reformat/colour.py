"""Pixels of every kind that Pillow opens, made sRGB."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import cast

from PIL import Image, ImageCms

DIRECT_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "LAB"})
DEEP_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
PREMULTIPLIED = {"La": "LA", "RGBa": "RGBA"}
SPACE_OF_MODE = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}
SIXTEEN_TO_EIGHT_BIT = 257
EIGHT_BIT_MOST = 255
SIXTEEN_BIT_MOST = 65535


def scalable(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled and colour-managed without losing anything.

    Palettes and colour keys become RGBA, or the hidden colour would show; deep greys are divided, as
    Pillow's own conversion clips them to white.
    """
    if picture.mode in DEEP_MODES:
        return _eight_bit(picture)
    if picture.mode in PREMULTIPLIED:
        return picture.convert(PREMULTIPLIED[picture.mode])
    if picture.has_transparency_data and picture.mode not in {"LA", "RGBA"}:
        return picture.convert("RGBA")
    if picture.mode in DIRECT_MODES:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def srgb(picture: Image.Image, profile: bytes | None, matte: str) -> Image.Image:
    """A `scalable` picture as plain RGB: `profile` applied, transparent parts over `matte`."""
    if picture.mode not in {"LA", "RGBA"}:
        return _through_profile(picture, profile)
    alpha = picture.getchannel("A")
    colours = _through_profile(picture.convert(picture.mode[:-1]), profile)
    under = Image.new("RGB", picture.size, matte)
    under.paste(colours, (0, 0), alpha)
    return under


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Deep greys to 8 bits. "I;16" says how deep it is; "I" and "F" only show it by their brightest pixel."""
    deep = picture.convert("F")
    scale = 1 / SIXTEEN_TO_EIGHT_BIT if picture.mode.startswith("I;16") else _guessed_scale(deep)
    return deep.point(lambda level: level * scale + 0.5).convert("L")


def _guessed_scale(deep: Image.Image) -> float:
    brightest = float(max(cast("tuple[float, float]", deep.getextrema())))
    if brightest <= 1:
        return EIGHT_BIT_MOST
    return 1 if brightest <= EIGHT_BIT_MOST else EIGHT_BIT_MOST / max(brightest, SIXTEEN_BIT_MOST)


def _through_profile(picture: Image.Image, profile: bytes | None) -> Image.Image:
    transform = _transform(profile, picture.mode) if profile else None
    if transform is None:
        return picture.convert("RGB")
    return transform.apply(picture)


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """To sRGB; None when the profile is damaged or made for another kind of pixels, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != SPACE_OF_MODE.get(mode):
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
