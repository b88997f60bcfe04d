from __future__ import annotations

import pytest
from PIL import Image, ImageCms

from pipeline.reformat.colour import scalable, srgb


def grey(mode: str, level: float, brightest: float) -> Image.Image:
    """One pixel of `level` beside one that is as bright as it gets."""
    pair = Image.new(mode, (2, 1), level)
    pair.putpixel((1, 0), brightest)
    return pair


@pytest.mark.parametrize(
    ("deep", "shown"),
    [
        (grey("I;16", 128 * 257, 65535), (128, 255)),
        (grey("I;16", 10 * 257, 20 * 257), (10, 20)),
        (grey("I", 128 * 257, 65535), (128, 255)),
        (grey("I", 128, 255), (128, 255)),
        (grey("F", 0.5, 1.0), (128, 255)),
        (grey("F", 128.0, 255.0), (128, 255)),
    ],
)
def test_deep_greys_are_divided_not_clipped(deep: Image.Image, shown: tuple[int, int]) -> None:
    flat = scalable(deep)

    assert flat.mode == "L"
    assert (flat.getpixel((0, 0)), flat.getpixel((1, 0))) == shown


def test_what_a_palette_hides_stays_hidden() -> None:
    palette = Image.new("P", (1, 1), 0)
    palette.putpalette([255, 0, 255])
    palette.info["transparency"] = 0

    assert srgb(scalable(palette), None, "#336699").getpixel((0, 0)) == (0x33, 0x66, 0x99)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_half_transparent_pixels_mix_with_the_matte(mode: str) -> None:
    half = Image.new(mode, (1, 1), (255, 128) if mode == "LA" else (255, 255, 255, 128))

    assert srgb(scalable(half), None, "#000000").getpixel((0, 0)) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBX", "RGBa", "La", "YCbCr", "CMYK", "HSV", "PA"])
def test_every_kind_of_pixels_becomes_rgb(mode: str) -> None:
    start = Image.new("RGBA", (4, 4), (200, 100, 50, 255))
    if mode == "PA":
        picture = Image.new("P", (4, 4)).convert("PA")
    else:
        picture = start.convert(
            {"RGBa": "RGBA", "La": "LA"}.get(mode, mode) if mode in {"RGBa", "La"} else "RGB"
        )
        picture = picture.convert(mode)

    assert srgb(scalable(picture), None, "#ffffff").mode == "RGB"


def test_a_profile_for_other_pixels_or_a_damaged_one_is_passed_over() -> None:
    picture = Image.new("L", (1, 1), 100)
    rgb_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert srgb(picture, rgb_profile, "#ffffff").getpixel((0, 0)) == (100, 100, 100)
    assert srgb(picture, b"no profile", "#ffffff").getpixel((0, 0)) == (100, 100, 100)


def test_lab_is_read_by_its_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    green = Image.new("LAB", (1, 1), (180, 60, 190))

    red, lightest, blue = srgb(scalable(green), profile, "#000000").tobytes()

    assert lightest > 150
    assert red < lightest - 50 > blue
